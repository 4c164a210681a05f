"""Lessons in words, Dutch or English, for what leaves the Planner: no student and no free text is ever in them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from shared.domain.causes import Language
from shared.domain.causes.words import Words, word
from shared.domain.planner.fate import Fate
from shared.domain.planner.lesson_view import LessonView, Parts, Place
from shared.domain.timetable import Change, Kind

KIND_WORDS: Words = {
    Kind.LESSON: {"nl": "Les", "en": "Lesson"},
    Kind.ADDITIONAL: {"nl": "Extra les", "en": "Additional lesson"},
    Kind.STANDBY: {"nl": "Stand-by", "en": "Standby"},
    Kind.OFFICE_HOUR: {"nl": "Spreekuur", "en": "Office hour"},
    Kind.EXAM: {"nl": "Toets", "en": "Exam"},
    Kind.BREAK_SUPERVISION: {"nl": "Pauzetoezicht", "en": "Break supervision"},
    Kind.EVENT: {"nl": "Activiteit", "en": "Event"},
    Kind.MEETING: {"nl": "Vergadering", "en": "Meeting"},
    Kind.OTHER: {"nl": "Overig", "en": "Other"},
}
FATE_WORDS: Words = {
    Fate.REGULAR: {"nl": "Volgens rooster", "en": "As planned"},
    Fate.CANCELLED: {"nl": "Vervallen", "en": "Cancelled"},
    Fate.CHANGED: {"nl": "Gewijzigd", "en": "Changed"},
    Fate.ADDED: {"nl": "Toegevoegd", "en": "Added"},
    Fate.MOVED: {"nl": "Verplaatst", "en": "Moved"},
    Fate.OTHER: {"nl": "Onbekend", "en": "Unknown"},
}
_DAYS: Mapping[Language, tuple[str, ...]] = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_WORDS: Words = {
    "subjects": {"nl": "Vak", "en": "Subject"},
    "classes": {"nl": "Klas", "en": "Class"},
    "groups": {"nl": "Groep", "en": "Group"},
    "teachers": {"nl": "Docent", "en": "Teacher"},
    "rooms": {"nl": "Lokaal", "en": "Room"},
    "instead": {"nl": "in plaats van", "en": "instead of"},
    "nobody": {"nl": "geen", "en": "none"},
    "taken": {"nl": "Vervallen voor u", "en": "Cancelled for you"},
    "to": {"nl": "Verplaatst naar", "en": "Moved to"},
    "from": {"nl": "Verplaatst van", "en": "Moved from"},
    "online": {"nl": "Online", "en": "Online"},
}


def day(of: datetime, language: Language) -> str:
    """ "ma" or "Mon"."""
    return _DAYS[language][of.weekday()]


def standing(view: LessonView, language: Language) -> str:
    """What became of it, for whoever looks: "Vervallen", "Verplaatst naar do 10-11 10:15, R2"."""
    if view.taken and view.takes_place:
        return word(_WORDS, "taken", language)
    if view.moved:
        return _moved(view.moved, language)
    return word(FATE_WORDS, view.fate, language)


def present(parts: Parts) -> str:
    """The names that belong to it now."""
    return ", ".join(each.name for each in parts if each.stays)


def changes(view: LessonView, language: Language) -> tuple[str, ...]:
    """One line for each kind of part that is not as planned: "Lokaal: R2 (in plaats van R1b)"."""
    return tuple(_line(name, parts, language) for name, parts in _lists(view) if _touched(parts))


def described(view: LessonView, language: Language) -> str:
    """Everything beside subject, group and room, in lines: what became of it, teachers, changes, the test, online."""
    return "\n".join(_lines(view, language))


def _lines(view: LessonView, language: Language) -> Iterator[str]:
    if view.taken or view.fate is not Fate.REGULAR:
        yield standing(view, language)
    if view.teachers and not _touched(view.teachers):
        yield _line("teachers", view.teachers, language)
    yield from changes(view, language)
    if view.exam:
        yield f"{word(KIND_WORDS, Kind.EXAM, language)}: {view.exam}"
    if view.online:
        yield word(_WORDS, "online", language)


def _line(name: str, parts: Parts, language: Language) -> str:
    now = present(parts) or word(_WORDS, "nobody", language)
    was = ", ".join(each.name for each in parts if not each.stays)
    beside = f" ({word(_WORDS, 'instead', language)} {was})" if was else ""
    return f"{word(_WORDS, name, language)}: {now}{beside}"


def _lists(view: LessonView) -> Iterable[tuple[str, Parts]]:
    names = ("subjects", "classes", "groups", "teachers", "rooms")
    return zip(names, (view.subjects, view.classes, view.groups, view.teachers, view.rooms), strict=True)


def _touched(parts: Parts) -> bool:
    return any(each.change is not Change.REGULAR for each in parts)


def _moved(place: Place, language: Language) -> str:
    start = place.start
    if not start:
        return word(FATE_WORDS, Fate.MOVED, language)
    when = f"{day(start, language)} {start.day}-{start.month} {start:%H:%M}"
    return f"{word(_WORDS, place.direction, language)} {', '.join((when, *place.rooms))}"
