"""Subjects of Profijt: which abbreviations are equal (T24), what is wrong with a list, and text that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school_week import lesson, week, weeks

from shared.domain.causes import CAUSES
from shared.domain.planner.contrast import BLACK, WHITE, contrast, text_on
from shared.domain.planner.subjects import GREY, Subject, Unmapped, faults, folded, palette, unmapped
from shared.domain.timetable import Element, ElementKind, Week

DUTCH = Subject("1", "Nederlands", "#E53935", ("ne", "netl"))
MATHS = Subject("2", "Wiskunde", "#1E88E5", ("wi", "FöMat"))
COLOURS = st.builds("#{:06X}".format, st.integers(0, 0xFFFFFF))


@pytest.mark.parametrize("spelling", ["FöMat", "Fo\u0308Mat", "FÖMAT", "fömat", "  FöMat "])
def test_capitals_blanks_and_how_an_accent_is_written_make_no_difference(spelling: str) -> None:
    assert palette([DUTCH, MATHS])[folded(spelling)] == MATHS


@pytest.mark.parametrize("other", ["FéMat", "FoMat", "Fö Mat", "FöMat2", ""])
def test_everything_else_does(other: str) -> None:
    assert folded(other) not in palette([DUTCH, MATHS])


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_several_abbreviations_belong_to_one_subject() -> None:
    colours = palette([DUTCH, MATHS])
    assert colours["ne"] == colours["netl"] == DUTCH


def test_an_abbreviation_in_two_subjects_is_a_fault_where_it_stands_the_second_time() -> None:
    found = faults([DUTCH, Subject("3", "NT2", "#FFFFFF", ("nt2", "NETL "))])
    assert [(each.pointer, each.code, each.facts) for each in found] == [
        ("/1/abbreviations/1", "subject.twice", (("subject", "1"),))
    ]


def test_two_new_subjects_without_an_id_cannot_share_an_abbreviation_either() -> None:
    assert [each.pointer for each in faults([Subject("", "A", GREY, ("a",)), Subject("", "B", GREY, ("A",))])] == [
        "/1/abbreviations/0"
    ]


def test_an_abbreviation_twice_in_one_subject_harms_nobody() -> None:
    assert faults([Subject("1", "Nederlands", GREY, ("ne", "NE"))]) == ()


@pytest.mark.parametrize("colour", ["red", "#FFF", "1E88E5", "#1E88E5FF", "#GGGGGG", "", "#1E88E5\n"])
def test_a_colour_that_is_none_is_a_fault(colour: str) -> None:
    assert [(each.pointer, each.code) for each in faults([Subject("1", "A", colour)])] == [
        ("/0/colour", "subject.colour")
    ]


def test_every_fault_is_told_at_once_and_has_a_sentence() -> None:
    found = faults([Subject("1", "A", "red", (" ", "ne")), Subject("2", "B", GREY, ("NE",))])
    assert [each.code for each in found] == ["subject.colour", "subject.empty", "subject.twice"]
    for each in found:
        assert "?" not in CAUSES[each.code].sentence("nl", dict(each.facts))


def test_unmapped_abbreviations_come_with_their_lessons_the_most_frequent_first() -> None:
    whole = week(lesson("1", va="His"), lesson("2", va="His TEC"), lesson("3"), lesson("4", va="FöMat"))
    assert unmapped([whole, whole], palette([MATHS])) == (Unmapped("His", 4), Unmapped("TEC", 2))


def test_two_spellings_of_one_abbreviation_are_one_line() -> None:
    two = tuple(Element(ElementKind.SUBJECT, each, each) for each in ("NE", "ne"))
    whole = week(lesson("1", va="NE"), lesson("2", va="ne"), lesson("3", va="NE ne"), elements=two)
    assert unmapped([whole], {}) == (Unmapped("NE", 3),)


@given(weeks())
def test_once_every_abbreviation_has_a_subject_none_is_left(whole: Week) -> None:
    subjects = [Subject(each.abbreviation, "", GREY, (each.abbreviation,)) for each in unmapped([whole], {})]
    assert unmapped([whole], palette(subjects)) == ()


@pytest.mark.parametrize(
    ("colour", "text"), [("#FFFFFF", BLACK), ("#000000", WHITE), ("#FFEB3B", BLACK), ("#0D47A1", WHITE), (GREY, BLACK)]
)
def test_text_is_black_on_light_and_white_on_dark(colour: str, text: str) -> None:
    assert text_on(colour) == text


@given(COLOURS)
def test_text_can_be_read_on_every_colour(colour: str) -> None:
    other = {BLACK: WHITE, WHITE: BLACK}[text_on(colour)]
    assert contrast(text_on(colour), colour) >= max(4.5, contrast(other, colour))


def test_the_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # and the one that just passes
