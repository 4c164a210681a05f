"""A feed's token is the only way in: what is kept does not give it back, and of one person there is one at most."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.errors import Conflict, NotFound
from shared.flows.audit import read_audit
from shared.flows.feeds import end_feed, feed_of, make_feed, note_fetch, open_feed
from tests.counting_store import CountingStore
from tests.lessons_at_school import Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        yield there


def test_the_token_opens_the_feed_it_was_made_for(school: Lessons) -> None:
    made = {user: make_feed(school.app, school.id, user) for user in ("u1", "u2")}
    for user, (feed, token) in made.items():
        assert open_feed(school.app, token) == (school.id, feed)
        assert feed.user == user
        assert token.partition(".")[2] not in repr(feed)


@pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda t: t[:-1], lambda t: t + "A", lambda t: f"x{t}"])
def test_nothing_but_the_token_itself_does(school: Lessons, change: object) -> None:
    token = make_feed(school.app, school.id, "u1")[1]
    with pytest.raises(NotFound, match=r"feed\.unknown"):
        open_feed(school.app, change(token))  # type: ignore[operator]


def test_the_hash_that_is_kept_is_no_token(school: Lessons) -> None:
    feed, token = make_feed(school.app, school.id, "u1")
    holder = token.split(".")[1]
    for guess in (
        f"{school.id}.{feed.hash}",
        f"{school.id}.{holder}.{feed.hash}",
        f"{school.id}.{holder}.{feed.hash[:43]}",
    ):
        with pytest.raises(NotFound):
            open_feed(school.app, guess)


def test_a_guess_costs_one_read_whatever_is_right_of_it(school: Lessons) -> None:
    token = make_feed(school.app, school.id, "u1")[1]
    holder, secret = token.split(".")[1:]
    for guess in (
        f"{school.id}.{holder}.{secret[:-1]}_",
        f"{school.id}.{'0' * 24}.{secret}",
        f"elders.{holder}.{secret}",
    ):
        store = CountingStore(school.app.store)
        app = replace(school.app, store=store)
        with pytest.raises(NotFound):
            open_feed(app, guess)
        assert store.read == 1


def test_ending_it_twice_is_one_event(school: Lessons) -> None:
    make_feed(school.app, school.id, "u1")
    for _ in range(2):
        end_feed(school.app, school.id, "u1", by="u1")
    assert feed_of(school.app, school.id, "u1") is None
    events = [event.action for event in read_audit(school.app, school.id, limit=10, cursor=None)[0]]
    assert (events.count("feed.made"), events.count("feed.ended")) == (1, 1)


def test_a_fetch_is_noted_once_in_a_while(school: Lessons) -> None:
    feed, token = make_feed(school.app, school.id, "u1")
    for _ in range(6):
        school.clock.pass_(minutes=4)
        note_fetch(school.app, school.id, open_feed(school.app, token)[1])
    fetched = open_feed(school.app, token)[1].fetched
    assert fetched
    assert fetched - feed.made in (timedelta(minutes=16), timedelta(minutes=24), timedelta(minutes=20))


def test_of_two_made_at_once_one_is_live_and_the_other_maker_hears_it(school: Lessons) -> None:
    """Both look before either writes, with and without a feed of before."""
    for _ in range(2):
        between: list[str] = []

        def elsewhere(between: list[str] = between) -> None:
            between.append(make_feed(school.app, school.id, "u1")[1])

        slow = replace(school.app, store=CountingStore(school.app.store, elsewhere))
        with pytest.raises(Conflict, match=r"store\.conflict"):
            make_feed(slow, school.id, "u1")
        [token] = between
        assert open_feed(school.app, token)[1] == feed_of(school.app, school.id, "u1")
        assert len(school.app.store.query(f"schools/{school.id}/feeds", limit=10).documents) == 1


def test_a_fetch_of_a_feed_that_was_just_replaced_is_not_noted_on_the_new_one(school: Lessons) -> None:
    old, _ = make_feed(school.app, school.id, "u1")
    new, _ = make_feed(school.app, school.id, "u1")
    note_fetch(school.app, school.id, old)
    assert feed_of(school.app, school.id, "u1") == new
