"""A teacher's consent over HTTP, to Google's page and back: whose it is, once, in time, and what is kept and ended."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from test_api import problem
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.adapters.classroom import GoogleClient, GoogleConsent, Place
from shared.adapters.http import Door, PublicAndLoopback
from shared.domain.people import Role, User
from shared.domain.rules import Rules
from shared.domain.school import School
from shared.errors import NotAuthorized
from shared.flows.coursework_for import coursework_of
from shared.flows.google_consent import classroom_access, leavers, secret_name, standing
from shared.flows.keep_users import keep_users
from shared.flows.privacy import erase, export
from shared.flows.retention import retain
from shared.flows.schools import read_school, write_school
from shared.ports import App
from shared.wiring.local import Local, local

SCHOOL, FRONT_END = "klein", "https://app.profijt.example/google"
INGRID = User("u-ingrid", Role.TEACHER, "Ingrid", "de Vries", email="I.deVries@klein.example")
KEES = User("u-kees", Role.TEACHER, "Kees", "Bakker", email="k.bakker@klein.example")
MAILLESS = User("u-zonder", Role.TEACHER, "Zonder", "Adres")


class Clock:
    """Stands still until it is moved."""

    time = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@dataclass
class Desk:
    """Teachers and admins before the API, with a browser that Google sends back."""

    world: Local
    app: App
    clock: Clock
    seen: list[str]  # every address the browser was sent to

    @property
    def client(self) -> Client:
        return Client(web(self.app))

    @property
    def oauth(self):
        return self.world.classroom.oauth

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        user: User | str = INGRID,
        role: str = "teacher",
        school: str = SCHOOL,
        language: str = "nl",
        **more: Any,
    ) -> TestResponse:
        sub = user if isinstance(user, str) else user.id
        token = self.world.identity.token(sub=sub, roles=[role], school=school)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        return self.client.open(f"/v1/schools/{school}/google{path}", method=method, headers=headers, **more)

    def state(self, path: str = "", **who: Any) -> dict[str, Any]:
        answer = self.ask("GET", path, **who)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def address(self, **who: Any) -> str:
        answer = self.ask("POST", "/authorize", **who)
        assert answer.status_code == 200, answer.text
        self.seen.append(answer.get_json()["address"])
        return self.seen[-1]

    def answered(self, address: str, account: str = INGRID.email, **how: Any) -> str:
        """Where Google sends the browser when this account answers the page."""
        self.seen.append(self.oauth.consent(address, account, **how))
        return self.seen[-1]

    def callback(self, address: str, **changed: str) -> TestResponse:
        """The browser comes back to us, perhaps with another query."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query)) | changed
        return self.client.get(f"{parts.path}?{urlencode(query)}", headers={"Accept-Language": "nl"})

    def back(self, address: str, *, school: str = SCHOOL, **who_and_what: Any) -> TestResponse:
        """The browser comes back to us, and who sits behind it brings in what it was given."""
        who = {name: who_and_what.pop(name) for name in ("user", "role") if name in who_and_what}
        body = self.callback(address, **who_and_what).get_json()["body"]
        return self.ask("POST", "/consent", school=school, json=body, **who)

    def consent(self, user: User = INGRID, **how: Any) -> TestResponse:
        """The whole way, with one's own account unless told otherwise."""
        account = how.pop("account", user.email)
        return self.back(self.answered(self.address(user=user), account, **how), user=user)

    def courses(self, user: User = INGRID) -> list[str]:
        access = classroom_access(self.app, SCHOOL, user.id)
        assert access
        return [each.name for each in self.app.classroom(access).courses()]

    def events(self) -> list[dict[str, Any]]:
        token = self.world.identity.persona("admin", school=SCHOOL)
        answer = self.client.get(f"/v1/schools/{SCHOOL}/audit", headers={"Authorization": f"Bearer {token}"})
        items: list[dict[str, Any]] = answer.get_json()["items"]
        return items


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with local(tmp_path / "data") as world:
        clock = Clock()
        app = replace(world.app, now=clock)
        write_school(app, School(SCHOOL, "De Kleine School"))
        keep_users(app, SCHOOL, (INGRID, KEES, MAILLESS), ())
        google = world.classroom.school
        google.add_course("Wiskunde 3A", teachers=[INGRID.email.lower()])
        google.add_course("Nederlands 3B", teachers=[KEES.email])
        yield Desk(world, app, clock, [])


