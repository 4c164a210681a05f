"""The Planner and its analysis as tables for Dutch Excel, the same lessons as on the screen, without students."""

from collections.abc import Iterable, Mapping

from functions.lesson_words import FATE_WORDS, KIND_WORDS, changes, day, present, standing
from functions.sheet import write
from shared.domain.causes import Language
from shared.domain.causes.words import Words, word
from shared.domain.planner.analysis import Analysis, Minutes
from shared.domain.planner.facets import Facet
from shared.domain.planner.fate import Fate
from shared.domain.planner.lesson_view import LessonView

_LESSON_HEADERS: Mapping[Language, tuple[str, ...]] = {
    "nl": ("Datum", "Dag", "Van", "Tot", "Vak", "Klassen", "Groepen", "Docenten", "Lokalen", "Soort", "Status",
           "Wijziging", "Toets"),
    "en": ("Date", "Day", "From", "To", "Subject", "Classes", "Groups", "Teachers", "Rooms", "Kind", "Status",
           "Change", "Exam"),
}  # fmt: skip
_HOUR_HEADERS: Mapping[Language, tuple[str, ...]] = {
    "nl": ("Weken", "Soort", "Naam", "Uren gepland", "Uren gegeven", "Uren vervallen", "Uren gewijzigd",
           "Vervallen (%)", "Minuten per uur"),
    "en": ("Weeks", "Kind", "Name", "Hours planned", "Hours given", "Hours cancelled", "Hours changed",
           "Cancelled (%)", "Minutes per hour"),
}  # fmt: skip
_FACET_WORDS: Words = {
    Facet.SUBJECT: {"nl": "Vak", "en": "Subject"},
    Facet.TEACHER: {"nl": "Docent", "en": "Teacher"},
    Facet.GROUP: {"nl": "Groep", "en": "Group"},
    "all": {"nl": "Totaal", "en": "Total"},
}


def lessons(views: Iterable[LessonView], language: Language) -> bytes:
    """One line for each block, in the order given; dates as 7-11-2022, what was taken out under Wijziging."""
    return write(_LESSON_HEADERS[language], (_lesson(view, language) for view in views))


def hours(analyses: Iterable[Analysis], language: Language) -> bytes:
    """One line for each subject, teacher, group and the total, of each analysis (a week, a period) in turn."""
    return write(
        _HOUR_HEADERS[language],
        (
            _hours(_period(each), kind, name, minutes, unit=each.unit, language=language)
            for each in analyses
            for kind, name, minutes in (
                *((facet, *row) for facet in _FACETS for row in each.by.get(facet, {}).items()),
                ("all", "", each.all),
            )
        ),
    )


_FACETS = (Facet.SUBJECT, Facet.TEACHER, Facet.GROUP)


def _lesson(view: LessonView, language: Language) -> tuple[str, ...]:
    told = () if view.fate is Fate.REGULAR and not view.taken else (standing(view, language),)
    mark = word(FATE_WORDS, view.fate, language)
    return (
        f"{view.start.day}-{view.start.month}-{view.start.year}",
        day(view.start, language),
        f"{view.start:%H:%M}",
        f"{view.end:%H:%M}",
        present(view.subjects),
        present(view.classes),
        present(view.groups),
        present(view.teachers),
        present(view.rooms),
        word(KIND_WORDS, view.kind, language),
        mark,
        "; ".join(each for each in (*told, *changes(view, language)) if each != mark),
        view.exam,
    )


def _hours(period: str, kind: str, name: str, minutes: Minutes, *, unit: int, language: Language) -> tuple[str, ...]:
    counts = (minutes.planned, minutes.given, minutes.cancelled, minutes.changed)
    return (
        period,
        word(_FACET_WORDS, kind, language),
        name,
        *(_number(count / unit) for count in counts),
        _number(100 * minutes.cancelled_share),
        str(unit),
    )


def _number(value: float) -> str:
    """With the comma of a Dutch Excel, whatever the language of the words."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _period(analysis: Analysis) -> str:
    names = analysis.weeks
    return names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}" if names else ""
