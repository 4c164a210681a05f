"""Filters Docenten, Groepen and Vakken, alone and together, and how many lessons each choice would show."""

from hypothesis import given
from hypothesis import strategies as st
from school_week import ids, lesson, week, weeks

from shared.domain.planner.choices import Choice, choices, chosen
from shared.domain.planner.facets import Facet
from shared.domain.timetable import Element, ElementKind, Week

NAMES = {
    Facet.TEACHER: ["VIS", "BAK", "GAS"],
    Facet.GROUP: ["1b", "2a", "2b", "2b.wi1"],
    Facet.SUBJECT: ["His", "TEC", "FöMat"],
}
FILTERS = st.fixed_dictionaries(
    {}, optional={facet: st.sets(st.sampled_from(some)) for facet, some in NAMES.items()}
)  # fmt: skip


@given(weeks(), FILTERS)
def test_each_count_is_the_number_of_lessons_that_this_choice_alone_would_show(
    whole: Week, filters: dict[Facet, set[str]]
) -> None:
    for facet, options in choices(whole, filters).items():
        for each in options:
            assert each.lessons == len(chosen(whole, filters | {facet: {each.name}}).lessons)
            assert each.chosen == (each.name in filters.get(facet, set()))
            assert each.lessons or each.chosen
        assert filters.get(facet, set()) <= {each.name for each in options}


@given(weeks(), FILTERS)
def test_filters_only_take_away_and_none_shows_all(whole: Week, filters: dict[Facet, set[str]]) -> None:
    kept = chosen(whole, filters)
    assert [each for each in whole.lessons if each in kept.lessons] == list(kept.lessons)
    assert chosen(whole, {}) == whole == chosen(whole, dict.fromkeys(Facet, ()))
    assert chosen(kept, filters) == kept


def test_within_a_filter_any_name_counts_and_between_filters_all_do() -> None:
    whole = week(lesson("1", va="His", kl="1b"), lesson("2", va="TEC", kl="1b"), lesson("3", va="TEC", kl="3a"))
    assert ids(chosen(whole, {Facet.SUBJECT: ["His", "TEC"], Facet.GROUP: ["1b"]})) == ["1", "2"]


def test_a_group_is_a_class_or_a_student_group_and_counts_once_when_it_is_both() -> None:
    whole = week(lesson("1", kl="2b", gr="2b.wi1"), lesson("2", gr="2a", kl="2a"))
    assert ids(chosen(whole, {Facet.GROUP: ["2b.wi1"]})) == ["1"]
    assert choices(whole, {})[Facet.GROUP] == (
        Choice("2a", 1, chosen=False),
        Choice("2b", 1, chosen=False),
        Choice("2b.wi1", 1, chosen=False),
    )


def test_a_teacher_who_was_taken_out_still_finds_the_lesson() -> None:
    assert ids(chosen(week(lesson(do="-042 +42")), {Facet.TEACHER: ["VIS"]})) == ["1"]


def test_a_name_is_found_however_its_accent_is_written_but_not_in_other_capitals() -> None:
    whole = week(lesson(va="FöMat"))
    assert ids(chosen(whole, {Facet.SUBJECT: ["Fo\u0308Mat "]})) == ["1"]
    assert ids(chosen(whole, {Facet.SUBJECT: ["fömat"]})) == []


def test_an_element_that_nobody_told_is_a_question_mark_and_one_without_abbreviation_has_its_long_name() -> None:
    long = Element(ElementKind.SUBJECT, "9", " ", long_name="Techniek")
    whole = week(lesson("1", va="77"), lesson("2", va="9"), elements=(long,))
    assert [each.name for each in choices(whole, {})[Facet.SUBJECT]] == ["?", "Techniek"]