# ------------------------------------------------------------ the good way


def test_a_teacher_who_consents_can_read_the_own_courses(desk: Desk) -> None:
    assert desk.state()["standing"] == "none"
    answer = desk.consent(account="i.devries@klein.example")  # addresses differ in case, people do not
    assert answer.status_code == 200
    told = desk.state()
    assert answer.get_json() == told
    assert (told["standing"], told["account"], told["missing"]) == ("given", "i.devries@klein.example", [])
    assert told["since"] == "2026-11-23T08:00:00+01:00"
    assert desk.courses() == ["Wiskunde 3A"]


def test_the_day_of_a_grade_is_told_in_the_zone_of_its_school(desk: Desk) -> None:
    desk.consent()
    google = desk.world.classroom.school
    [maths] = [id for id, each in google.courses.items() if each.row["name"] == "Wiskunde 3A"]
    yusuf = google.enroll(maths, "yusuf@klein.example", "Yusuf", "Yılmaz")
    google.give(maths, google.add_work(maths, "SO"), yusuf, 8, at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    for zone, day in (("Europe/Amsterdam", 21), ("America/Curacao", 20)):
        found, version = read_school(desk.app, SCHOOL)
        write_school(desk.app, replace(found, zone=zone), version=version)
        access = classroom_access(desk.app, SCHOOL, INGRID.id)
        assert access
        [grade] = desk.app.classroom(access).gradings(f"classroom:{maths}").grades
        assert grade.scored == date(2026, 11, day)


def test_the_address_goes_to_google_with_a_proof_and_the_teachers_address_as_a_hint(desk: Desk) -> None:
    address = desk.address()
    query = dict(parse_qsl(urlsplit(address).query))
    assert (query["code_challenge_method"], query["login_hint"]) == ("S256", INGRID.email)
    assert query["redirect_uri"] == desk.world.config.google.redirect_url
    assert query["state"].startswith("klein.")
    assert INGRID.id not in address


def test_a_person_can_answer_the_page_with_a_click(desk: Desk) -> None:
    address = desk.address()
    assert "Toestaan als" in requests.get(address, timeout=5).text
    clicked = requests.post(address, data={"email": INGRID.email.lower()}, allow_redirects=False, timeout=5)
    assert desk.back(clicked.headers["Location"]).status_code == 200
    assert desk.state()["standing"] == "given"


def test_the_way_back_alone_keeps_nothing_and_asks_google_nothing(desk: Desk) -> None:
    back = desk.answered(desk.address())
    query = dict(parse_qsl(urlsplit(back).query))
    asked = len(desk.world.classroom.seen)
    for _ in range(2):  # a browser, or who previews links, may ask it more often
        answer = desk.callback(back)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        told = answer.get_json()
        assert told["path"] == "/v1/schools/{school}/google/consent"
        assert told["body"] == {"state": query["state"], "code": query["code"], "error": ""}
        assert "nog niets bewaard" in told["text"]
    assert len(desk.world.classroom.seen) == asked
    assert desk.state()["standing"] == "none"
    assert desk.back(back).status_code == 200


def test_who_consents_again_has_one_token_and_the_old_one_is_gone(desk: Desk) -> None:
    desk.consent()
    desk.clock.time += timedelta(days=1)
    desk.consent()
    assert desk.app.secrets.versions(secret_name(SCHOOL, INGRID.id)) == {"1": "destroyed", "2": "enabled"}
    assert desk.state()["since"] == "2026-11-24T08:00:00+01:00"
    assert desk.courses() == ["Wiskunde 3A"]


def test_each_teacher_has_a_consent_of_ones_own_and_the_admin_sees_how_many(desk: Desk) -> None:
    desk.consent(INGRID)
    desk.consent(KEES)
    assert desk.courses(KEES) == ["Nederlands 3B"]
    admin = desk.state(user="u-beheerder", role="admin")
    assert (admin["consented"], admin["standing"]) == (2, "no_email")
    assert admin["nextStep"].startswith("Iedere docent kiest zelf Koppelen met Google")
    assert desk.state()["consented"] is None


def test_an_admin_consents_for_the_own_account(desk: Desk) -> None:
    desk.back(desk.answered(desk.address(user=KEES, role="admin"), KEES.email), user=KEES, role="admin")
    told = desk.state(user=KEES, role="admin")
    assert (told["standing"], told["consented"]) == ("given", 1)


def test_a_test_tells_whether_classroom_can_be_read_now(desk: Desk) -> None:
    assert desk.state("?test=true")["courses"] is None  # nobody consented: there is nothing to ask Google
    desk.consent()
    assert desk.state("?test=true")["courses"] == 1
    assert desk.state()["courses"] is None
    for status, code in ((503, "http.server_error"), (403, "classroom.right_missing")):
        desk.world.classroom.fail("error", path="/v1/courses", status=status)
        told = desk.state("?test=true", language="en")
        assert (told["standing"], told["courses"], told["trouble"]["code"]) == ("given", None, code)
        desk.world.classroom.faults.clear()
        told = desk.state()
        assert (told["standing"], told["trouble"]) == ("given", None)  # it does not end the consent, and is not kept


def test_a_consent_that_is_found_to_have_ended_is_told_from_then_on(desk: Desk) -> None:
    desk.consent()
    desk.oauth.revoke(INGRID.email)
    assert desk.state()["standing"] == "given"  # nobody looked
    for path in ("?test=true", ""):
        told = desk.state(path, language="en")
        assert (told["standing"], told["courses"]) == ("ended", None)
        assert told["trouble"]["code"] == "classroom.consent_ended"
        assert "choose Connect to Google again" in told["nextStep"]
    desk.consent(refuse=True)
    assert desk.state()["standing"] == "ended"  # another attempt mended nothing
    desk.consent()
    told = desk.state("?test=true")
    assert (told["standing"], told["courses"], told["trouble"]) == ("given", 1, None)


def test_reading_classroom_for_a_list_or_an_export_finds_it_too(desk: Desk) -> None:
    [maths] = [id for id, each in desk.world.classroom.school.courses.items() if each.row["name"] == "Wiskunde 3A"]
    for read in (lambda all: all.courses(), lambda all: all.gradings(f"classroom:{maths}")):
        desk.consent()
        read(coursework_of(desk.app, SCHOOL, INGRID.id))
        desk.oauth.revoke(INGRID.email)
        for _ in range(2):
            with pytest.raises(NotAuthorized, match=r"classroom\.consent_ended"):
                read(coursework_of(desk.app, SCHOOL, INGRID.id))
            desk.clock.time += timedelta(minutes=1)
        assert desk.state()["standing"] == "ended"
    noted = [each["action"] for each in desk.events()].count("google.found_ended")
    assert noted == 2  # once for each consent, however often it is read


def test_a_consent_that_google_takes_again_is_given_again(desk: Desk) -> None:
    desk.consent()
    desk.world.classroom.fail("error", path="/v1/courses", status=401, times=2)
    assert desk.state("?test=true")["standing"] == "ended"
    told = desk.state("?test=true")
    assert (told["standing"], told["courses"], told["trouble"]) == ("given", 1, None)


def test_what_an_old_reading_finds_says_nothing_of_a_newer_consent(desk: Desk) -> None:
    desk.consent()
    reading = coursework_of(desk.app, SCHOOL, INGRID.id)
    desk.oauth.revoke(INGRID.email)
    desk.consent()
    with pytest.raises(NotAuthorized):
        reading.courses()
    assert desk.state()["standing"] == "given"


def test_a_front_end_gets_the_browser_back_with_what_to_post(desk: Desk) -> None:
    google, url = desk.world.config.google, desk.world.classroom.url
    place = Place(url, f"{url}/o/oauth2/v2/auth", f"{url}/token", f"{url}/revoke")
    client = GoogleClient(google.client_id, lambda: desk.oauth.client_secret, google.redirect_url, f"{FRONT_END}?x=1")
    desk.app = replace(desk.app, consent=GoogleConsent(Door(PublicAndLoopback()), place=place, client=client))
    for how, names in (({"refuse": True}, {"state", "error"}), ({}, {"state", "code"})):
        back = desk.answered(desk.address(), **how)
        answer = desk.callback(back, nieuw="van morgen")
        assert (answer.status_code, answer.data) == (303, b"")
        page, query = answer.headers["Location"].split("?x=1&")
        told = dict(parse_qsl(query))
        assert page == FRONT_END
        assert told == {name: value for name, value in parse_qsl(urlsplit(back).query) if name in names}
        desk.ask("POST", "/consent", json=told)
    assert desk.state()["standing"] == "given"


# ------------------------------------------------------------ somebody else's way


def test_who_is_sent_anothers_address_gives_that_other_nothing(desk: Desk) -> None:
    """An admin of one school fills in the address of a teacher of another, and lets that teacher open the way there."""
    write_school(desk.app, School("groot", "De Grote School"))
    keep_users(desk.app, "groot", (replace(KEES, id="u-lokvogel", email=INGRID.email),), ())
    address = desk.ask("POST", "/authorize", user="u-lokvogel", school="groot").get_json()["address"]
    back = desk.answered(address, INGRID.email)  # Ingrid trusts Profijt, and consents
    assert desk.callback(back).status_code == 200
    assert problem(desk.back(back, user=INGRID), 404)["code"] == "classroom.state_unknown"
    assert problem(desk.back(back, user="u-lokvogel", school="groot"), 404)["code"] == "classroom.state_unknown"
    for school, user in (("groot", "u-lokvogel"), (SCHOOL, INGRID.id)):
        assert classroom_access(desk.app, school, user) is None
        assert desk.app.secrets.versions(secret_name(school, user)) == {}
    assert not desk.oauth.allows(INGRID.email)  # the code was never redeemed


@pytest.mark.parametrize(
    ("school", "user"),
    [
        (SCHOOL, KEES.id),
        ("groot", INGRID.id),  # the same id, at another school
        ("groot", KEES.id),
    ],
)
def test_the_way_of_one_user_is_no_way_for_another_and_ends_there(
    desk: Desk, caplog: pytest.LogCaptureFixture, school: str, user: str
) -> None:
    write_school(desk.app, School("groot", "De Grote School"))
    keep_users(desk.app, "groot", (INGRID, KEES), ())
    for how in ({"refuse": True}, {}):
        back = desk.answered(desk.address(), **how)
        assert problem(desk.back(back, school=school, user=user), 404)["code"] == "classroom.state_unknown"
        assert caplog.records[-2].__dict__["fields"]["event"] == "foreign_google_way"
        assert problem(desk.back(back), 404)["code"] == "classroom.state_unknown"  # it is used up for its own user too
    assert not any(one.path == "/token" for one in desk.world.classroom.seen)
    assert desk.state()["trouble"] is None


def test_nobody_brings_anything_in_without_signing_in(desk: Desk) -> None:
    body = desk.callback(desk.answered(desk.address())).get_json()["body"]
    answer = desk.client.post(f"/v1/schools/{SCHOOL}/google/consent", json=body)
    assert problem(answer, 401)["code"] == "token.missing"
    assert desk.ask("POST", "/consent", json=body).status_code == 200  # and the way was not used up


# ------------------------------------------------------------ ways that are none


@pytest.mark.parametrize(
    "state", ["", "x", "klein.", ".x", "klein.raden", "klein.a/b", "elders.x", "klein." + "x" * 400]
)
def test_a_state_that_was_never_given_out_is_unknown(desk: Desk, state: str) -> None:
    back = desk.answered(desk.address())
    assert problem(desk.back(back, state=state), 404)["code"] == "classroom.state_unknown"
    assert desk.back(back).status_code == 200  # and the way itself was not used up


def test_a_way_back_is_walked_once(desk: Desk) -> None:
    back = desk.answered(desk.address())
    assert desk.back(back).status_code == 200
    asked = len(desk.world.classroom.seen)
    assert problem(desk.back(back), 404)["code"] == "classroom.state_unknown"
    assert len(desk.world.classroom.seen) == asked  # the code did not go to Google again
    assert desk.courses() == ["Wiskunde 3A"]  # and what was given stands


def test_of_many_that_come_back_at_once_one_is_served(desk: Desk) -> None:
    back = desk.answered(desk.address())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.back(back).status_code, range(8)))
    assert sorted(answers) == [200, *[404] * 7]
    assert sum(one.path == "/token" for one in desk.world.classroom.seen) == 1


