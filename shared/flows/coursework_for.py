"""A teacher's courses wherever they are: Profijt's own, and Google Classroom's where somebody allowed us to read them.

When Classroom fails, or nobody allowed it, Profijt's courses are listed all the same, with why beside them.
"""

from shared.coursework_port import CLASSROOM, PROFIJT, Coursework
from shared.domain.coursework import Course, Gradings
from shared.errors import NotAllowed, NotFound, RemoteError
from shared.flows.class_links import not_yours
from shared.flows.own_classroom import classroom_of
from shared.flows.profijt_coursework import ProfijtCoursework
from shared.ports import App
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """The courses that could be had, by name, and why Classroom's are not among them."""

    courses: tuple[Course, ...]
    trouble: RemoteError | NotAllowed | None = None


@dataclass(frozen=True, slots=True)
class AllCoursework:
    """Plays Coursework on every source of one teacher: a course's id says which. `classroom` None: nobody lets us in,
    which the teacher could if it is `offered`."""

    school: str
    user: str
    own: Coursework
    classroom: Coursework | None
    offered: bool

    def listed(self) -> Listed:
        """What could be had; NotAllowed "classroom.no_consent" is a trouble, too. Raises what the store raises."""
        try:
            trouble = NotAllowed("classroom.no_consent") if self.offered and self.classroom is None else None
            return Listed(self.courses(), trouble)
        except RemoteError as error:
            return Listed(self.own.courses(), error)

    def courses(self) -> tuple[Course, ...]:
        theirs = self.classroom.courses() if self.classroom else ()
        return tuple(sorted((*self.own.courses(), *theirs), key=lambda one: (one.name.casefold(), one.section, one.id)))

    def gradings(self, course: str) -> Gradings:
        """As in Coursework; NotAllowed "classroom.no_consent" for a course of Classroom while nobody lets us in."""
        source = {PROFIJT: self.own, CLASSROOM: self.classroom}.get(course.partition(":")[0])
        if source is None and course.startswith(f"{CLASSROOM}:"):
            raise NotAllowed("classroom.no_consent")
        if source is None:
            raise not_yours(self.school, self.user, "course.unknown")
        try:
            return source.gradings(course)
        except NotFound as err:
            raise not_yours(self.school, self.user, err.code) from err


def coursework_of(app: App, school: str, user: str) -> AllCoursework:
    """This teacher's courses. Raises NotFound for an unknown school, and what reading the consent raises."""
    own, classroom = ProfijtCoursework(app, school, user), classroom_of(app, school, user)
    return AllCoursework(school, user, own, classroom, offered=app.consent is not None)
