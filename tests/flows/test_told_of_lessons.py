"""A school whose API user is refused is told so, once, though its people are linked as always."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from shared.domain.school import Notify
from shared.domain.status import Condition
from shared.flows.api_user import api_access, api_password_name
from shared.flows.link_school import link_school
from shared.flows.linking_state import opened
from shared.flows.login_guard import note_access_refused
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import read_school, state_path, write_school
from shared.flows.tell import letter, news_of
from shared.flows.tick import TOPIC as RUNS
from shared.flows.tick import tick
from shared.flows.watch_school import TOPIC
from shared.ports import Message
from tests.lessons_at_school import WEEK
from tests.lessons_by_api import ByApi, lessons_by_api


@dataclass
class Told:
    """The school, and the news that was published about it."""

    by_api: ByApi
    news: list[Message]

    def refuse(self) -> None:
        """Its password changes at WebUntis, and somebody reads lessons."""
        self.by_api.there.password = "anders"
        done = refresh_week(self.by_api.school.app, self.by_api.school.id, WEEK, owner="job")
        assert done.code == "webuntis.api_login_refused"

    def link(self, message: Message) -> None:
        """A run of the school, which reads people as the application."""
        app = replace(self.by_api.school.app, roster=self.by_api.school.local.app.roster)
        link_school(app, message.body["school"], run=message.body["run"], trigger="schedule")

    def look(self, times: int = 1) -> list[str]:
        """The states that are told by so many ticks, each as often as the receiving end lets through."""
        before = {news_of(message).id for message in self.news}
        for _ in range(times):
            tick(self.by_api.school.app)
            self.by_api.school.local.queue.drain(10)
            self.by_api.school.clock.pass_(minutes=30)
        found = {news_of(message).id: message.body["state"] for message in self.news}
        return [state for id, state in found.items() if id not in before]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with lessons_by_api(tmp_path / "data") as by_api:
        school, there = by_api.school, Told(by_api, [])
        found, version = read_school(school.app, school.id)
        write_school(school.app, replace(found, notify=Notify(email="beheer@tom.example")), version=version)
        school.local.queue.subscribe(TOPIC, there.news.append)
        school.local.queue.subscribe(RUNS, there.link)
        there.look(2)
        yield there


def test_it_is_told_with_its_cause_and_whose_it_is_to_mend(told: Told) -> None:
    told.refuse()
    assert told.look() == ["lessons_refused"]
    news = news_of(told.news[-1])
    assert (news.state, news.code) == (Condition.LESSONS_REFUSED, "webuntis.api_login_refused")
    made = letter(news, told.by_api.school.school, to="beheer@tom.example")
    assert "roosters kunnen niet worden gelezen" in made.subject
    state = opened(told.by_api.school.app.store.get(state_path(told.by_api.school.id)))
    assert state.watch.condition is Condition.ON_TIME


def test_it_is_the_same_news_however_often_somebody_looks(told: Told) -> None:
    told.refuse()
    assert told.look(5) == ["lessons_refused"]
    published = len(told.news)
    assert told.look(3) == []
    assert len(told.news) == published  # what is old is not even sent on


def test_after_a_new_password_a_new_refusal_is_new_news(told: Told) -> None:
    told.refuse()
    told.look(4)
    school = told.by_api.school
    school.settings(api_password_version=school.app.secrets.add(api_password_name(school.id), "nieuw"))
    assert told.look(2) == []
    told.by_api.school.app = told.by_api.instance()
    told.refuse()
    assert told.look() == ["lessons_refused"]


def test_a_refusal_that_was_met_during_a_run_is_told_when_lessons_are_asked_for_again(told: Told) -> None:
    school = told.by_api.school
    assert school.app.store.lease(state_path(school.id), owner="een run", now=school.clock(), seconds=540)
    note_access_refused(school.app, school.id, api_access(school.school))
    school.clock.pass_(minutes=10)
    before = told.by_api.rpc.calls["authenticate"]
    assert told.look() == []
    assert refresh_week(school.app, school.id, WEEK, owner="job").code == "webuntis.api_login_refused"
    assert told.look() == ["lessons_refused"]
    assert told.by_api.rpc.calls["authenticate"] == before


def test_a_coupling_that_is_off_or_linked_by_the_same_user_says_it_in_another_way(told: Told) -> None:
    told.refuse()
    told.by_api.school.settings(enabled=False)
    assert told.look() == ["off"]
    told.by_api.school.settings(enabled=True, password_version="")
    assert told.look() == ["action_needed"]
