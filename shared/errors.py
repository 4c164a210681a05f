"""Everything that can go wrong, one class per reaction: whoever catches one knows what to do next.

    ProfijtError
    ├── RemoteError          another system failed us               .service
    │   ├── Unreachable      network, timeout, 5xx                  try again later
    │   ├── Throttled        429, publication under way             try again after .retry_after
    │   ├── NotAuthorized    credentials refused or right missing   a named person must act; never retried by itself
    │   └── Rejected         understood, and refused                fix the data
    ├── UnsafePlan           too much would change at once          hold; a person decides
    ├── Conflict             someone else was first                 read again
    ├── Unauthenticated      who is asking is not known             log in (again)
    ├── NotFound · NotAllowed · Invalid                             the caller's
    └── Misconfigured        our own settings                       the operator's

An error carries a stable `code` and `facts` that fill in the sentence kept for that code in `shared.domain.causes`.
Facts are our own ids, counts, host names and field names; never a person's name, a value somebody typed, or a secret,
because facts reach the log.
"""

from shared.values import dataclass


class ProfijtError(Exception):
    """Base of all: `code` is a key of `shared.domain.causes.CAUSES`, `facts` its blanks."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        blanks = " ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code} {blanks}".rstrip()


class RemoteError(ProfijtError):
    """Another system failed us. `service` says which: "webuntis", "schoolsearch", "identity", "store", …"""

    def __init__(self, code: str, *, service: str, **facts: str | int) -> None:
        super().__init__(code, service=service, **facts)
        self.service = service


class Unreachable(RemoteError):
    """Network, timeout, 5xx, half an answer: the same call may work later."""


class Throttled(RemoteError):
    """The other system asked for patience: try again after `retry_after` seconds (None: it did not say)."""

    def __init__(self, code: str, *, service: str, retry_after: float | None, **facts: str | int) -> None:
        super().__init__(code, service=service, **facts)
        self.retry_after = retry_after


class NotAuthorized(RemoteError):
    """Credentials refused or a right is missing: a named person must act, so it is never retried by itself."""


class Rejected(RemoteError):
    """Understood and refused, or an answer that may not be believed: repeating changes nothing."""


class UnsafePlan(ProfijtError):
    """Too much would change at once: nothing was changed, a person decides."""


class Conflict(ProfijtError):
    """Somebody else was first: read again and decide anew."""


class Unauthenticated(ProfijtError):
    """No token, or one that cannot be believed."""


class NotFound(ProfijtError):
    """Not there, or not yours: the caller cannot tell which."""


class NotAllowed(ProfijtError):
    """We know who is asking, and this is not theirs to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in what the caller sent: a JSON pointer ("/users/3/nummer"), a code of `causes`, its blanks."""

    pointer: str
    code: str
    facts: tuple[tuple[str, str | int], ...] = ()


class Invalid(ProfijtError):
    """What the caller sent cannot be used; `faults` point at each place."""

    def __init__(self, code: str, faults: tuple[Fault, ...] = (), **facts: str | int) -> None:
        super().__init__(code, **facts)
        self.faults = faults


class Misconfigured(ProfijtError):
    """Our own settings are wrong: the operator's to mend; refuses to start rather than to run half."""
