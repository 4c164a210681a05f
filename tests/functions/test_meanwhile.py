"""Who saves over somebody else's work hears what changed: each field, both values, who and when; never a secret."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.simulators.practice_school import tiny_school
from shared.wiring.local import local
from tests.functions.test_api import FORM, Api, problem, set_up

TINY = tiny_school()
SETTINGS, PAUSE, TOLD = "/settings/webuntis", "/coupling/pause", "/coupling/notifications"
KEPT = {name: value for name, value in FORM.items() if name != "wachtwoord"}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Api]:
    with local(tmp_path / "data") as world:
        yield set_up(Api(world, Client(web(world.app))), TINY)


def seen(school: Api, path: str) -> dict[str, str]:
    return {"If-Match": school.get(path).headers["ETag"]}


def changes(answer: TestResponse) -> list[dict[str, Any]]:
    told = problem(answer, 412)
    assert told["code"] == "request.stale"
    found: list[dict[str, Any]] = told["changes"]
    return found


def test_the_second_of_two_admins_hears_which_field_how_it_is_now_what_he_wanted_by_whom_and_when(school: Api) -> None:
    before = seen(school, SETTINGS)
    school.put(SETTINGS, KEPT | {"kenmerkLeerling": "nummer"}, headers=before)
    [change] = changes(school.put(SETTINGS, KEPT | {"kenmerkLeerling": "eckId", "ingeschakeld": False}, headers=before))
    when = datetime.fromisoformat(change.pop("at"))
    assert when.utcoffset() is not None
    assert change == {
        "pointer": "/kenmerkLeerling",
        "label": "Identificerend kenmerk leerling",
        "theirs": "nummer",
        "yours": "eckId",
        "by": "u-beheerder",
    }


def test_only_what_changed_meanwhile_is_told_and_in_the_language_asked_for(school: Api) -> None:
    before = seen(school, SETTINGS)
    school.put(SETTINGS, KEPT | {"ingeschakeld": False, "clientId": "eigen"}, headers=before)
    english = Api(school.world, school.client, school=school.school, language="en")
    told = changes(english.put(SETTINGS, KEPT | {"automatischKoppelen": False}, headers=before))
    assert [(each["label"], each["theirs"], each["yours"]) for each in told] == [
        ("Enabled", False, True),
        ("Client id", "eigen", ""),
    ]


def test_a_password_that_was_replaced_is_told_of_and_never_told(school: Api) -> None:
    before = seen(school, SETTINGS)
    assert school.world.untis
    school.world.untis.schools[TINY.tenant_id].set_password("geheim-nieuw")
    saved = school.put(SETTINGS, KEPT | {"wachtwoord": "geheim-nieuw"}, headers=before)
    assert saved.status_code == 200, saved.text
    answer = school.put(SETTINGS, KEPT | {"wachtwoord": "geheim-mijn"}, headers=before)
    [change] = changes(answer)
    assert (change["label"], change["yours"], change["theirs"], change["by"]) == (
        "Wachtwoord", None, None, "u-beheerder",
    )  # fmt: skip
    assert "geheim" not in answer.text


def test_a_tag_that_is_not_of_this_form_shows_what_differs(school: Api) -> None:
    told = changes(school.put(SETTINGS, KEPT | {"ingeschakeld": False}, headers={"If-Match": '"iets-anders"'}))
    assert [(each["pointer"], each["yours"], each["theirs"]) for each in told] == [("/ingeschakeld", False, True)]


def test_a_change_that_nobody_noted_has_no_name_with_it(school: Api) -> None:
    support = school.as_("support")
    before = seen(support, "")
    support.put("", {"naam": "Ander", "ontgrendeld": True}, headers=before)
    [change] = changes(support.put("", {"naam": "Klein", "ontgrendeld": True}, headers=before))
    assert (change["pointer"], change["theirs"], change["by"], change["at"]) == ("/naam", "Ander", "", None)


def test_of_two_pauses_the_second_hears_of_the_first_and_an_ended_one_is_told_as_nothing(school: Api) -> None:
    none, today = seen(school, PAUSE), school.world.app.now().date()
    first, second = (
        {"eersteDag": today.isoformat(), "laatsteDag": (today + timedelta(days=days)).isoformat()} for days in (7, 30)
    )
    assert school.put(PAUSE, first, headers=none).status_code == 200
    told = changes(school.put(PAUSE, second, headers=none))
    assert [(each["label"], each["yours"], each["theirs"], each["by"]) for each in told] == [
        ("Eerste dag", second["eersteDag"], first["eersteDag"], "u-beheerder"),
        ("Laatste dag", second["laatsteDag"], first["laatsteDag"], "u-beheerder"),
    ]
    paused = seen(school, PAUSE)
    assert school.ask("DELETE", school.at(PAUSE), headers=paused).status_code == 204
    ended = changes(school.put(PAUSE, second, headers=paused))
    assert [(each["theirs"], each["by"]) for each in ended] == [(None, "u-beheerder")] * 2


def test_what_others_changed_elsewhere_is_no_reason_to_refuse(school: Api) -> None:
    support = school.as_("support")
    open_form, open_school = seen(school, SETTINGS), seen(support, "")
    told = {"webhook": "", "email": ""}
    assert school.put(TOLD, told, headers=seen(school, TOLD)).status_code == 200
    assert school.put(SETTINGS, KEPT | {"clientId": "eigen"}, headers=open_form).status_code == 200
    assert support.put("", {"naam": "Ander", "ontgrendeld": True}, headers=open_school).status_code == 200
    assert school.get(SETTINGS).get_json()["clientId"] == "eigen"


def test_who_saves_something_else_at_the_same_moment_does_not_lose_his_work(school: Api) -> None:
    support, together = school.as_("support"), threading.Barrier(2)
    puts = (
        (school, SETTINGS, KEPT | {"clientId": "eigen"}, seen(school, SETTINGS)),
        (support, "", {"naam": "Ander", "ontgrendeld": True}, seen(support, "")),
    )

    def put(what: tuple[Api, str, dict[str, object], dict[str, str]]) -> int:
        who, path, body, headers = what
        together.wait()
        return who.put(path, body, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(put, puts)) == [200, 200]
    assert school.get(SETTINGS).get_json()["clientId"] == "eigen"
    assert support.get("").get_json()["naam"] == "Ander"