def test_after_ten_minutes_the_way_is_closed(desk: Desk) -> None:
    back = desk.answered(desk.address())
    desk.clock.time += timedelta(minutes=10)
    assert problem(desk.back(back), 404)["code"] == "classroom.state_unknown"
    assert desk.state()["standing"] == "none"
    assert retain(desk.app, SCHOOL).deleted["google-ways"] == 1


def test_a_newer_address_takes_the_place_of_the_older(desk: Desk) -> None:
    older, newer = desk.answered(desk.address()), desk.answered(desk.address())
    assert problem(desk.back(older), 404)["code"] == "classroom.state_unknown"
    assert desk.back(newer).status_code == 200


def test_another_account_is_refused_and_nothing_kept_of_it(desk: Desk) -> None:
    told = problem(desk.consent(account=KEES.email), 403)
    assert told["code"] == "classroom.other_account"
    assert KEES.email not in json.dumps(told)
    assert desk.app.secrets.versions(secret_name(SCHOOL, INGRID.id)) == {}
    state = desk.state()
    assert (state["standing"], state["account"]) == ("none", "")
    assert state["trouble"]["code"] == "classroom.other_account"
    assert "ander Google-account" in state["trouble"]["text"]
    assert classroom_access(desk.app, SCHOOL, INGRID.id) is None


