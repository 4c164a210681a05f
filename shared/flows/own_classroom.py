"""A user's own Classroom, read by the right there is; a consent that turns out to have ended is remembered as that."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from shared.coursework_port import Coursework
from shared.domain.coursework import Course, Gradings
from shared.errors import Conflict, NotAuthorized, RemoteError
from shared.flows.google_consent import Trouble, classroom_access, given_by, note_ended, note_works
from shared.ports import App
from shared.values import dataclass

T = TypeVar("T")


def classroom_of(app: App, school: str, user: str) -> Coursework | None:
    """None while nobody lets us in. Raises NotFound for an unknown school."""
    access = classroom_access(app, school, user)
    if access is None:
        return None
    classroom = app.classroom(access)
    if not access.refresh_token:
        return classroom
    ended = given_by(app, school, user).ended is not None
    return ByConsent(app, school, user, access.version, ended, classroom)


@dataclass(frozen=True, slots=True)
class ByConsent:
    """Plays Coursework: tells what `classroom` tells, and notes what that says of the consent of this `version`."""

    app: App
    school: str
    user: str
    version: str
    ended: bool  # as far as we knew
    classroom: Coursework

    def courses(self) -> tuple[Course, ...]:
        return self._noted(self.classroom.courses)

    def gradings(self, course: str) -> Gradings:
        return self._noted(lambda: self.classroom.gradings(course))

    def _noted(self, read: Callable[[], T]) -> T:
        try:
            told = read()
        except NotAuthorized as err:
            if err.code == "classroom.consent_ended":
                with suppress(RemoteError, Conflict):  # what Google said tells more than that it could not be noted
                    why = Trouble(err.code, self.app.now(), err.facts)
                    note_ended(self.app, self.school, self.user, self.version, why=why)
            raise
        if self.ended:
            with suppress(RemoteError, Conflict):
                note_works(self.app, self.school, self.user, self.version)
        return told
