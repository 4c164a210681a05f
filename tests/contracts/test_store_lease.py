"""What every Store promises about leases: one holder, an end, and no write of an old holder after it."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Conflict
from shared.ports import Store, Write
from tests.contracts.stores import together

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_live_lease_is_nobody_elses(store: Store) -> None:
    assert store.lease("linking/demo", owner="run-1", now=EIGHT, seconds=60)
    assert store.lease("linking/demo", owner="run-2", now=EIGHT + timedelta(seconds=59), seconds=60) is None


def test_a_lease_keeps_what_the_document_holds(store: Store) -> None:
    store.commit([Write("linking/demo", {"fingerprint": "abc"})])
    lease = store.lease("linking/demo", owner="run-1", now=EIGHT, seconds=60)
    found = store.get("linking/demo")
    assert lease
    assert found
    assert found.data == lease.data
    assert found.data["fingerprint"] == "abc"


def test_an_expired_lease_is_taken_over_and_the_old_owner_writes_no_more(store: Store) -> None:
    old = store.lease("linking/demo", owner="run-1", now=EIGHT, seconds=60)
    new = store.lease("linking/demo", owner="run-2", now=EIGHT + timedelta(seconds=60), seconds=60)
    assert old
    assert new
    assert new.token > old.token
    with pytest.raises(Conflict):
        store.commit([Write("linking/demo", old.data, expect=old.version), Write("results/old", {})])
    store.commit([Write("linking/demo", new.data | {"done": True}, expect=new.version), Write("results/new", {})])
    assert set(store.get_many(["results/old", "results/new"])) == {"results/new"}


def test_the_same_owner_renews_its_lease(store: Store) -> None:
    first = store.lease("linking/demo", owner="run-1", now=EIGHT, seconds=60)
    second = store.lease("linking/demo", owner="run-1", now=EIGHT + timedelta(seconds=30), seconds=60)
    assert first
    assert second
    assert second.until == EIGHT + timedelta(seconds=90)
    assert second.token > first.token


def test_a_lease_may_be_proved_with_every_commit_without_ending_it(store: Store) -> None:
    lease = store.lease("linking/demo", owner="run-1", now=EIGHT, seconds=60)
    assert lease
    proof = Write(lease.path, lease.data, expect=lease.version)
    for n in range(3):
        store.commit([proof, Write(f"results/{n}", {})])
    assert len(store.query("results").documents) == 3


@pytest.mark.parametrize("before", ["nothing", "an expired lease"])
def test_of_eight_threads_that_claim_one_gets_the_lease(store: Store, before: str) -> None:
    if before == "an expired lease":
        assert store.lease("linking/demo", owner="crashed", now=EIGHT - timedelta(hours=1), seconds=60)
    claimed = together(8, lambda n: store.lease("linking/demo", owner=f"run-{n}", now=EIGHT, seconds=60))
    [winner] = filter(None, claimed)
    found = store.get("linking/demo")
    assert found
    assert found.data["lease"]["owner"] == winner.owner
    assert found.version == winner.version
