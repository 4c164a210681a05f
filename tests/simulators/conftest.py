"""A WebUntis simulator with two small schools and a clock that tests turn by hand."""

from collections.abc import Iterator

import pytest

from shared.domain.people import Person, Role
from shared.simulators.webuntis import WebUntisSimulator

PEOPLE = (
    Person("501", Role.STUDENT, "067", "Benjamin", "Bauer", "BauerBen"),
    Person("502", Role.STUDENT, "068", "Zoë", "van den Berg", "BergZoe"),
    Person("503", Role.STUDENT, "", "Yusuf", "Yılmaz", "YilmaYus"),
    Person("504", Role.STUDENT, "070", "IJsbrand", "in 't Veld", "VeldIjs"),
    Person("505", Role.STUDENT, "071", "Fatima", "El Idrissi", "IdrisFat"),
    Person("501", Role.TEACHER, "067", "Ingrid", "de Vries", "VRI"),
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def untis(clock: Clock) -> Iterator[WebUntisSimulator]:
    with WebUntisSimulator(clock=clock) as untis:
        untis.add_school(
            tenant_id="6700",
            school_name="tom school+",
            subdomain="tom",
            client_id="profijt",
            password="goed",
            people=PEOPLE,
            display_name="Scholengemeenschap Tom",
        )
        untis.add_school(
            tenant_id="6800", school_name="klein", subdomain="klein", client_id="profijt", password="anders"
        ).add(Person("1", Role.STUDENT, "067", "Sophie", "Smit"))
        yield untis
