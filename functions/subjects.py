"""Profijt's subjects: their colours, and the WebUntis abbreviations that are them. Changes show at once."""

from dataclasses import replace
from typing import Annotated

import msgspec

from functions import etag
from functions.route import Answer, Asked, Route
from functions.week_asked import PROBLEMS, WeekQuery, refuse_partial, weeks_asked
from shared.domain.planner.contrast import text_on
from shared.domain.planner.subjects import Subject, faults, palette, unmapped
from shared.errors import Invalid
from shared.flows.keep_subjects import Subjects, keep_subjects, read_subjects
from shared.flows.timetable_for import seen_weeks, sight
from shared.ports import ABSENT, App

MOST = 500


class SubjectIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`colour` is #RRGGBB. Abbreviations are compared without regard to capitals or how accents are written."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    colour: Annotated[str, msgspec.Meta(pattern="^#[0-9A-Fa-f]{6}$", examples=["#1E88E5"])]
    abbreviations: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=100)]], msgspec.Meta(max_length=100)
    ] = []


class SubjectsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All subjects of the school: what is not in it any more is gone."""

    subjects: Annotated[list[SubjectIn], msgspec.Meta(max_length=MOST)]


class SubjectOut(msgspec.Struct, frozen=True, rename="camel"):
    """A subject; `textColour` is black or white, whichever reads best on its colour."""

    id: str
    name: str
    colour: str
    text_colour: str
    abbreviations: list[str]


class SubjectsOut(msgspec.Struct, frozen=True):
    """All subjects, in the order they were given."""

    subjects: list[SubjectOut]


class UnmappedOut(msgspec.Struct, frozen=True):
    """An abbreviation that no subject has, and how many lessons show grey because of it."""

    abbreviation: str
    lessons: int


class UnmappedListOut(msgspec.Struct, frozen=True):
    """The most frequent first."""

    items: list[UnmappedOut]


def get_subjects(app: App, asked: Asked) -> Answer:
    return _answer(read_subjects(app, asked.school))


def put_subjects(app: App, asked: Asked) -> Answer:
    """Put these in the place of all there were."""
    given: SubjectsIn = asked.body
    before = read_subjects(app, asked.school)
    etag.require_match(asked, _tag(before))
    subjects = [Subject(each.id, each.name, each.colour.upper(), tuple(each.abbreviations)) for each in given.subjects]
    if wrong := faults(subjects):
        raise Invalid("subject.invalid", tuple(replace(each, pointer=f"/subjects{each.pointer}") for each in wrong))
    return _answer(keep_subjects(app, asked.school, subjects, seen=before.version, by=asked.caller.user))


def get_unmapped(app: App, asked: Asked) -> Answer:
    """Over the weeks asked for, all of them: that none is left over is said of what was read."""
    weeks = weeks_asked(app, asked)
    seen = sight(app, asked.school, asked.caller.user, weeks, "school")
    found = seen_weeks(app, seen)
    refuse_partial(seen, found, weeks)
    left = unmapped(found.shown, palette(seen.subjects.items))
    return Answer(UnmappedListOut([UnmappedOut(each.abbreviation, each.lessons) for each in left]))


def _tag(subjects: Subjects) -> str:
    """Also where there are none yet, so that what GET told may be sent back with the first list."""
    return "none" if subjects.version == ABSENT else subjects.version


def _answer(subjects: Subjects) -> Answer:
    told = [
        SubjectOut(each.id, each.name, each.colour, text_on(each.colour), list(each.abbreviations))
        for each in subjects.items
    ]
    return Answer(SubjectsOut(told), etag=_tag(subjects))


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/subjects",
        get_subjects,
        roles=frozenset({"admin", "teacher"}),
        summary="Vakken met kleuren en afkortingen / subjects with colours and abbreviations",
        answer=SubjectsOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "PUT",
        "/v1/schools/{school}/subjects",
        put_subjects,
        roles=frozenset({"admin"}),
        summary="Alle vakken vervangen / replace all subjects",
        body=SubjectsIn,
        answer=SubjectsOut,
        problems=("404 school.unknown", "412 request.stale", "428 request.match_required", "422 subject.invalid"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/subjects/unmapped",
        get_unmapped,
        roles=frozenset({"admin"}),
        summary="Afkortingen uit WebUntis die nog bij geen vak horen / abbreviations of WebUntis without a subject",
        query=WeekQuery,
        answer=UnmappedListOut,
        problems=(
            *PROBLEMS,
            "409 timetable.coupling_off",
            "409 week.id_number_unknown",  # where one teacher is linked, and the school is read person by person
            "503 timetable.not_there",
        ),
    ),
)
