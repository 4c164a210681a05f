"""A small school at a SIS on loopback, and our client of it: two classes, two teachers, three students, two periods."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.domain.gradebook import LineItem, Result, ScoreStatus
from shared.gradebook_port import Gradebook, OneRosterVersion, SisConnection
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_school import Quirks

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
ITEM = LineItem(
    id="2f6b7f2e-6c0d-5f5e-9a53-0a8f2b1d4c11",
    class_id="3a-wi",
    title="SO H3 breuken",
    description="Schriftelijke overhoring",
    assigned=datetime(2026, 11, 16, 7, 0, tzinfo=UTC),
    due=DUE,
    category="toets",
    grading_period="p2",
    school="baken",
    minimum=1.0,
    maximum=10.0,
)
RESULT = Result("9c41", ITEM.id, "s1", ScoreStatus.GRADED, 7.5, date(2026, 11, 21))
PACE = Pace(sleep=lambda _: None)


@contextmanager
def sis(quirks: Quirks | None = None, **more: Any) -> Iterator[OneRosterSimulator]:
    with OneRosterSimulator(quirks=quirks, **more) as server:
        school = server.school
        school.add_org("baken", "Het Baken")
        school.add_term("t1", "2026-2027", date(2026, 8, 17), date(2027, 7, 9), periods=("p1", "p2"))
        school.add_class("3a-wi", "Wiskunde 3A", school="baken", terms=("t1",))
        school.add_class("3b/wi é", "Wiskunde 3B", school="baken", terms=("t1",))
        school.add_teacher("d1", "I.deVries@baken.example", "3a-wi", "3b/wi é")
        school.add_teacher("d2", "o'brien@baken.example", "3b/wi é")
        school.add_student("s1", "yusuf@baken.example", "3a-wi")
        school.add_student("s2", "", "3a-wi", name=("Anna", "Bakker"))
        school.add_student("s3", "noor@baken.example", "3b/wi é")
        school.add_category("toets", "Toetsen")
        school.add_category("so", "SO", of_class="3a-wi")
        yield server


def connection(
    server: OneRosterSimulator, version: OneRosterVersion = "1.1", security: str = "oauth2", **other: str
) -> SisConnection:
    given = SisConnection("demo", server.prefix, version, "oauth2", server.auth.key, server.auth.secret, "1")
    return replace(given, security=security, **({"token_url": f"{server.url}/oauth/token"} | other))


def gradebook(
    server: OneRosterSimulator, version: OneRosterVersion = "1.1", security: str = "oauth2", **other: str
) -> Gradebook:
    door = Door(PublicAndLoopback(), limits=Limits(read=5), pace=PACE)
    return oneroster(door, PACE)(connection(server, version, security, **other))
