"""What the Firestore adapter makes of a database that is away, silent or not ours."""

import socket
import time
from collections.abc import Callable

import grpc
import pytest
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError, TransportError

from shared.adapters.firestore import FirestoreStore, our_error
from shared.errors import Conflict, Misconfigured, ProfijtError, Rejected, Throttled, Unreachable
from shared.ports import ABSENT, Store, Write

CALLS: dict[str, Callable[[Store], object]] = {
    "get_many": lambda store: store.get("schools/demo"),
    "query": lambda store: store.query("schools"),
    "a conditional commit": lambda store: store.commit([Write("schools/demo", {}, ABSENT)]),
    "a commit": lambda store: store.commit([Write("schools/demo", {})]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_closed_door_is_told_within_seconds(call: Callable[[Store], object]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        store = FirestoreStore("demo", emulator=f"127.0.0.1:{taken.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            call(store)
    assert time.monotonic() - began < 12
    assert (caught.value.code, caught.value.service) == ("store.unreachable", "store")
    assert caught.value.__cause__


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_server_that_says_nothing_is_given_up_at_the_deadline(call: Callable[[Store], object]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = FirestoreStore("demo", emulator=f"127.0.0.1:{silent.getsockname()[1]}", deadline=0.5)
        with pytest.raises(Unreachable):
            call(store)


def test_write_many_says_so_too() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = FirestoreStore("demo", emulator=f"127.0.0.1:{silent.getsockname()[1]}", deadline=0.5)
        with pytest.raises(Unreachable):
            store.write_many([Write(f"links/{n}", {}) for n in range(2_000)])


REACTIONS: dict[str, tuple[Exception, bool, type[ProfijtError]]] = {
    "contention on a conditional commit": (exceptions.Aborted("x"), True, Conflict),
    "contention on another": (exceptions.Aborted("x"), False, Unreachable),
    "a precondition": (exceptions.FailedPrecondition("x"), True, Conflict),
    "it exists": (exceptions.AlreadyExists("x"), True, Conflict),
    "it is gone": (exceptions.NotFound("No document to update"), True, Conflict),
    "no such database": (exceptions.NotFound("x"), False, Misconfigured),
    "an index that is not built": (exceptions.FailedPrecondition("requires an index"), False, Misconfigured),
    "no right": (exceptions.PermissionDenied("x"), True, Misconfigured),
    "a token refused": (exceptions.Unauthenticated("x"), False, Misconfigured),
    "no credentials": (DefaultCredentialsError("x"), False, Misconfigured),
    "no way to fetch a token": (TransportError("x"), False, Unreachable),
    "over quota": (exceptions.ResourceExhausted("x"), False, Throttled),
    "not understood": (exceptions.InvalidArgument("x"), True, Rejected),
    "broken": (exceptions.InternalServerError("x"), True, Unreachable),
    "too late": (exceptions.DeadlineExceeded("x"), True, Unreachable),
    "tried in vain": (exceptions.RetryError("x", exceptions.ServiceUnavailable("x")), False, Unreachable),
    "refused in the middle of a list": (
        exceptions.from_grpc_status(grpc.StatusCode.UNAVAILABLE, "x"),
        False,
        Unreachable,
    ),
}


@pytest.mark.parametrize(("err", "conditional", "expected"), REACTIONS.values(), ids=REACTIONS)
def test_each_refusal_has_one_reaction(err: Exception, conditional: bool, expected: type[ProfijtError]) -> None:
    assert type(our_error(err, conditional=conditional)) is expected