def test_whose_account_was_picked_by_mistake_keeps_the_own_consent(desk: Desk) -> None:
    desk.consent(KEES)
    problem(desk.consent(INGRID, account=KEES.email), 403)
    assert desk.state("?test=true", user=KEES)["courses"] == 1
    assert desk.courses(KEES) == ["Nederlands 3B"]


def test_rights_that_were_unticked_are_named_in_words(desk: Desk) -> None:
    told = problem(desk.consent(without=["profile.emails", "coursework.students.readonly"]), 502)
    assert told["code"] == "classroom.rights_not_given"
    assert "e-mailadressen, schoolwerk en cijfers" in told["detail"]
    trouble = desk.state(language="en")["trouble"]
    assert "e-mail addresses, coursework and grades" in trouble["text"]
    assert "ticked" in trouble["remedy"]
    assert desk.state()["standing"] == "none"


def test_who_says_no_at_google_is_told_so_and_may_try_again(desk: Desk) -> None:
    assert problem(desk.consent(refuse=True), 403)["code"] == "classroom.consent_declined"
    assert desk.state()["trouble"]["code"] == "classroom.consent_declined"
    assert desk.consent().status_code == 200
    assert desk.state()["trouble"] is None


@pytest.mark.parametrize("query", [{"code": "4/geraden"}, {"code": ""}, {"error": "server_error"}])
def test_a_code_that_google_does_not_confirm_is_worth_nothing(desk: Desk, query: dict[str, str]) -> None:
    answer = desk.back(desk.answered(desk.address()), **query)
    assert problem(answer, 502)["code"] == "classroom.consent_refused"
    assert desk.state()["standing"] == "none"


