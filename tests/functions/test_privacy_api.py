"""Diagnosis, one person's data, retention and the bundle for support: who may, what is told, what never is."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_api import FORM, TINY, Api, problem, set_up
from werkzeug.test import Client

from functions.auto_link import run_message
from functions.housekeeping import retain_message
from functions.kept_days import kept_days
from functions.local_server import web
from functions.logs import JsonLines
from shared.adapters.indexes import EXEMPT
from shared.domain.people import Person, Role, User
from shared.domain.rules import Keep
from shared.flows.audit import read_audit
from shared.flows.retention import EXPIRING, SINGLE, TOPIC
from shared.wiring.local import local

PASSWORD = "kanarie-Wachtwoord-9!"
HIM = User(
    "u-leerling", Role.STUDENT, "Quirijn", "Zwanepoel", "van", "QZW", "9907001", "qz@entree.example",
    "https://ketenid.nl/201703/canary7", "9907002", "quirijn@zwanepoel.example",
)  # fmt: skip
PERSON = Person("8807001", Role.STUDENT, "9907003", "Quirijn", "van Zwanepoel")
TWIN = Person("8807002", Role.STUDENT, "", "Zwanepoel", "Quirijn van")
ID = HIM.id
CANARIES = (
    *("Quirijn", "Zwanepoel", "QZW", "9907001", "9907002", "9907003", "8807001", "qz@entree", "ketenid", "canary7"),
    *("quirijn@", PASSWORD, *(user.last_name for user in TINY.users)),
    *(user.id for user in TINY.users),
)
SCHOOL = replace(TINY, password=PASSWORD, users=(*TINY.users, HIM), persons=(*TINY.persons, PERSON))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line that this process logs, of all libraries, as Cloud Logging would get it."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record) + record.getMessage())

    handler = Kept()
    handler.setFormatter(JsonLines(project="p", service="s", version="v"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def school(tmp_path: Path, lines: list[str]) -> Iterator[Api]:
    with local(tmp_path / "data") as world:
        world.queue.subscribe("link-school", lambda message: run_message(world.app, message))  # type: ignore[arg-type, return-value]
        world.queue.subscribe(TOPIC, lambda message: retain_message(world.app, message))  # type: ignore[arg-type, return-value]
        world.queue.subscribe("notify", lambda _: None)
        world.queue.subscribe("refresh-week", lambda _: None)
        yield set_up(Api(world, Client(web(world.app))), SCHOOL)


def diagnosis(api: Api, query: str = "") -> Any:
    answer = api.get(f"/timetable/diagnosis{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


# ------------------------------------------------------------ Waarom zie ik geen rooster?


def test_a_student_hears_about_himself_and_an_admin_about_anyone(school: Api) -> None:
    before = diagnosis(school.as_("student"))
    assert before["cause"]["code"] == "run.none_yet"
    assert before["nextRun"][11:16] in before["message"]
    school.sync()
    for told in (diagnosis(school.as_("student")), diagnosis(school, f"?user={ID}")):
        assert (told["user"], told["role"], told["state"]) == (ID, "leerling", "linked")
        assert told["cause"] is None
        assert [check["result"] for check in told["checks"]] == ["ok"] * 7 + ["unknown"] * 4
        assert told["lastRun"]["outcome"] == "done"
        assert told["message"].startswith("De koppeling is in orde")


def test_the_first_failing_check_comes_with_remedy_and_owner_in_words(school: Api) -> None:
    assert school.world.untis
    school.world.untis.schools[SCHOOL.tenant_id].replace_all(TINY.persons)
    school.sync()
    told = diagnosis(school.as_("student"))
    assert told["cause"]["name"] == "webuntis"
    assert told["cause"]["remedy"]
    assert (told["cause"]["owner"], told["cause"]["who"]) == (
        "untis-admin",
        "de roostermaker of Untis-beheerder van de school",
    )
    english = Api(school.world, school.client, "student", language="en")
    assert diagnosis(english)["cause"]["message"] != told["cause"]["message"]


def test_an_admin_sees_candidates_and_the_person_himself_sees_none(school: Api) -> None:
    assert school.world.untis
    like = [Person("1", Role.STUDENT, "9907003", "Quirijn", "van Zwanepol")]
    school.world.untis.schools[SCHOOL.tenant_id].replace_all([*TINY.persons, *like])
    school.sync()
    assert [each["name"] for each in diagnosis(school, f"?user={ID}")["candidates"]] == ["Quirijn van Zwanepol"]
    own = school.as_("student").get("/timetable/diagnosis")
    assert own.get_json()["candidates"] == []
    assert "Zwanepol" not in own.text
    assert "9907003" not in own.text


def test_without_automatic_linking_the_number_is_looked_at_on_both_sides(school: Api) -> None:
    form = FORM | {"automatischKoppelen": False, "kenmerkLeerling": "nummer", "wachtwoord": PASSWORD}
    assert school.save_settings(form).status_code == 200
    school.sync()
    told = diagnosis(school.as_("student"))
    assert not told["automatic"]
    assert (told["cause"]["name"], told["cause"]["code"]) == ("idNumber", "link.attribute_not_found")
    assert "(Nummer)" in told["cause"]["message"]


@pytest.mark.parametrize("persona", ["student", "teacher"])
@pytest.mark.parametrize("user", ["u-beheerder", "niemand"])
def test_for_others_nobody_else_exists(school: Api, persona: str, user: str, lines: list[str]) -> None:
    refused = school.as_(persona).get(f"/timetable/diagnosis?user={user}")
    assert problem(refused, 404)["code"] == "diagnosis.person_unknown"
    assert any('"event": "foreign_person"' in line for line in lines)


def test_an_admin_hears_that_somebody_is_unknown_and_about_himself_why(school: Api) -> None:
    assert problem(school.get("/timetable/diagnosis?user=niemand"), 404)["code"] == "diagnosis.person_unknown"
    school.sync()
    assert diagnosis(school)["cause"]["code"] == "diagnosis.not_in_profijt"


# ------------------------------------------------------------ one person's data


def test_an_admin_exports_and_erases_in_two_steps(school: Api) -> None:
    school.sync()
    data = school.get(f"/people/{ID}/data")
    told = data.get_json()
    assert told["profijt"]["email"] == HIM.email
    assert told["link"]["idNumber"] == told["copy"]["key"] == "9907003"
    assert [row["name"] for row in told["log"]] == ["Quirijn van Zwanepoel"]
    assert not any(user.last_name in data.text for user in TINY.users)
    place = school.at(f"/people/{ID}/data")
    for query in ("", "?bevestig=ja"):
        assert problem(school.ask("DELETE", place + query), 422)["code"] == "person.confirm"
    done = school.ask("DELETE", f"{place}?bevestig={ID}")
    assert done.status_code == 200
    assert done.get_json()["users"] == 1
    assert done.get_json()["logRows"] == 1
    again = school.ask("DELETE", f"{place}?bevestig={ID}").get_json()
    assert set(again.values()) == {0}
    assert problem(school.get(f"/people/{ID}/data"), 404)["code"] == "person.unknown"
    assert ID not in school.get("/users").text
    assert HIM.last_name not in school.get("/runs/latest/log").text


@pytest.mark.parametrize("persona", ["student", "teacher", "support"])
def test_only_an_admin_exports_and_erases(school: Api, persona: str) -> None:
    problem(school.as_(persona).get(f"/people/{ID}/data"), 403)
    problem(school.as_(persona).ask("DELETE", school.at(f"/people/{ID}/data?bevestig={ID}")), 403)


@pytest.mark.parametrize("path", [f"/people/{ID}/data", "/retention", "/bundle", "/timetable/diagnosis"])
def test_another_schools_admin_finds_nothing(school: Api, path: str) -> None:
    stranger = Api(school.world, school.client, school="elders")
    problem(stranger.ask("GET", school.at(path)), 404)


# ------------------------------------------------------------ retention


def test_the_machines_clear_and_the_admin_sees_the_proof(school: Api) -> None:
    token = school.world.identity.machine_token(audience="profijt-koppelingen")
    answer = school.client.post("/functions/retain", headers={"Authorization": f"Bearer {token}"})
    assert answer.get_json(force=True) == {"schools": 1}
    assert school.world.queue.drain(20)
    told = school.get("/retention").get_json()
    assert [day["deleted"] for day in told["items"]] == [{}]
    kept = told["keptDays"]
    assert (kept["runs"], kept["logs"], kept["interests"], kept["support"], kept["google-ways"]) == (395, 90, 365, 3, 1)
    assert (kept["google"], kept["feeds"]) == (30, 30)
    problem(school.as_("teacher").get("/retention"), 403)
    person = school.world.identity.persona("admin")
    assert school.client.post("/functions/retain", headers={"Authorization": f"Bearer {person}"}).status_code == 401


def test_of_everything_that_goes_by_itself_it_is_told_when() -> None:
    told = kept_days(Keep()).keys()
    assert told >= EXPIRING.keys() | {single.partition("/")[0] for single in SINGLE}
    by_the_database = {each.group for each in EXEMPT if each.expires} - {"parts", "entries"}  # of the others
    assert told == by_the_database | {"secrets", "google", "feeds"}  # of who left: no date is known beforehand


# ------------------------------------------------------------ the bundle for support


def consent(school: Api, hours: object = 4) -> Any:
    return school.ask("POST", school.at("/support-consent"), json={"hours": hours})


def test_support_looks_along_only_while_the_admin_consents(school: Api) -> None:
    support = school.as_("support")
    refused = problem(support.get("/bundle"), 403)
    assert (refused["code"], refused["owner"]) == ("bundle.no_consent", "admin")
    assert school.get("/bundle").get_json()["consentUntil"] is None  # the admin may see what would be given
    assert consent(school).status_code == 201
    assert support.get("/bundle").get_json()["consentUntil"]
    assert school.ask("DELETE", school.at("/support-consent")).status_code == 204
    problem(support.get("/bundle"), 403)
    assert school.ask("DELETE", school.at("/support-consent")).status_code == 204


def test_consent_ends_by_itself(school: Api) -> None:
    consent(school, 1)
    later = replace(school.world.app, now=lambda: school.world.app.now().replace(year=2099))
    support = Api(replace(school.world, app=later), Client(web(later)), "support")
    assert problem(support.get("/bundle"), 403)["code"] == "bundle.no_consent"


@pytest.mark.parametrize("hours", [0, 73, -1, 1.5, "4", None])
def test_consent_is_for_1_to_72_hours(school: Api, hours: object) -> None:
    problem(consent(school, hours), 422)


@pytest.mark.parametrize("persona", ["support", "teacher", "student"])
def test_nobody_but_an_admin_consents(school: Api, persona: str) -> None:
    problem(consent(school.as_(persona)), 403)


def test_who_consented_and_who_looked_is_in_the_audit(school: Api) -> None:
    consent(school)
    school.as_("support").get("/bundle")
    school.ask("DELETE", school.at("/support-consent"))
    events, _ = read_audit(school.world.app, TINY.id, limit=50, cursor=None)
    ours = [(event.actor, event.action) for event in events if event.action.startswith(("support.", "bundle."))]
    assert ours[::-1] == [
        ("u-beheerder", "support.allowed"),
        ("u-support", "bundle.read"),
        ("u-beheerder", "support.withdrawn"),
    ]


def test_the_bundle_tells_what_support_needs(school: Api) -> None:
    school.sync()
    told = school.get("/bundle").get_json()
    assert told["settings"]["enabled"]
    assert told["settings"]["hasPassword"]
    assert told["users"] == {"student": 4, "teacher": 2}
    assert sum(told["links"].values()) == 6
    assert told["links"]["student.linked.link.same_letters"] >= 3
    assert told["runs"][0]["outcome"] == "done"
    assert told["passwords"] == {"enabled": 1}
    assert told["version"]
    assert told["rulesVersion"]


def test_no_name_number_address_or_password_is_in_the_bundle_or_in_any_log_line(school: Api, lines: list[str]) -> None:
    assert school.world.untis
    school.sync()
    # Now with everything that can go wrong: a namesake without a number, review, and a password that is refused.
    school.world.untis.schools[SCHOOL.tenant_id].replace_all([*TINY.persons[1:], TWIN])
    school.world.queue.publish("link-school", [{"school": TINY.id, "run": "20991123T0700Z", "trigger": "schedule"}])
    assert school.world.queue.drain(30)
    school.get(f"/people/{ID}/data")
    school.get("/timetable/diagnosis?user=Zwanepoel")
    school.as_("student").get("/timetable/diagnosis?user=Zwanepoel")
    school.get("/people/Zwanepoel/data")
    consent(school)
    bundle = school.as_("support").get("/bundle").text
    assert json.loads(bundle)["idNumbers"] == {"student.missing": 1}
    assert [canary for canary in CANARIES if canary in bundle] == []
    school.ask("DELETE", school.at(f"/people/{ID}/data?bevestig={ID}"))
    school.world.untis.schools[SCHOOL.tenant_id].password = "anders"
    school.world.queue.publish("link-school", [{"school": TINY.id, "run": "20991123T0730Z", "trigger": "schedule"}])
    assert school.world.queue.drain(30)
    assert len(lines) > 10
    told = [line for line in lines if any(canary in line for canary in CANARIES)]
    assert told == []
