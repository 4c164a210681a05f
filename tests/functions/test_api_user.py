"""A school with an API user: kept as carefully as a password, tried step by step, and enough to link by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.config import WebUntisPlace
from shared.domain.people import Role, State
from shared.domain.run import Outcome
from shared.domain.school import Withdrawn
from shared.errors import NotAuthorized
from shared.flows.api_user import api_password_name
from shared.flows.audit import read_audit
from shared.flows.directory import read_directories
from shared.flows.lesson_source import lesson_source
from shared.flows.link_school import link_school
from shared.flows.linking_state import opened
from shared.flows.login_guard import logins_path, read_logins
from shared.flows.people_now import people_now
from shared.flows.retention import retain
from shared.flows.schools import read_school, state_path, write_school
from shared.ports import App
from shared.simulators import jsonrpc_school as rpc_school
from shared.simulators.jsonrpc_practice import practice_lists
from shared.simulators.jsonrpc_school import CLASS, STUDENT, TEACHER, JsonRpcSchool, Name
from shared.simulators.practice_school import load, tiny_school, users_body
from shared.simulators.webuntis import WebUntisSimulator
from shared.simulators.webuntis_jsonrpc import JsonRpcSimulator
from shared.wiring.local import local
from tests.functions.test_api import Api, problem

TINY = tiny_school()
USER, PASSWORD = "profijt-api", "api-geheim-068"
PLACE = {"schoolnaam": TINY.school_name, "subdomein": TINY.subdomain}
ALONE = PLACE | {"ingeschakeld": True, "apiGebruiker": USER, "apiWachtwoord": PASSWORD}
BOTH = ALONE | {"wachtwoord": TINY.password, "tenantId": TINY.tenant_id}
NOVEMBER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday in a school year


@dataclass
class Desk:
    """A school whose WebUntis has both doors, and its admin."""

    api: Api
    app: App
    rpc: JsonRpcSimulator
    there: JsonRpcSchool
    now: list[datetime]

    def save(self, form: dict[str, object]) -> TestResponse:
        return self.api.save_settings(form)

    def saved(self, form: dict[str, object]) -> dict[str, Any]:
        answer = self.save(form)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def test(self, form: dict[str, object] | None = None) -> dict[str, dict[str, Any]]:
        body = {} if form is None else {"json": form}
        answer = self.api.ask("POST", self.api.at("/settings/webuntis/test"), **body)
        assert answer.status_code == 200, answer.text
        return {step["stap"]: step for step in answer.get_json()["stappen"]}

    def secrets(self) -> list[str]:
        return list(self.app.secrets.versions(api_password_name(TINY.id)).values())

    def run(self, name: str) -> Any:
        self.now[0] += timedelta(minutes=30)
        return link_school(self.app, TINY.id, run=name, trigger="schedule")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with WebUntisSimulator() as untis, JsonRpcSimulator() as rpc:
        place = replace(
            WebUntisPlace(), api=untis.url, school_search=f"{untis.url}/schoolquery2", host_pattern=rpc.url,
            client_id=TINY.client_id,
        )  # fmt: skip
        with local(tmp_path / "data", webuntis=place) as world:
            load(untis, TINY)
            there = rpc.add_school(TINY.school_name, user=USER, password=PASSWORD, lists=lists())
            now = [NOVEMBER]
            app = replace(world.app, now=lambda: now[0])
            api = Api(world, Client(web(app)))
            support = api.as_("support")
            assert support.put("", {"naam": TINY.display_name, "ontgrendeld": True}).status_code == 200
            assert api.put("/users", users_body(TINY.users)).status_code == 200
            yield Desk(api, app, rpc, there, now)


def lists() -> rpc_school.Lists:
    """The practice lessons, with the people of the tiny school beside those who are in them, who get other names."""
    given = practice_lists()
    elements = {
        kind: {
            id: replace(name, long=f"Rooster{name.long}") if kind in (STUDENT, TEACHER) else name
            for id, name in names.items()
        }
        for kind, names in given.elements.items()
    }
    for person in TINY.persons:
        kind = STUDENT if person.role is Role.STUDENT else TEACHER
        name = Name(person.short_name, person.last_name, person.first_name, person.key)
        elements[kind][1000 + int(person.id)] = name
    return replace(given, elements=elements)


# ---------------------------------------------------------------- the form


def test_the_form_explains_the_api_user_in_both_languages_and_never_shows_his_password(desk: Desk) -> None:
    told = desk.saved(BOTH)
    assert (told["apiGebruiker"], told["apiWachtwoordIngesteld"]) == (USER, True)
    fields = desk.api.get("/settings/webuntis").get_json()["velden"]
    english = Api(desk.api.world, desk.api.client, language="en").get("/settings/webuntis").get_json()["velden"]
    for name in ("apiGebruiker", "apiWachtwoord"):
        assert fields[name]["toelichting"] != english[name]["toelichting"]
    events, _ = read_audit(desk.app, TINY.id, limit=50, cursor=None)
    assert PASSWORD not in desk.api.get("/settings/webuntis").text + str(events)
    assert {"API-wachtwoord": "nieuw ingesteld"} in [event.after for event in events]
    assert any(event.after.get("API-gebruiker") == USER for event in events)


def test_saving_the_same_api_user_again_tries_nothing(desk: Desk) -> None:
    desk.saved(BOTH)
    before = desk.rpc.calls["authenticate"]
    desk.saved(BOTH)
    desk.saved(BOTH | {"apiWachtwoord": ""})
    assert (desk.rpc.calls["authenticate"], desk.secrets()) == (before, ["enabled"])


def test_a_refused_api_password_changes_nothing_and_is_not_tried_again(desk: Desk) -> None:
    desk.saved(BOTH)
    before = desk.api.get("/settings/webuntis").get_json()
    for code, tries in (("settings.api_refused", 2), ("settings.api_refused_before", 2)):
        refused = problem(desk.save(BOTH | {"apiWachtwoord": "fout", "ingeschakeld": False}), 422)
        assert (refused["code"], refused["errors"][0]["pointer"]) == (code, "/apiWachtwoord")
        assert "Platform" not in refused["remedy"]
        assert desk.rpc.calls["authenticate"] == tries
    assert desk.api.get("/settings/webuntis").get_json() == before
    assert desk.secrets() == ["enabled", "destroyed", "destroyed"]


def test_both_passwords_or_neither(desk: Desk) -> None:
    refused = problem(desk.save(BOTH | {"apiWachtwoord": "fout"}), 422)
    assert refused["code"] == "settings.api_refused"
    told = desk.api.get("/settings/webuntis").get_json()
    assert (told["wachtwoordIngesteld"], told["apiWachtwoordIngesteld"]) == (False, False)
    assert list(desk.app.secrets.versions(f"webuntis-{TINY.id}").values()) == ["destroyed"]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"apiWachtwoord": ""}, "/apiWachtwoord"),
        ({"apiGebruiker": ""}, "/apiGebruiker"),
        ({"apiGebruiker": "  "}, "/apiGebruiker"),
    ],
)
def test_a_user_and_his_password_belong_together(desk: Desk, form: dict[str, object], pointer: str) -> None:
    refused = problem(desk.save(BOTH | form), 422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("settings.api_incomplete", pointer)
    assert desk.rpc.calls["authenticate"] == 0


def test_another_user_needs_a_password_of_his_own(desk: Desk) -> None:
    desk.saved(BOTH)
    refused = problem(desk.save(BOTH | {"apiGebruiker": "iemand-anders", "apiWachtwoord": ""}), 422)
    assert refused["code"] == "settings.api_incomplete"


def test_a_second_factor_is_told_at_the_user(desk: Desk) -> None:
    desk.there.second_factor = True
    refused = problem(desk.save(BOTH), 422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("webuntis.second_factor", "/apiGebruiker")


def test_an_api_user_who_is_taken_away_leaves_no_password_behind(desk: Desk) -> None:
    desk.saved(BOTH)
    told = desk.saved(BOTH | {"apiGebruiker": "", "apiWachtwoord": ""})
    assert (told["apiGebruiker"], told["apiWachtwoordIngesteld"], desk.secrets()) == ("", False, ["disabled"])
    events, _ = read_audit(desk.app, TINY.id, limit=50, cursor=None)
    assert {"API-wachtwoord": "ingetrokken"} in [event.after for event in events]
    retain(desk.app, TINY.id)
    desk.now[0] += timedelta(days=31)
    assert retain(desk.app, TINY.id).deleted["secrets"] == 1
    assert desk.secrets() == ["destroyed"]


# ---------------------------------------------------------------- no lock-out


def test_wrong_api_passwords_are_few_and_the_applications_are_counted_apart(desk: Desk) -> None:
    desk.saved(BOTH)
    for number in range(4):
        assert problem(desk.save(BOTH | {"apiWachtwoord": f"fout-{number}"}), 422)["code"] == "settings.api_refused"
    desk.saved(BOTH | {"clientId": TINY.client_id, "apiWachtwoord": ""})  # a good login of the application
    assert desk.test()["inloggen"]["resultaat"] == "ok"
    refused = problem(desk.save(BOTH | {"apiWachtwoord": "fout-5"}), 422)
    assert refused["code"] == "settings.api_too_many_refusals"
    assert "24-11-2026" in refused["detail"]
    assert desk.there.wrong < rpc_school.WRONG_BEFORE_LOCK


def test_a_good_login_of_the_api_user_forgives_him_only(desk: Desk) -> None:
    assert problem(desk.save(BOTH | {"wachtwoord": "fout"}), 422)["code"] == "settings.password_refused"
    assert problem(desk.save(BOTH | {"apiWachtwoord": "fout"}), 422)["code"] == "settings.api_refused"
    desk.saved(ALONE)
    # The application's good login came before the API user's bad one; what it forgave is its own.
    assert read_logins(desk.app.store.get(logins_path(TINY.id))).attempts == ()
    assert problem(desk.save(BOTH | {"wachtwoord": "ook fout"}), 422)["code"] == "settings.password_refused"
    desk.saved(ALONE | {"apiWachtwoord": PASSWORD})
    assert [each.account for each in read_logins(desk.app.store.get(logins_path(TINY.id))).attempts] == [""]


def test_a_refused_api_user_is_not_tried_again_for_people_nor_for_lessons(desk: Desk) -> None:
    desk.saved(ALONE)
    desk.there.password = "anders"
    before = desk.rpc.calls["authenticate"]
    record = desk.run("een")
    assert (record.outcome, [each.code for each in record.problems]) == (Outcome.FAILED, ["webuntis.api_login_refused"])
    desk.run("twee")
    school, _ = read_school(desk.app, TINY.id)
    with pytest.raises(NotAuthorized, match="api_login_refused"):
        people_now(desk.app, TINY.id, Role.STUDENT)
    state = opened(desk.app.store.get(state_path(TINY.id)))
    with pytest.raises(NotAuthorized, match="api_login_refused"), lesson_source(desk.app, school, state):
        pass
    assert desk.rpc.calls["authenticate"] == before + 1
    assert desk.test()["inloggen"]["probleem"]["code"] == "settings.api_refused_before"


# ---------------------------------------------------------------- linking by it alone


def test_without_an_application_students_are_linked_and_teachers_hear_why_not(desk: Desk) -> None:
    desk.saved(ALONE)
    assert desk.run("een").outcome is Outcome.DONE
    decisions = {
        each.user: each for directory in read_directories(desk.app, TINY.id).values() for each in directory.decisions
    }
    for user in TINY.users:
        decision = decisions[user.id]
        if user.role is Role.STUDENT:
            assert (decision.state, decision.key) == (State.LINKED, TINY.right_key(user.id))
        else:
            assert (decision.state, decision.cause) == (State.REVIEW, "link.id_number_untold")
    log = desk.api.get("/runs/latest/log").get_json()
    assert any("API-gebruiker" in entry["reason"] for entry in log["entries"])
    missing = desk.api.get("/id-numbers").get_json()["items"]
    assert not [each for each in missing if each["role"] == "docent"]  # nothing to mend in WebUntis
    assert desk.run("twee").outcome is Outcome.UNCHANGED
    assert desk.api.get("/coupling").get_json()["state"] == "on_time"


def test_with_an_application_the_people_are_its_and_teachers_are_linked(desk: Desk) -> None:
    desk.saved(BOTH)
    before = desk.rpc.calls["getStudents"]
    assert desk.run("een").outcome is Outcome.DONE
    assert desk.rpc.calls["getStudents"] == before
    directory = read_directories(desk.app, TINY.id)[Role.TEACHER]
    assert {each.state for each in directory.decisions} == {State.LINKED}


def test_a_list_that_the_api_user_may_not_read_has_a_remedy_about_him(desk: Desk) -> None:
    desk.saved(ALONE)
    desk.there.rights.remove("getTeachers")
    record = desk.run("een")
    assert [(each.code, each.role) for each in record.problems] == [("webuntis.api_right_missing", "teacher")]


def test_a_new_api_user_opens_what_the_platform_had_closed(desk: Desk) -> None:
    school, version = read_school(desk.app, TINY.id)
    write_school(desk.app, replace(school, withdrawn=Withdrawn("deleted", "", NOVEMBER)), version=version)
    desk.saved(ALONE)
    assert desk.run("een").outcome is Outcome.DONE


# ---------------------------------------------------------------- the test, step by step


def test_the_test_takes_every_step_as_the_api_user_when_there_is_no_application(desk: Desk) -> None:
    for told in (desk.test(ALONE | {"ingeschakeld": False}), (desk.saved(ALONE), desk.test())[1]):
        failed = {name: step["probleem"]["code"] for name, step in told.items() if step["resultaat"] != "ok"}
        assert failed == {"voorbeeldDocent": "settings.id_numbers_untold"}
        assert told["rooster"]["uitleg"] == "De API-gebruiker mag het rooster van de hele school lezen."


def test_lessons_are_read_as_the_api_user_and_people_as_the_application(desk: Desk) -> None:
    told = desk.test(BOTH)
    assert {step["resultaat"] for step in told.values()} == {"ok"}
    assert told["rooster"]["uitleg"].startswith("De API-gebruiker")
    wrong = desk.test(BOTH | {"apiWachtwoord": "fout"})
    assert {name for name, step in wrong.items() if step["resultaat"] != "ok"} == {"rooster"}
    assert wrong["rooster"]["probleem"]["code"] == "webuntis.api_login_refused"


def test_the_test_says_when_lessons_may_be_read_person_by_person_only_or_not_at_all(desk: Desk) -> None:
    desk.saved(ALONE)
    desk.there.views -= {CLASS, TEACHER}
    assert desk.test()["rooster"]["uitleg"] == "De API-gebruiker mag het rooster alleen per persoon lezen."
    desk.there.views.clear()
    told = desk.test()["rooster"]["probleem"]
    assert told["code"] == "webuntis.api_lessons_refused"
    assert "gaat gewoon door" not in told["message"] + told["remedy"]


def test_in_summer_the_test_does_not_say_what_it_cannot_know(desk: Desk) -> None:
    desk.saved(ALONE)
    desk.now[0] = datetime(2027, 7, 28, 8, 0, tzinfo=UTC)
    step = desk.test()["rooster"]
    assert step["resultaat"] == "skipped"
    assert "buiten de schooljaren" in step["uitleg"]


def test_in_summer_a_good_coupling_passes(desk: Desk) -> None:
    desk.now[0] = datetime(2027, 7, 28, 8, 0, tzinfo=UTC)
    answer = desk.api.ask("POST", desk.api.at("/settings/webuntis/test"), json=BOTH)
    assert answer.get_json()["geslaagd"] is True
