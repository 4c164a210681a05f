"""PUT /schools/{school}: support makes a school and opens its settings."""

from dataclasses import replace
from typing import Annotated
from zoneinfo import available_timezones

import msgspec

from functions.etag import require_match
from functions.meanwhile import Field, require_seen, tag
from functions.route import Answer, Asked, Route
from shared.domain.school import School
from shared.errors import Fault, Invalid, NotFound
from shared.flows.schools import read_school, write_school
from shared.flows.write_links import first_to_write
from shared.ports import ABSENT, App

SUPPORT = frozenset({"support"})


class SchoolIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ontgrendeld`: the school's admins may see and change the WebUntis settings."""

    naam: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    ontgrendeld: bool
    tijdzone: str = "Europe/Amsterdam"


def put_school(app: App, asked: Asked) -> Answer:
    """Make the school, or change it over what the caller has seen."""
    given: SchoolIn = asked.body
    if given.tijdzone not in available_timezones():
        raise Invalid("request.body_invalid", (Fault("/tijdzone", "request.field_choice"),))

    def save() -> None:
        try:
            before, version = read_school(app, asked.school)
        except NotFound:
            require_match(asked, "")
            school, version = School(asked.school, given.naam, given.tijdzone, given.ontgrendeld), ABSENT
        else:
            require_seen(app, asked, _fields(_told(before), given))
            school = replace(before, name=given.naam, zone=given.tijdzone, unlocked=given.ontgrendeld)
        write_school(app, school, version=version)

    first_to_write(save)
    return Answer(given, etag=tag(_fields(given)))


def get_school(app: App, asked: Asked) -> Answer:
    """What support set."""
    school, _ = read_school(app, asked.school)
    return Answer(_told(school), etag=tag(_fields(_told(school))))


def _told(school: School) -> SchoolIn:
    return SchoolIn(school.name, school.unlocked, school.zone)


def _fields(now: SchoolIn, sent: SchoolIn | None = None) -> list[Field]:
    """Of what support sets alone: what the school's admin saves meanwhile is no reason to refuse."""
    return [Field(name, name, name, getattr(now, name), sent and getattr(sent, name)) for name in now.__struct_fields__]


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}",
        get_school,
        roles=SUPPORT,
        summary="Een school / A school",
        answer=SchoolIn,
        problems=("404 school.unknown",),
    ),
    Route(
        "PUT",
        "/v1/schools/{school}",
        put_school,
        roles=SUPPORT,
        summary="Een school aanmaken of wijzigen / Make or change a school",
        body=SchoolIn,
        answer=SchoolIn,
        problems=("request.stale", "request.match_required"),
    ),
)
