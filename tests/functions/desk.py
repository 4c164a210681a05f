"""People of a school with lessons before the API, and what they read in its answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.domain.people import Person, Role
from shared.ports import App
from tests.lessons_at_school import Lessons, lessons_at_school


class Desk:
    """People of one school before the API."""

    def __init__(self, school: Lessons, app: App | None = None) -> None:
        self.school = school
        self.client = Client(web(app or school.app))

    def ask(
        self,
        user: str,
        path: str,
        *,
        role: str = "student",
        method: str = "GET",
        language: str = "nl",
        school: str = "",
        json: object = None,
        **headers: str,
    ) -> TestResponse:
        token = self.school.local.identity.token(sub=user, roles=[role], school=school or self.school.id)
        told = {"Authorization": f"Bearer {token}", "Accept-Language": language, **headers}
        return self.client.open(f"/v1/schools/{self.school.id}{path}", method=method, headers=told, json=json)

    def of(self, person: Person, path: str = "/timetable", **more: str) -> TestResponse:
        """As this person of WebUntis, who is linked."""
        return self.ask(self.school.user(person), path, role=person.role, **more)

    def admin(self, path: str = "/timetable", **more: str) -> TestResponse:
        return self.ask("u-beheerder", path, role="admin", **more)


def lessons(answer: TestResponse) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {lesson["id"] for week in answer.get_json()["weeks"] for lesson in week["lessons"]}


def codes(answer: TestResponse) -> list[str]:
    return [notice["code"] for notice in answer.get_json()["notices"]]


def pupils(school: Lessons) -> list[Person]:
    return [school.person(Role.STUDENT, nth) for nth in range(3)]


@contextmanager
def three_lessons(folder: Path) -> Iterator[Lessons]:
    """Lesson n is of student n alone; the first teacher gives 0 and 1, the second 2."""
    with lessons_at_school(folder) as there:
        teachers = [there.person(Role.TEACHER, nth) for nth in range(2)]
        for nth, start in enumerate(("08:30", "09:20", "10:30")):
            there.give(100 + nth, start, teacher=teachers[nth // 2], students=[there.person(Role.STUDENT, nth)])
        yield there
