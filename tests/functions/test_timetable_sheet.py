"""Exports for Dutch Excel: what the screen shows, in words, with no cell that starts a formula (T50)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from functions.timetable_sheet import hours, lessons
from shared.domain.planner.analysis import Analysis, Minutes, analysis
from shared.domain.planner.double_hours import merged
from shared.domain.planner.facets import Facet
from shared.domain.planner.lesson_view import views
from shared.domain.timetable import Change, Element, ElementKind, Kind, Lesson, Ref, Slot, Status, Week

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READ = datetime(2022, 11, 6, 5, tzinfo=UTC)
NAMES = (
    (ElementKind.CLASS, "1b"), (ElementKind.SUBJECT, "FöMat"), (ElementKind.ROOM, "R1b"), (ElementKind.ROOM, "R2"),
    (ElementKind.TEACHER, "VIS"), (ElementKind.TEACHER, "BAK"), (ElementKind.SUBJECT, '=HYPERLINK("http://x")'),
    (ElementKind.CLASS, "+2\n@3"),
)  # fmt: skip
ELEMENTS = tuple(Element(kind, name, name) for kind, name in NAMES)


def week(*found: Lesson) -> Week:
    return Week("2022-W45", READ, READ, found, ELEMENTS, grid=(Slot(1, 480, 530),))


def lesson(**more: object) -> Lesson:
    start = datetime(2022, 11, 7, 8, tzinfo=AMSTERDAM)
    told: dict[str, object] = {"classes": (Ref("1b"),), "subjects": (Ref("FöMat"),), "teachers": (Ref("VIS"),)}
    return Lesson("1", start, start + timedelta(minutes=50), READ, **(told | more))  # type: ignore[arg-type]


def rows(file: bytes) -> list[dict[str, str]]:
    """As Excel reads them."""
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def row(found: Lesson) -> dict[str, str]:
    whole = week(found)
    (only,) = rows(lessons(views(whole, merged(whole.lessons), {}), "nl"))
    return only


def test_a_lesson_is_a_line_in_the_words_of_the_school() -> None:
    assert row(lesson(rooms=(Ref("R1b"),))) == {
        "Datum": "7-11-2022", "Dag": "ma", "Van": "08:00", "Tot": "08:50", "Vak": "FöMat", "Klassen": "1b",
        "Groepen": "", "Docenten": "VIS", "Lokalen": "R1b", "Soort": "Les", "Status": "Volgens rooster",
        "Wijziging": "", "Toets": "",
    }  # fmt: skip


def test_a_change_stands_beside_what_it_replaced() -> None:
    found = row(
        lesson(
            status=Status.CHANGED,
            rooms=(Ref("R1b", Change.REMOVED), Ref("R2", Change.ADDED)),
            teachers=(Ref("VIS", Change.REMOVED),),
        )
    )
    assert (found["Lokalen"], found["Docenten"], found["Status"]) == ("R2", "", "Gewijzigd")
    assert found["Wijziging"] == "Docent: geen (in plaats van VIS); Lokaal: R2 (in plaats van R1b)"


def test_a_lesson_that_moved_out_of_the_week_says_so_once() -> None:
    found = row(lesson(status=Status.CANCELLED, moved_to="77"))
    assert (found["Status"], found["Wijziging"]) == ("Verplaatst", "")


def test_no_name_starts_a_formula_or_a_line() -> None:
    found = row(lesson(subjects=(Ref('=HYPERLINK("http://x")'),), classes=(Ref("+2\n@3"),), exam="@SUM(1)"))
    assert found["Vak"] == '\'=HYPERLINK("http://x")'
    assert found["Klassen"] == "'+2 @3"
    assert found["Toets"] == "'@SUM(1)"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_and_status_has_a_word(language: str) -> None:
    for kind in Kind:
        for status in Status:
            whole = week(lesson(kind=kind, status=status))
            (found,) = rows(lessons(views(whole, merged(whole.lessons), {}), language))  # type: ignore[arg-type]
            assert not {kind.value, status.value} & set(found.values())


def test_hours_are_those_of_the_school_with_a_dutch_comma() -> None:
    found = Analysis(("2022-W45",), 50, Minutes(150, 75, 50, 25), {Facet.SUBJECT: {"=FöMat": Minutes(150, 75, 50, 25)}})
    subject, total = rows(hours([found], "nl"))
    assert subject == {
        "Weken": "2022-W45", "Soort": "Vak", "Naam": "'=FöMat", "Uren gepland": "3", "Uren gegeven": "1,5",
        "Uren vervallen": "1", "Uren gewijzigd": "0,5", "Vervallen (%)": "33,33", "Minuten per uur": "50",
    }  # fmt: skip
    assert (total["Soort"], total["Naam"], total["Uren gepland"]) == ("Totaal", "", "3")


def test_weeks_and_their_total_stand_under_each_other() -> None:
    weeks = [week(lesson()), week()]
    found = rows(hours([*(analysis([each]) for each in weeks), analysis(weeks)], "en"))
    assert [(each["Weeks"], each["Kind"], each["Hours given"]) for each in found] == [
        ("2022-W45", "Subject", "1"),
        ("2022-W45", "Teacher", "1"),
        ("2022-W45", "Group", "1"),
        ("2022-W45", "Total", "1"),
        ("2022-W45", "Total", "0"),
        ("2022-W45 – 2022-W45", "Subject", "1"),
        ("2022-W45 – 2022-W45", "Teacher", "1"),
        ("2022-W45 – 2022-W45", "Group", "1"),
        ("2022-W45 – 2022-W45", "Total", "1"),
    ]
