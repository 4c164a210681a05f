"""What support may see of a school, while its admin consents: numbers, codes and settings, never a person or a secret.

Every value here is a count, a code of ours, a time, a yes or no, or a setting of the school itself; nothing is copied
from a place where a name, an ID-nummer or an address could stand.
"""

import sys
from collections import Counter
from datetime import datetime, timedelta

from shared.domain.matching import RULES_VERSION
from shared.domain.run import Run
from shared.domain.school import School
from shared.errors import NotAllowed, NotFound
from shared.flows.api_user import api_refusal
from shared.flows.audit import audited
from shared.flows.directory import read_directories
from shared.flows.linking_state import LinkingState
from shared.flows.read_roster import access, password_name
from shared.flows.read_runs import list_runs, read_last_log, read_state
from shared.flows.refusals import refusals_path, refused_in
from shared.flows.schools import read_school
from shared.ports import ABSENT, App, Write
from shared.values import dataclass

RUNS = 20

LONGEST = 72  # hours that support may be let in for at once


@dataclass(frozen=True, slots=True)
class Bundle:
    """`refused`: WebUntis refused the access in use; `lessons_refused`: the API user that lessons are read as. `links`:
    users by "role.state.cause"; `id_numbers`: WebUntis persons by "role.missing" and "role.double" in the last log;
    `passwords`: versions by state; `checks`: the last runs that changed nothing."""

    made: datetime
    consent_until: datetime | None
    python: str
    rules_version: str
    school: School
    state: LinkingState
    refused: bool
    lessons_refused: bool
    users: dict[str, int]
    links: dict[str, int]
    id_numbers: dict[str, int]
    passwords: dict[str, int]
    runs: tuple[Run, ...]
    checks: tuple[Run, ...]


def consent_path(school: str) -> str:
    return f"schools/{school}/support/consent"


def give_consent(app: App, school: str, *, hours: int, actor: str) -> datetime:
    """Let support read the bundle for this many hours from now, whatever was agreed before; returns until when.

    Raises NotFound for an unknown school, Conflict when somebody else gives or withdraws at the same moment.
    """
    read_school(app, school)
    before = app.store.get(consent_path(school))
    until = app.now() + timedelta(hours=hours)
    # Who gave it stands in the audit, where erasing a person finds it.
    consent = Write(consent_path(school), {"expire_at": until}, expect=before.version if before else ABSENT)
    told = audited(app, school, actor=actor, action="support.allowed", after={"hours": hours, "until": until})
    app.store.commit([consent, told])
    return until


def withdraw_consent(app: App, school: str, *, actor: str) -> None:
    """Support sees nothing from now on. May be repeated. Raises NotFound for an unknown school."""
    read_school(app, school)
    before = app.store.get(consent_path(school))
    if before:
        told = audited(app, school, actor=actor, action="support.withdrawn", after={})
        app.store.commit([Write(before.path, None, expect=before.version), told])


def consent_until(app: App, school: str) -> datetime | None:
    """Until when support may read, or None."""
    found = app.store.get(consent_path(school))
    until: datetime | None = found.data["expire_at"] if found else None
    return until if until and until > app.now() else None


def read_bundle(app: App, school_id: str, *, actor: str, admin: bool) -> Bundle:
    """The bundle, after noting who read it. Raises NotFound for an unknown school, NotAllowed for support without
    consent; an `admin` of the school may see what would be given."""
    school, _ = read_school(app, school_id)
    until = consent_until(app, school_id)
    if until is None and not admin:
        raise NotAllowed("bundle.no_consent")
    app.store.commit([audited(app, school_id, actor=actor, action="bundle.read", after={})])
    listed = list_runs(app, school_id, limit=RUNS, cursor=None)
    directories = read_directories(app, school_id)
    state = read_state(app, school_id)
    refused = refused_in(app.store.get(refusals_path(school_id)))
    decisions = [each for directory in directories.values() for each in directory.decisions]
    return Bundle(
        made=app.now(),
        consent_until=until,
        python=sys.version.partition(" ")[0],
        rules_version=str(RULES_VERSION),
        school=school,
        state=state,
        refused=access(app, school) in refused,
        lessons_refused=api_refusal(school, refused) is not None,
        users={role.value: len(directory.users) for role, directory in directories.items()},
        links=_sorted(Counter(f"{each.role}.{each.state}.{each.cause}" for each in decisions)),
        id_numbers=_id_numbers(app, school_id),
        passwords=_sorted(Counter(app.secrets.versions(password_name(school_id)).values())),
        runs=listed.runs,
        checks=listed.checks[:RUNS],
    )


def _id_numbers(app: App, school: str) -> dict[str, int]:
    try:
        _, log = read_last_log(app, school)
    except NotFound:
        return {}
    return _sorted(Counter(f"{each.role}.{each.kind}" for each in log.oddities))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
