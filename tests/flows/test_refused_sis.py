"""A key that the SIS refused is not offered again and again: every instance knows, until it may be right again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.adapters.http import Door, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.errors import NotAuthorized, RemoteError, Unreachable
from shared.flows.disconnect_sis import Unconfirmed, disconnect
from shared.flows.refused_key import QUIET, refusal_path
from shared.flows.sis import open_sis
from shared.gradebook_port import Gradebook
from shared.ports import App, Write
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_auth import SisAuth
from tests.counting_store import CountingStore
from tests.lis import SCHOOL, Lis, school_without_sis
from tests.sis_school import PACE, sis

SIGNED = {"signatures": frozenset({"HMAC-SHA1"}), "oauth2": False, "token_paths": frozenset()}
WAYS = pytest.mark.parametrize("signs", [{}, {"wordless": True}, SIGNED], ids=["token", "without a word", "signature"])


@pytest.fixture
def lis(tmp_path: Path) -> Iterator[Lis]:
    with school_without_sis(tmp_path) as found:
        yield found


def instance(lis: Lis) -> App:
    """Another one, with a memory of its own."""
    return replace(lis.app, gradebook=oneroster(Door(PublicAndLoopback()), PACE))


def refused(app: App, ask: Callable[[Gradebook], object] = lambda book: book.teacher("i.devries@baken.example")) -> int:
    """The status with which it was refused."""
    _, gradebook = open_sis(app, SCHOOL)
    with pytest.raises(NotAuthorized, match=r"oneroster\.credentials_refused") as caught:
        ask(gradebook)
    return int(caught.value.facts["status"])


def asked(server: OneRosterSimulator) -> int:
    return sum(server.asked.values())


@WAYS
def test_what_one_teacher_was_refused_is_told_to_the_next_without_asking(signs: dict[str, object], lis: Lis) -> None:
    with sis(auth=SisAuth(**signs)) as server:
        lis.connect(server)
        right, server.auth.secret = server.auth.secret, "another"
        server.auth.revoke()
        assert refused(instance(lis)) == 401
        before = asked(server)
        for _ in range(4):
            assert refused(instance(lis)) == 401
        assert refused(lis.app, lambda book: book.students("3a-wi")) == 401
        assert asked(server) == before
        server.auth.secret = right
        lis.pass_(seconds=QUIET.total_seconds())
        assert open_sis(instance(lis), SCHOOL)[1].orgs()


def test_who_goes_on_after_a_refusal_is_answered_from_memory_too(lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        _, gradebook = open_sis(instance(lis), SCHOOL)
        server.auth.secret = "another"
        server.auth.revoke()
        before = asked(server)
        for _ in range(5):
            with pytest.raises(NotAuthorized):
                gradebook.orgs()
        assert asked(server) - before <= 2  # by Basic and by form


@pytest.mark.parametrize("renewed", [False, True], ids=["the same secret", "a new one"])
def test_once_authorised_again_the_sis_is_asked_again(renewed: bool, lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        right, server.auth.secret = server.auth.secret, "another"
        server.auth.revoke()
        refused(instance(lis))
        assert lis.connect(server, secret="fout").sis is None
        before = asked(server)
        refused(instance(lis))
        assert asked(server) == before
        server.auth.secret = "nieuw" if renewed else right
        lis.connect(server)
        assert open_sis(instance(lis), SCHOOL)[1].orgs()
        assert lis.app.store.get(refusal_path(SCHOOL)) is None


@pytest.mark.parametrize("fault", [{"kind": "forbidden"}, {"kind": "revoked"}, {"kind": "throttled"}], ids=str)
def test_a_right_a_token_or_a_turn_that_is_refused_says_nothing_of_the_key(fault: dict[str, str], lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        server.fail(**fault, path="/orgs")  # type: ignore[arg-type]
        with pytest.raises(RemoteError):
            open_sis(instance(lis), SCHOOL)[1].orgs()
        assert lis.app.store.get(refusal_path(SCHOOL)) is None
        assert open_sis(instance(lis), SCHOOL)[1].students("3a-wi")


def test_a_refusal_that_cannot_be_noted_is_told_all_the_same(lis: Lis) -> None:
    class Away(CountingStore):
        def commit(self, writes: list[Write]) -> tuple[str, ...]:  # type: ignore[override]
            raise Unreachable("store.unreachable", service="store")

    with sis() as server:
        lis.connect(server)
        server.auth.secret = "another"
        refused(replace(instance(lis), store=Away(lis.app.store)))


def test_what_is_kept_of_a_refusal_names_nobody_and_goes_with_its_secret(lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        server.auth.secret = "another"
        refused(instance(lis))
        found = lis.app.store.get(refusal_path(SCHOOL))
        assert found
        assert found.data == {
            "secret_version": lis.stored.secret_version,
            "until": lis.now + timedelta(minutes=15),
            "facts": {
                "service": "sis", "what": "token", "status": 401, "host": "127.0.0.1", "minor": "invalidclient",
            },
        }  # fmt: skip
        with pytest.raises(Unconfirmed) as asking:
            disconnect(lis.app, SCHOOL, confirm="", by="u-beheerder")
        disconnect(lis.app, SCHOOL, confirm=asking.value.confirm, by="u-beheerder")
        assert not lis.stored.connected


def test_a_key_that_is_taken_again_and_may_not_do_this_is_no_refused_key(lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        right, server.auth.secret = server.auth.secret, "another"
        server.auth.revoke()
        refused(instance(lis))
        server.auth.secret = right
        lis.pass_(seconds=QUIET.total_seconds())
        server.fail("error", status=403, path="/orgs")
        with pytest.raises(NotAuthorized, match=r"oneroster\.right_missing"):
            open_sis(instance(lis), SCHOOL)[1].orgs()
        assert lis.app.store.get(refusal_path(SCHOOL)) is None


def test_who_still_holds_the_old_secret_says_nothing_of_the_new_one(lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        server.auth.secret = "another"
        server.auth.revoke()
        _, late = open_sis(instance(lis), SCHOOL)
        newer = {"secret_version": "9", "until": lis.now, "facts": {}}
        lis.app.store.commit([Write(refusal_path(SCHOOL), newer)])
        with pytest.raises(NotAuthorized):
            late.orgs()
        note = lis.app.store.get(refusal_path(SCHOOL))
        assert note
        assert note.data["secret_version"] == "9"