def test_a_code_of_another_way_does_not_fit_this_one(desk: Desk) -> None:
    """PKCE: whoever gets hold of a code has no verifier for it."""
    stolen = dict(parse_qsl(urlsplit(desk.answered(desk.address(user=INGRID))).query))["code"]
    answer = desk.back(desk.answered(desk.address(user=KEES), KEES.email), user=KEES, code=stolen)
    assert problem(answer, 502)["code"] == "classroom.consent_refused"


def test_a_failed_attempt_leaves_the_consent_there_was(desk: Desk) -> None:
    desk.consent()
    desk.consent(refuse=True)
    told = desk.state()
    assert (told["standing"], told["trouble"]["code"]) == ("given", "classroom.consent_declined")
    assert desk.courses() == ["Wiskunde 3A"]


def test_while_google_is_away_nothing_is_kept(desk: Desk) -> None:
    desk.world.classroom.fail("error", path="/token", status=503)
    assert problem(desk.consent(), 503)["code"] == "http.server_error"
    assert desk.state()["standing"] == "none"


def test_what_else_google_sends_along_is_passed_over(desk: Desk) -> None:
    assert desk.back(desk.answered(desk.address()), nieuw="van morgen").status_code == 200


# ------------------------------------------------------------ who may


@pytest.mark.parametrize("role", ["student", "support"])
def test_only_teachers_and_admins_have_anything_to_do_here(desk: Desk, role: str) -> None:
    for method, path in (("GET", ""), ("POST", "/authorize"), ("POST", "/consent"), ("DELETE", "")):
        problem(desk.ask(method, path, role=role), 403)


