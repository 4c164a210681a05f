"""What WebUntis refused, and until when it asked for patience, in a document of its own: noted whoever holds which
lease, and read by whoever is about to ask.

Of one school's API user one login is under way at a time, over all instances: what one of them is refused, the next one
knows before it asks. WebUntis locks an account after 8 wrong passwords.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from shared.errors import Conflict, NotAuthorized, Throttled, Unreachable
from shared.ports import ABSENT, App, Data, Document, Lease, Write

KEPT = 20  # accesses: settings may go to and fro
LOGIN_SECONDS = 60  # longer than the door waits for an answer: whoever is at it longer is dead
PATIENCE, POLL = 10.0, 0.1  # seconds somebody waits for his turn
MOST_PATIENCE = timedelta(hours=1)  # with a server that asks for more, which may be its mistake
TRIES = 8  # at writing down, when others write too


def refusals_path(school: str) -> str:
    return f"schools/{school}/linking/refusals"


def refused_in(document: Document | None) -> tuple[str, ...]:
    """The accesses (`read_roster.access`, `api_user.api_access`) in this document: none is tried again."""
    return tuple(document.data.get("refused", ())) if document else ()


def is_refused(app: App, school: str, access: str) -> bool:
    """Whether WebUntis refused it, to anybody, up to this moment."""
    return access in refused_in(app.store.get(refusals_path(school)))


def note_refusal(app: App, school: str, access: str) -> None:
    """From now on everybody knows. Repeating writes nothing. Raises Conflict when others kept writing, Unreachable."""
    _change(app, school, lambda data: _refusing(data, access))


def note_patience(app: App, school: str, access: str, err: Throttled) -> None:
    """WebUntis answered this access with `err`: nobody asks it anything before that is over, if it said when."""
    with suppress(Conflict, Unreachable):  # then whoever asks next hears it again
        _change(app, school, lambda data: _resting(app, data, access, err))


def refuse_to_ask(app: App, school: str, access: str) -> None:
    """Raises NotAuthorized "webuntis.login_refused" when WebUntis refused this access to anybody, and the Throttled it
    answered with as long as it asked for patience."""
    document = app.store.get(refusals_path(school))
    if document:
        _refuse(app, document.data, access)


@contextmanager
def one_login(app: App, school: str, access: str) -> Iterator[None]:
    """Around one login: what WebUntis says to it is noted before anybody else may try.

    Raises as `refuse_to_ask` without entering, and Throttled "webuntis.login_under_way" when somebody else's login
    takes too long.
    """
    lease = _turn(app, school)
    said: NotAuthorized | Throttled | None = None
    try:
        _refuse(app, lease.data, access)
        yield
    except (NotAuthorized, Throttled) as err:
        said = err
        raise
    finally:
        _end(app, school, lease, access, said)


def _turn(app: App, school: str) -> Lease:
    until, owner = time.monotonic() + PATIENCE, app.new_id()
    while True:
        lease = app.store.lease(refusals_path(school), owner=owner, now=app.now(), seconds=LOGIN_SECONDS)
        if lease:
            return lease
        if time.monotonic() > until:
            raise Throttled("webuntis.login_under_way", service="profijt", retry_after=2)
        time.sleep(POLL)


def _end(app: App, school: str, lease: Lease, access: str, said: NotAuthorized | Throttled | None) -> None:
    """Give the turn away, with what came of it in the same write. If that cannot be, it ends by itself in a minute."""

    def end(data: Data) -> Data:
        held: Data = data.get("lease", {})
        left = data | {"lease": held | {"owner": ""}} if held.get("token") == lease.token else data
        if isinstance(said, Throttled):
            return _resting(app, left, access, said)
        return _refusing(left, access) if said and said.code == "webuntis.login_refused" else left

    with suppress(Conflict, Unreachable):
        _change(app, school, end)


def _refuse(app: App, data: Data, access: str) -> None:
    if access in data.get("refused", ()):
        raise NotAuthorized("webuntis.login_refused", service="webuntis")
    rest = data.get("rest")
    if rest and rest["access"] == access and (left := rest["until"] - app.now()) > timedelta():
        facts = {name: value for name, value in rest["facts"].items() if name != "service"}
        raise Throttled(rest["code"], service="webuntis", retry_after=left.total_seconds(), **facts)


def _refusing(data: Data, access: str) -> Data:
    known = data.get("refused", [])
    return data if access in known else data | {"refused": [*known, access][-KEPT:]}


def _resting(app: App, data: Data, access: str, err: Throttled) -> Data:
    if err.retry_after is None or err.service != "webuntis":
        return data
    until = app.now() + min(timedelta(seconds=err.retry_after), MOST_PATIENCE)
    return data | {"rest": {"access": access, "until": until, "code": err.code, "facts": err.facts}}


def _change(app: App, school: str, change: Callable[[Data], Data]) -> None:
    """Put `change` through whoever else writes."""
    path = refusals_path(school)
    for remaining in reversed(range(TRIES)):
        document = app.store.get(path)
        data = document.data if document else {}
        after = change(data)
        if after == data:
            return
        try:
            app.store.commit([Write(path, after, expect=document.version if document else ABSENT)])
        except Conflict:
            if not remaining:
                raise
        else:
            return
