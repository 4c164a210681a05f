"""Whatever happens to exports, the SIS ends with one item per work and one result per grade, each the last one.

100 histories in `make test`, 1,000 with LONG=1: grades change, messages are lost to crashes at any step, come twice, in
any order; the SIS times out before and after it has written; it is disconnected, reconnected under another spelling of
its address; items are deleted there by hand; the ledger is lost.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from shared.domain.export.outcome import Outcome
from shared.errors import Conflict, NotAllowed, Throttled, Unreachable
from shared.flows.sis import read_sis
from shared.ports import Message, Write
from shared.simulators.oneroster_school import Quirks
from shared.wiring.local import local
from tests.counting_store import CountingStore
from tests.export_world import ExportWorld, work, world_at

HISTORIES = 1050 if os.environ.get("LONG") else 105  # of all kinds of SIS together
ATTEMPTS = 5  # after which the queue lets go of a message

SIS = {
    "standard": Quirks(),
    "lax": Quirks(strict=False, put_body=True, edit_status=201),
    "own ids": Quirks(own_ids=True),
    "own ids, not told": Quirks(own_ids=True, tells_own_ids=False, one_result_each=True),
    "cuts titles": Quirks(title_limit=18, cuts_titles=True),
    "never revives": Quirks(revives=False, soft_deletes=True),
    "small pages": Quirks(page_cap=1),
}
FAULTS = ("error_after", "hang_up_after", "hang_up", "error", "throttled", "stores_nothing")
WORKS = ("w1", "w2")
STUDENTS = ("u1", "u2", "u3")


class Crash(BaseException):
    """The instance is gone, in the middle of what it was doing."""


@dataclass
class Fuse:
    """Blows at the nth write to the store from now: before it is applied, or after."""

    left: int = -1
    after: bool = False

    def burn(self) -> bool:
        self.left -= 1
        return self.left == -1


class FusedStore(CountingStore):
    def __init__(self, inner: Any, fuse: Fuse) -> None:
        super().__init__(inner)
        self.fuse = fuse

    def commit(self, writes: Any) -> tuple[str, ...]:
        blown = self.fuse.burn()
        if blown and not self.fuse.after:
            raise Crash
        done = super().commit(writes)
        if blown:
            raise Crash
        return done


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with local(tmp_path / "data") as running:
        yield world_at(running)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", sorted(SIS))
def test_any_history_ends_with_one_item_per_work_and_one_result_per_grade(world: ExportWorld, kind: str) -> None:
    schools = iter(range(10**6))

    class Histories(RuleBasedStateMachine):
        @initialize(exported=st.sampled_from((True, True, False)))
        def begin(self, exported: bool) -> None:
            self.fuse = Fuse()
            self.world = replace(world, app=replace(world.app, store=FusedStore(world.app.store, self.fuse)))
            self.world.post.waiting.clear()
            self.world.open_school(f"s{next(schools)}", SIS[kind])
            self.given: dict[tuple[str, str], float] = {}
            self.handled: list[Message] = []
            self.connected = True
            self.spelling = 0
            for place, (one, student) in enumerate((("w1", "u1"), ("w1", "u2"), ("w2", "u1"))):
                self.grade(one, student, 75 + place)
            if exported:
                self.export()

        # -------------------------------------------------------- what people do

        @rule(work=st.sampled_from(WORKS), student=st.sampled_from(STUDENTS), tenths=st.integers(10, 100))
        def grade(self, work: str, student: str, tenths: int) -> None:
            self.given[work, student] = tenths / 10
            works = sorted({work for work, _ in self.given})
            self.world.grades([_work(one) for one in works], self.given)

        @rule(again=st.booleans())
        def order(self, again: bool) -> None:
            for _ in range(1 + again):  # a double click
                try:
                    self.world.order()
                except NotAllowed:
                    assert not self.connected

        @rule()
        def export(self) -> None:
            """From order to end, as well as it goes."""
            self.order(again=False)
            self.finish()

        @rule()
        def finish(self) -> None:
            while self.world.post.waiting:
                self._deliver(0)

        @rule(step=st.integers(0, 25), after=st.booleans())
        def export_and_crash(self, step: int, after: bool) -> None:
            """The instance dies once, the queue brings its message again."""
            self.order(again=False)
            self.fuse.left, self.fuse.after = step, after
            self.finish()
            self.fuse.left = -1

        @precondition(lambda self: self.connected)
        @rule()
        def disconnect(self) -> None:
            self.world.disconnect()
            self.connected = False

        @rule()
        def reconnect(self) -> None:
            self.world.sis.faults.clear()
            self.spelling += 1
            prefix = self.world.sis.prefix
            spellings = (prefix, f"{prefix}/ims/oneroster/v1p1/", prefix.replace("127.0.0.1", "localhost") + "//")
            self.world.connect(spellings[self.spelling % 3])
            self.connected = True

        @rule()
        def lose_the_ledger(self) -> None:
            _forget_ledger(self.world)

        @rule(which=st.integers(0, 5))
        def delete_an_item_in_the_sis(self, which: int) -> None:
            school = self.world.sis.school
            if items := school.living("lineItems"):
                id = items[which % len(items)]["sourcedId"]
                school.edit("lineItems", id, status="tobedeleted")
                for row in school.living("results"):
                    if row["lineItem"]["sourcedId"] == id:
                        school.edit("results", row["sourcedId"], status="tobedeleted")

        # -------------------------------------------------------- what machines do

        @precondition(lambda self: self.world.post.waiting)
        @rule(which=st.integers(0, 5))
        def deliver(self, which: int) -> None:
            self._deliver(which)

        @precondition(lambda self: self.handled)
        @rule(which=st.integers(0, 5))
        def come_again(self, which: int) -> None:
            self.world.post.waiting.append(self.handled[which % len(self.handled)])

        @rule(kind=st.sampled_from(FAULTS), times=st.integers(1, 4), after=st.integers(0, 3))
        def fail(self, kind: str, times: int, after: int) -> None:
            self.world.sis.fail(kind, method="PUT", times=times, after=after)

        @rule(kind=st.sampled_from(("error", "hang_up")), times=st.integers(1, 6), after=st.integers(0, 3))
        def fail_to_be_read(self, kind: str, times: int, after: int) -> None:
            self.world.sis.fail(kind, path="/lineItems", method="GET", times=times, after=after)

        @rule()
        def wait(self) -> None:
            self.world.pass_(minutes=20)

        # -------------------------------------------------------- what has to hold

        def _deliver(self, which: int) -> None:
            waiting = self.world.post.waiting
            waiting.rotate(-(which % len(waiting)))
            message = waiting.popleft()
            try:
                self.world.deliver(message)
            except (Crash, Unreachable, Throttled, Conflict):
                if message.attempt < ATTEMPTS:
                    waiting.append(replace(message, attempt=message.attempt + 1))
            else:
                self.handled.append(message)
            self.world.there()  # fails when anything is there twice

        def teardown(self) -> None:
            if not hasattr(self, "given"):
                return
            self.fuse.left = -1
            self.world.sis.faults.clear()
            self.world.post.waiting.clear()  # what was never delivered
            self.world.pass_(minutes=20)
            if not self.connected:
                self.world.connect()
            self.world.run()
            for _ in range(3):  # one choice may lead to another: adopt the item, then overwrite what is in it
                asked = self.world.every_choice()
                done = self.world.run(asked)
            assert done.counts.get(Outcome.CONFLICT, 0) == 0
            there = self.world.there()
            titles = {row["title"] for row in self.world.sis.school.living("lineItems")}
            assert len(titles) == len({work for work, _ in self.given})
            of_sis = {f"u{n}": f"s{n}" for n in (1, 2, 3)}
            by_place = {(title[:5], student): score for (title, student), score in there.items()}
            wanted = {(_work(work).title[:5], of_sis[who]): score for (work, who), score in self.given.items()}
            assert by_place == wanted

    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=HISTORIES // len(SIS),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _work(id: str) -> Any:
    return work(id, f"{id.upper()} – schriftelijke overhoring")


def _forget_ledger(world: ExportWorld) -> None:
    sis, _ = read_sis(world.app, world.school)
    assert sis
    page = world.app.store.query(f"schools/{world.school}/ledgers/{sis.book}/lines")
    world.app.store.write_many([Write(document.path, None) for document in page.documents])
