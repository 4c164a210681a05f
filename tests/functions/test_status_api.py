"""GET /v1/status: a word on each system, for anybody, that tells of no school."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from functions.local_server import web
from functions.status import NAMES
from shared.domain.run import Outcome, Problem, Run
from shared.domain.upstream import UPSTREAMS, Upstream, Word, judge
from shared.errors import Unreachable
from shared.flows.tick import tick
from shared.flows.upstreams import DATABASE
from shared.ports import Document
from shared.wiring.local import local
from tests.counting_store import CountingStore
from tests.functions.test_api import Api, api, school  # noqa: F401  fixtures

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
GOOD = Run("20261123T0730Z", "schedule", *[NOW - timedelta(minutes=30)] * 2, Outcome.DONE, {})
OLD = replace(GOOD, finished=NOW - timedelta(minutes=66))


def failed(code: str, service: str) -> Run:
    return replace(GOOD, outcome=Outcome.FAILED, problems=(Problem(code, {"service": service}),))


AWAY = failed("http.connect", "webuntis")


@pytest.mark.parametrize(
    ("last", "webuntis", "schoolsearch"),
    [
        ([], Word.UNKNOWN, Word.UNKNOWN),
        ([OLD], Word.UNKNOWN, Word.UNKNOWN),
        ([GOOD, GOOD], Word.OK, Word.OK),
        ([GOOD, AWAY], Word.DISTURBED, Word.OK),
        ([AWAY, AWAY, OLD], Word.DOWN, Word.OK),
        ([failed("http.server_error", "schoolsearch")], Word.OK, Word.DOWN),
        ([failed("webuntis.login_refused", "webuntis")], Word.OK, Word.OK),  # the school's own to mend
        ([failed("secret.unreachable", "secrets")], Word.OK, Word.OK),
    ],
)
def test_a_system_is_judged_by_what_schools_met_there(last: list[Run], webuntis: Word, schoolsearch: Word) -> None:
    told = judge(last, {}, NOW)
    assert {name: one.word for name, one in told.items()} == {"webuntis": webuntis, "schoolsearch": schoolsearch}


def test_a_word_is_dated_when_it_was_first_said() -> None:
    since = NOW - timedelta(hours=3)
    told = judge([AWAY], {"webuntis": Upstream(Word.DOWN, since), "schoolsearch": Upstream(Word.DOWN, since)}, NOW)
    assert told == {"webuntis": Upstream(Word.DOWN, since), "schoolsearch": Upstream(Word.OK, NOW)}


def words(api: Api) -> dict[str, str]:  # noqa: F811
    answer = api.client.get("/v1/status")  # without a token
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    return {each["name"]: each["word"] for each in answer.get_json()["upstreams"]}


def test_every_system_has_a_name_in_both_languages() -> None:
    assert set(NAMES) == {DATABASE, *UPSTREAMS}


def test_anybody_reads_that_webuntis_is_out_of_reach_and_that_it_is_back(school: Api) -> None:  # noqa: F811
    assert words(school) == {"database": "ok", "webuntis": "unknown", "schoolsearch": "unknown"}
    school.sync()
    tick(school.world.app)
    assert words(school) == {"database": "ok", "webuntis": "ok", "schoolsearch": "ok"}
    assert "klein" not in school.client.get("/v1/status").text


class NoStore(CountingStore):
    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        raise Unreachable("store.unreachable", service="store")


def test_a_database_that_is_down_is_told_and_is_no_failure_of_this_page(tmp_path: Path) -> None:
    with local(tmp_path) as world:
        app = replace(world.app, store=NoStore(world.app.store))
        told = Api(world, Client(web(app)))
        assert words(told) == {"database": "down", "webuntis": "unknown", "schoolsearch": "unknown"}