def test_without_an_address_in_profijt_nobody_is_sent_to_google(desk: Desk) -> None:
    assert desk.state(user=MAILLESS)["standing"] == "no_email"
    told = problem(desk.ask("POST", "/authorize", user=MAILLESS), 403)
    assert told["code"] == "classroom.no_email"


def test_where_no_client_is_configured_classroom_is_not_offered(desk: Desk) -> None:
    desk.consent()
    desk.app = replace(desk.app, consent=None)
    assert desk.state()["standing"] == "not_offered"
    assert problem(desk.ask("POST", "/authorize"), 403)["code"] == "classroom.not_offered"
    assert classroom_access(desk.app, SCHOOL, INGRID.id) is None


def test_a_changed_address_in_profijt_asks_for_a_new_consent(desk: Desk) -> None:
    desk.consent()
    keep_users(desk.app, SCHOOL, (replace(INGRID, email="ingrid.bakker@klein.example"),), ())
    assert desk.state()["standing"] == "other_email"
    assert classroom_access(desk.app, SCHOOL, INGRID.id) is None


# ------------------------------------------------------------ delegation


def test_where_the_school_delegates_nobody_is_asked(desk: Desk) -> None:
    desk.app = replace(desk.app, rules=Rules(delegated={SCHOOL: "klein.example"}), consent=None)
    assert desk.state()["standing"] == "delegated"
    access = classroom_access(desk.app, SCHOOL, INGRID.id)
    assert access
    assert (access.email, access.refresh_token) == (INGRID.email, "")


