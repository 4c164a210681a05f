"""What every source of lessons promises, whatever protocol it speaks: shared.timetable_source.TimetableSource."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.domain.people import Person, Role
from shared.domain.timetable import Change, ElementKind, Kind, Lesson, Reading, Ref, Span, Status, Week
from shared.domain.week_changes import week_of, with_changes
from shared.simulators.school_weeks import crowd, practice_timetable
from shared.simulators.untis_timetable import Period
from tests.contracts.timetable_sources import FACTORIES, ZONE, Source

MONDAY = date(2022, 11, 7)  # 2022-W45
WEEK = "2022-W45"
SOMEBODY = Person("9001", Role.STUDENT, "067", "Benjamin", "Bauer", "BauerBen")
KEYLESS = Person("9002", Role.STUDENT, "", "Yusuf", "Yılmaz", "YilmaYus")
NAMESAKE = Person("9001", Role.TEACHER, "067", "Ingrid", "de Vries", "VRI")
PEOPLE = (*crowd(200), SOMEBODY, KEYLESS, NAMESAKE)


class Clock:
    """Seconds go by only when a test says so."""

    now = datetime(2022, 11, 7, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=FACTORIES)
def school(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Source]:
    with FACTORIES[request.param](PEOPLE, practice_timetable(PEOPLE, now=clock), clock) as source:
        yield source


def span(first: date, days: int = 7) -> Span:
    midnights = (datetime.combine(day, time(), ZoneInfo(ZONE)) for day in (first, first + timedelta(days=days)))
    return Span(*midnights)


def week(source: Source) -> Week:
    return week_of(WEEK, source.source.whole(span(MONDAY)))


def periods(school: Source, first: date = MONDAY, days: int = 7) -> list[Period]:
    begin = datetime.combine(first, time())
    return school.timetable.between(begin, begin + timedelta(days=days, seconds=-1))


def one(school: Source, when: Callable[[Period], bool] = lambda _: True) -> Period:
    """A regular lesson of that week."""
    return next(p for p in periods(school) if p.lesson and p.status == "REGULAR" and p.type[:6] == "NORMAL" and when(p))


def told(reading: Reading | Week, period: Period) -> Lesson:
    return next(lesson for lesson in reading.lessons if lesson.id == str(period.id))


# ---------------------------------------------------------------- the whole school


def test_a_whole_week_is_every_period_once_at_the_schools_time(school: Source) -> None:
    reading = school.source.whole(span(MONDAY))
    there = periods(school)
    assert len(there) > 150
    assert sorted(each.id for each in reading.lessons) == sorted(str(each.id) for each in there)
    for period in there:
        lesson = told(reading, period)
        assert lesson.start.replace(tzinfo=None) == period.start
        assert lesson.end.replace(tzinfo=None) == period.end
        assert lesson.start.utcoffset() == timedelta(hours=1)
    assert reading.unreadable == ()


def test_everything_a_lesson_is_made_of_has_its_name(school: Source) -> None:
    reading = school.source.whole(span(MONDAY))
    names = {(each.kind, each.id): each.name for each in reading.elements}
    for lesson in reading.lessons:
        for kind in ElementKind:
            assert all(names[kind, ref.id] for ref in lesson.refs(kind))
    assert {each.name for each in reading.elements if each.kind is ElementKind.SUBJECT} >= {"wi", "ne"}


def test_the_hours_of_the_day_are_told(school: Source) -> None:
    grid = school.source.whole(span(MONDAY)).grid
    monday = [(slot.start, slot.end, slot.name) for slot in grid if slot.day == 1]
    assert monday[:2] == [(510, 560, "1"), (560, 610, "2")]
    assert {slot.day for slot in grid} == {1, 2, 3, 4, 5}


def test_lessons_without_subject_group_teacher_or_room_are_there(school: Source) -> None:
    lessons = school.source.whole(span(MONDAY)).lessons
    for kind in ElementKind:
        assert any(not lesson.refs(kind) for lesson in lessons)


def test_periods_of_one_lesson_share_its_id_and_other_lessons_do_not(school: Source) -> None:
    reading = school.source.whole(span(MONDAY))
    shared = {(period.lesson, told(reading, period).lesson) for period in periods(school) if period.lesson}
    assert len({lesson for lesson, _ in shared}) == len({told for _, told in shared}) == len(shared)


def test_students_are_known_by_their_id_nummers_where_they_are_told(school: Source) -> None:
    keys = {int(each.id): each.key for each in PEOPLE if each.role is Role.STUDENT}
    reading = school.source.whole(span(MONDAY))
    for period in periods(school):
        lesson = told(reading, period)
        if not school.tells_students:
            assert lesson.students is None
        elif period.students:
            assert lesson.students == tuple(sorted(key for id in period.students if (key := keys[id])))
            assert lesson.unkeyed == sum(not keys[id] for id in period.students)
        else:
            assert lesson.students is None


# ---------------------------------------------------------------- changes


def test_a_cancelled_lesson_is_cancelled_and_still_there(school: Source) -> None:
    period = one(school)
    school.timetable.cancel(period.id)
    assert told(week(school), period).status is Status.CANCELLED


def test_a_substitute_stands_beside_the_teacher_who_was_replaced(school: Source) -> None:
    period = one(school)
    school.timetable.substitute(period.id, 9001)
    teachers = told(week(school), period).teachers
    assert set(teachers) == {Ref(str(period.teachers[0].id), Change.REMOVED), Ref("9001", Change.ADDED)}


def test_another_room_stands_beside_the_one_that_was_planned(school: Source) -> None:
    period = one(school)
    room = next(id for id in school.timetable.master.rooms if id != period.rooms[0].id)
    school.timetable.change_room(period.id, room)
    rooms = told(week(school), period).rooms
    assert set(rooms) == {Ref(str(period.rooms[0].id), Change.REMOVED), Ref(str(room), Change.ADDED)}


def test_a_moved_lesson_is_cancelled_here_and_takes_place_there(school: Source) -> None:
    period = one(school)
    new = school.timetable.move(period.id, period.start + timedelta(hours=9))
    here, there = told(week(school), period), told(week(school), school.timetable.get(new))
    assert here.status is Status.CANCELLED
    assert there.status is not Status.CANCELLED
    assert there.start - here.start == timedelta(hours=9)
    # Not every protocol says where to; whoever does says it right, on both sides.
    assert (here.moved_to, there.moved_from) in ((there.id, here.id), ("", ""))


def test_a_test_is_a_test(school: Source) -> None:
    period = one(school)
    school.timetable.set_exam(period.id, "Hoofdstuk 3")
    assert told(week(school), period).kind is Kind.EXAM


def test_what_changed_later_comes_as_changes_and_makes_the_same_week_as_reading_it_again(
    school: Source, clock: Clock
) -> None:
    if not school.tells_deletions:
        assert school.source.changes(span(MONDAY), clock.now) is None
        return
    before = week(school)
    clock.forward(hours=1)
    touched = [p for p in periods(school) if p.lesson and p.status == "REGULAR"][:5]
    school.timetable.cancel(touched[0].id)
    new = school.timetable.move(touched[1].id, touched[1].start + timedelta(hours=9))
    school.timetable.delete(touched[2].id)
    school.timetable.set_students(touched[3].id, [9001, 9002])
    clock.forward(minutes=1)
    changes = school.source.changes(span(MONDAY), before.read)
    assert changes is not None
    assert {str(touched[0].id), str(touched[1].id), str(new)} <= {each.id for each in changes.lessons}
    assert len(changes.lessons) < 15
    assert changes.deleted == {str(touched[2].id)}
    assert told(changes, touched[3]).students == ("067",)
    assert told(changes, touched[3]).unkeyed == 1
    after, again = with_changes(before, changes), week(school)
    assert [_unseen(each) for each in after.lessons] == [_unseen(each) for each in again.lessons]


def _unseen(lesson: Lesson) -> Lesson:
    return replace(lesson, seen=datetime(2000, 1, 1, tzinfo=UTC))


def test_changes_reach_back_a_little_before_the_moment_they_are_asked_from(school: Source, clock: Clock) -> None:
    if not school.tells_deletions:
        return
    gone = periods(school)[0]
    school.timetable.cancel(one(school).id)
    school.timetable.delete(gone.id)
    changes = school.source.changes(span(MONDAY), clock.forward(minutes=9))
    assert changes is not None
    assert len(changes.lessons) == 1
    assert changes.deleted == {str(gone.id)}


def test_asked_is_before_the_question_was_sent(school: Source, clock: Clock) -> None:
    assert school.source.whole(span(MONDAY)).asked == clock.now
    assert {each.seen for each in school.source.whole(span(MONDAY)).lessons} == {clock.now}


# ---------------------------------------------------------------- people


def attended(school: Source, *ids: int) -> list[str]:
    return sorted(str(p.id) for p in periods(school) if set(ids) & set(p.students or ()))


def test_the_lessons_of_a_student_are_those_he_is_in(school: Source) -> None:
    reading = school.source.of(Role.STUDENT, ["067"], span(MONDAY))
    assert sorted(each.id for each in reading.lessons) == attended(school, 9001) != []
    assert reading.unknown_keys == ()


def test_a_teacher_with_the_same_id_nummer_is_somebody_else(school: Source) -> None:
    period = one(school)
    school.timetable.substitute(period.id, 9001)
    lessons = school.source.of(Role.TEACHER, ["067"], span(MONDAY)).lessons
    theirs = {str(p.id) for p in periods(school) if 9001 in {part.id for part in p.teachers}}
    assert {each.id for each in lessons} == theirs
    assert str(period.id) in theirs


def test_several_people_together_bring_each_lesson_once(school: Source) -> None:
    some = [each for each in PEOPLE if each.role is Role.STUDENT and each.key][: school.source.batch]
    reading = school.source.of(Role.STUDENT, [each.key for each in some], span(MONDAY))
    ids = [each.id for each in reading.lessons]
    assert sorted(ids) == attended(school, *(int(each.id) for each in some))


@pytest.mark.parametrize("unknown", ["99999", "67", "0067", " ", "", "a|b", "x" * 200])
def test_a_key_that_is_nobodys_is_told_and_harms_nobody(school: Source, unknown: str) -> None:
    keys = ["067", unknown][: school.source.batch]
    if school.source.batch > 1:
        reading = school.source.of(Role.STUDENT, keys, span(MONDAY))
        assert sorted(each.id for each in reading.lessons) == attended(school, 9001)
        assert reading.unknown_keys == (unknown,)
    alone = school.source.of(Role.STUDENT, [unknown], span(MONDAY))
    assert (alone.lessons, alone.unknown_keys) == ((), (unknown,))


def test_more_people_than_a_batch_are_refused_before_anything_is_asked(school: Source) -> None:
    with pytest.raises(ValueError):
        school.source.of(Role.STUDENT, [f"{n:03}" for n in range(school.source.batch + 1)], span(MONDAY))


def test_a_sample_is_a_part_of_the_whole(school: Source) -> None:
    sample, whole = (ask(span(MONDAY)) for ask in (school.source.sample, school.source.whole))
    assert {each.id for each in sample.lessons} <= {each.id for each in whole.lessons}
    assert sample.lessons
    assert sample.year == whole.year


# ---------------------------------------------------------------- school years and clocks

SUMMER = date(2023, 7, 24)
LAST_WEEK = date(2023, 7, 10)  # ends on Friday the 14th


@pytest.mark.parametrize("days", [7, 1])
def test_outside_every_school_year_there_is_nothing_and_no_error(school: Source, days: int) -> None:
    for reading in (
        school.source.whole(span(SUMMER, days)),
        school.source.sample(span(SUMMER, days)),
        school.source.of(Role.STUDENT, ["067"], span(SUMMER, days)),
    ):
        assert (reading.lessons, reading.year) == ((), None)


def test_a_span_over_the_end_of_a_year_brings_what_is_in_it(school: Source) -> None:
    reading = school.source.whole(span(LAST_WEEK, 28))
    assert len(reading.lessons) == len(periods(school, LAST_WEEK, 28)) > 0
    assert reading.year is not None
    assert (reading.year.first, reading.year.last) == (date(2022, 8, 22), date(2023, 7, 14))


def test_a_span_over_two_school_years_brings_both(school: Source) -> None:
    days = 56  # from the last week of one to the third of the next
    reading = school.source.whole(span(LAST_WEEK, days))
    there = periods(school, LAST_WEEK, days)
    assert sorted(each.id for each in reading.lessons) == sorted(str(each.id) for each in there)
    assert (there[0].start.month, there[-1].start.month) == (7, 9)


def test_no_lesson_shifts_when_the_clocks_change(school: Source) -> None:
    weeks = {date(2022, 10, 17): 2, date(2022, 10, 31): 1, date(2023, 3, 20): 1, date(2023, 3, 27): 2}
    for first, hours in weeks.items():
        reading = school.source.whole(span(first))
        assert len(reading.lessons) > 150
        for period in periods(school, first):
            assert told(reading, period).start.replace(tzinfo=None) == period.start
            assert told(reading, period).start.utcoffset() == timedelta(hours=hours)