@pytest.mark.parametrize(
    "email",
    ["rector@groot.example", "x@klein.example.groot.example", "x@meerklein.example", "@klein.example", "klein.example"],
)
def test_a_school_gets_at_nobody_outside_its_own_mail_domain(desk: Desk, email: str) -> None:
    """A school fills in the addresses of its people itself."""
    desk.app = replace(desk.app, rules=Rules(delegated={SCHOOL: "klein.example", "groot": "groot.example"}))
    keep_users(desk.app, SCHOOL, (replace(INGRID, email=email),), ())
    assert classroom_access(desk.app, SCHOOL, INGRID.id) is None
    assert standing(desk.app, SCHOOL, INGRID.id)[0] == "none"


# ------------------------------------------------------------ ending


def test_ending_it_ends_it_at_google_and_forgets_the_token(desk: Desk) -> None:
    desk.consent()
    assert desk.ask("DELETE").status_code == 204
    assert not desk.oauth.allows(INGRID.email)
    assert desk.app.secrets.versions(secret_name(SCHOOL, INGRID.id)) == {"1": "destroyed"}
    assert desk.state()["standing"] == "none"
    assert desk.ask("DELETE").status_code == 204  # repeating is harmless


def test_a_colleague_with_the_same_account_keeps_the_own_consent(desk: Desk) -> None:
    """One person may be two users of a school: a teacher, and an admin."""
    twin = replace(KEES, id="u-ook-ingrid", email=INGRID.email)
    keep_users(desk.app, SCHOOL, (twin,), ())
    desk.consent(INGRID)
    desk.consent(twin)
    assert desk.ask("DELETE").status_code == 204
    assert desk.app.secrets.versions(secret_name(SCHOOL, INGRID.id)) == {"1": "destroyed"}
    assert desk.courses(twin) == ["Wiskunde 3A"]
    desk.consent(INGRID)
    assert erase(desk.app, SCHOOL, INGRID.id, actor="u-beheerder").google == 1
    assert desk.courses(twin) == ["Wiskunde 3A"]
    assert desk.ask("DELETE", user=twin).status_code == 204
    assert not desk.oauth.allows(INGRID.email)  # the last one turns off the light


def test_a_colleague_whose_consent_had_ended_holds_up_nothing(desk: Desk) -> None:
    twin = replace(KEES, id="u-ook-ingrid", email=INGRID.email)
    keep_users(desk.app, SCHOOL, (twin,), ())
    desk.consent(twin)
    desk.oauth.revoke(INGRID.email)
    desk.state("?test=true", user=twin)
    desk.consent(INGRID)
    assert desk.ask("DELETE").status_code == 204
    assert not desk.oauth.allows(INGRID.email)


def test_at_another_school_it_ends_with_the_account_and_is_told_there(desk: Desk) -> None:
    write_school(desk.app, School("groot", "De Grote School"))
    keep_users(desk.app, "groot", (INGRID,), ())
    desk.consent()
    address = desk.ask("POST", "/authorize", school="groot").get_json()["address"]
    assert desk.back(desk.answered(address), school="groot").status_code == 200
    desk.ask("DELETE")
    told = desk.ask("GET", "?test=true", school="groot").get_json()
    assert (told["standing"], told["trouble"]["code"]) == ("ended", "classroom.consent_ended")


def test_while_google_is_away_it_is_not_said_to_have_ended(desk: Desk) -> None:
    desk.consent()
    desk.world.classroom.fail("error", path="/revoke", status=503)
    problem(desk.ask("DELETE"), 503)
    assert desk.state()["standing"] == "given"


def test_a_consent_taken_back_at_google_can_still_be_ended_here(desk: Desk) -> None:
    desk.consent()
    desk.oauth.revoke(INGRID.email)
    assert desk.ask("DELETE").status_code == 204
    assert desk.state()["standing"] == "none"


def test_what_happened_is_in_the_audit_without_an_address(desk: Desk) -> None:
    for act in (lambda: desk.consent(refuse=True), desk.consent, lambda: desk.ask("DELETE")):
        act()
        desk.clock.time += timedelta(minutes=1)
    events = [each for each in desk.events() if each["action"].startswith("google.")]
    assert [each["action"] for each in events] == ["google.ended", "google.consented", "google.not_consented"]
    assert {each["who"] for each in events} == {INGRID.id}
    assert "@" not in json.dumps(events)


# ------------------------------------------------------------ privacy


def test_what_is_kept_is_told_to_the_person_and_erased_with_it(desk: Desk) -> None:
    desk.consent()
    desk.address()  # on the way a second time
    kept = export(desk.app, SCHOOL, INGRID.id, actor="u-beheerder")
    assert kept.google
    assert kept.google.email == INGRID.email
    assert "1//" not in repr(kept)
    token = desk.world.identity.persona("admin", school=SCHOOL)
    told = desk.client.get(
        f"/v1/schools/{SCHOOL}/people/{INGRID.id}/data", headers={"Authorization": f"Bearer {token}"}
    ).get_json()
    assert (told["google"]["account"], told["google"]["ended"]) == (INGRID.email, None)
    assert erase(desk.app, SCHOOL, INGRID.id, actor="u-beheerder").google == 1
    assert not desk.oauth.allows(INGRID.email)
    assert desk.app.secrets.versions(secret_name(SCHOOL, INGRID.id)) == {"1": "destroyed"}
    for collection in ("google", "google-ways"):
        assert desk.app.store.query(f"schools/{SCHOOL}/{collection}").documents == ()
    assert erase(desk.app, SCHOOL, INGRID.id, actor="u-beheerder").google == 0


def test_who_left_profijt_loses_access_at_once_and_is_forgotten_a_month_later(desk: Desk) -> None:
    desk.consent()
    keep_users(desk.app, SCHOOL, (), (INGRID.id,))
    assert classroom_access(desk.app, SCHOOL, INGRID.id) is None
    assert "google" not in retain(desk.app, SCHOOL).deleted
    assert desk.oauth.allows(INGRID.email)
    desk.clock.time += desk.app.rules.keep.secret
    assert retain(desk.app, SCHOOL).deleted["google"] == 1
    assert not desk.oauth.allows(INGRID.email)


def test_who_is_back_in_time_keeps_the_consent(desk: Desk) -> None:
    desk.consent()
    keep_users(desk.app, SCHOOL, (), (INGRID.id,))
    assert list(leavers(desk.app, SCHOOL)) == []
    keep_users(desk.app, SCHOOL, (INGRID,), ())
    desk.clock.time += desk.app.rules.keep.secret
    assert list(leavers(desk.app, SCHOOL)) == []
    assert desk.courses() == ["Wiskunde 3A"]


# ------------------------------------------------------------ what is never told


def test_no_token_code_state_or_address_is_in_a_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    desk.consent(account=KEES.email)
    desk.consent(without=["profile.emails"])
    desk.consent(refuse=True)
    desk.consent()
    desk.courses()
    desk.ask("DELETE")
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/v1/google/callback" in logged  # the route, never the address
    assert "/v1/schools/{school}/google/consent" in logged
    queries = [dict(parse_qsl(urlsplit(each).query)) for each in desk.seen]
    told = {value for query in queries for name, value in query.items() if name in ("state", "code", "code_challenge")}
    secrets = {*told, INGRID.email, KEES.email, "ya29.", "1//", desk.oauth.client_secret}
    assert [secret for secret in secrets if secret.lower() in logged.lower()] == []


def test_the_token_is_in_the_secrets_and_nowhere_in_the_store(desk: Desk) -> None:
    desk.consent()
    token = desk.app.secrets.read(secret_name(SCHOOL, INGRID.id), "1")
    assert token.startswith("1//")
    everything = [
        found
        for name in ("google", "google-ways", "audit")
        for found in desk.app.store.query(f"schools/{SCHOOL}/{name}").documents
    ]
    assert everything
    assert token not in repr(everything)
    assert INGRID.id not in secret_name(SCHOOL, INGRID.id)
