"""The admin's API over the whole local composition: what a person does with curl, and what goes wrong when he errs."""

import csv
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.auto_link import run_message
from functions.local_server import web
from shared.domain.causes import Owner
from shared.flows.tick import tick
from shared.simulators.practice_school import PracticeSchool, load, practice_school, tiny_school, users_body
from shared.wiring.local import Local, local

SCHOOL = practice_school()
TINY = tiny_school()
FORM = {"ingeschakeld": True, "schoolnaam": TINY.school_name, "subdomein": TINY.subdomain, "wachtwoord": TINY.password}


@dataclass
class Api:
    """Speaks as one of the personas at one school."""

    world: Local
    client: Client
    persona: str = "admin"
    school: str = TINY.id
    language: str = "nl"

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        token = self.world.identity.persona(self.persona, school=self.school)
        told = {"Authorization": f"Bearer {token}", "Accept-Language": self.language, **(headers or {})}
        return self.client.open(path, method=method, headers=told, **body)

    def at(self, path: str) -> str:
        return f"/v1/schools/{self.school}{path}"

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", self.at(path), **more)

    def put(self, path: str, body: object, **more: Any) -> TestResponse:
        return self.ask("PUT", self.at(path), json=body, **more)

    def save_settings(self, form: dict[str, object]) -> TestResponse:
        return self.put(
            "/settings/webuntis", form, headers={"If-Match": self.get("/settings/webuntis").headers["ETag"]}
        )

    def as_(self, persona: str, **other: str) -> "Api":
        return Api(self.world, self.client, persona, **({"school": self.school} | other))

    def sync(self) -> None:
        assert tick(self.world.app)
        assert self.world.queue.drain(30)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with local(tmp_path / "data") as world:
        world.queue.subscribe("link-school", lambda message: run_message(world.app, message))  # type: ignore[arg-type, return-value]
        yield Api(world, Client(web(world.app)))


@pytest.fixture
def school(api: Api) -> Api:
    return set_up(api, TINY)


def set_up(api: Api, school: PracticeSchool) -> Api:
    """A school as support and its admin would make it."""
    assert api.world.untis
    load(api.world.untis, school)
    admin = api.as_("admin", school=school.id)
    assert admin.as_("support").put("", {"naam": school.display_name, "ontgrendeld": True}).status_code == 200
    form = FORM | {"schoolnaam": school.school_name, "subdomein": school.subdomain, "wachtwoord": school.password}
    assert admin.save_settings(form).status_code == 200
    assert admin.put("/users", users_body(school.users)).status_code == 200
    return admin


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = answer.get_json(force=True)
    assert told["detail"]
    assert told["remedy"]
    assert told["owner"] in set(Owner)
    return told


def test_from_nothing_to_a_log_that_names_everyone(school: Api) -> None:
    school.sync()
    log = school.get("/runs/latest/log").get_json()
    assert log["run"]["outcome"] == "done"
    assert {entry["user"] for entry in log["entries"]} == {user.id for user in TINY.users}
    for entry in log["entries"]:
        assert entry["state"] == "linked"
        assert entry["reason"]
        assert entry["idNumber"] == TINY.right_key(entry["user"])


def test_before_the_first_run_the_answer_says_when_it_comes(school: Api) -> None:
    runs = school.get("/runs").get_json()
    assert (runs["items"], runs["last"]) == ([], None)
    assert runs["message"].startswith("Er heeft nog geen synchronisatie plaatsgevonden")
    assert runs["due"][11:16] in runs["message"]
    assert problem(school.get("/runs/latest"), 404)["code"] == "run.unknown"


def test_the_log_opens_in_dutch_excel_and_runs_no_formula(school: Api) -> None:
    row = {"id": "u9", "rol": "leerling", "voornaam": '=HYPERLINK("http://elders")', "achternaam": "Bakker"}
    school.put("/users", {"users": [row]})
    school.sync()
    answer = school.get("/runs/latest/log.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(TINY.users) + 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert "067" in {row["ID-nummer"] for row in rows}


def test_the_log_and_its_causes_are_there_in_english(school: Api) -> None:
    school.sync()
    dutch, english = (
        Api(school.world, school.client, language=language).get("/runs/latest/log").get_json()["entries"][0]
        for language in ("nl", "en-GB")
    )
    assert (dutch["role"], english["role"]) in (("leerling", "student"), ("docent", "teacher"))
    assert dutch["reason"] != english["reason"]


def test_people_to_mend_in_webuntis_are_listed_per_role(api: Api) -> None:
    school = set_up(api, SCHOOL)
    school.sync()
    told = school.get("/id-numbers").get_json()
    assert sum(told["counts"].values()) == len(told["items"]) > 0
    empty = [person for person in SCHOOL.persons if not person.key]
    assert sum(count for name, count in told["counts"].items() if name.endswith("missing")) == len(empty)
    assert all(item["name"] and item["remedy"] for item in told["items"])


def test_the_password_goes_in_and_never_comes_out(school: Api) -> None:
    answer = school.get("/settings/webuntis")
    assert TINY.password not in answer.text
    assert answer.get_json()["wachtwoordIngesteld"] is True
    kept = school.save_settings({name: value for name, value in FORM.items() if name != "wachtwoord"})
    assert kept.get_json()["wachtwoordIngesteld"] is True
    school.sync()
    assert school.get("/runs/latest").get_json()["outcome"] == "done"


def test_settings_stay_shut_until_support_opens_them(api: Api) -> None:
    api.as_("support").put("", {"naam": "School", "ontgrendeld": False})
    refused = problem(api.get("/settings/webuntis"), 403)
    assert (refused["code"], refused["owner"]) == ("settings.locked", "profijt-support")
    assert "support@profijt.nu" in refused["remedy"]


def test_two_admins_who_save_at_once_do_not_overwrite_each_other(school: Api) -> None:
    seen = school.get("/settings/webuntis").headers["ETag"]
    first = school.put("/settings/webuntis", FORM | {"automatischKoppelen": False}, headers={"If-Match": seen})
    second = school.put("/settings/webuntis", FORM | {"ingeschakeld": False}, headers={"If-Match": seen})
    assert first.status_code == 200
    assert problem(second, 412)["code"] == "request.stale"
    assert problem(school.put("/settings/webuntis", FORM), 428)["code"] == "request.match_required"
    assert school.get("/settings/webuntis").get_json()["ingeschakeld"] is True


@pytest.mark.parametrize("typed", ["https://Klein.webuntis.com/WebUntis/?school=x", " klein ", "klein.webuntis.com."])
def test_a_pasted_address_is_reduced_to_the_subdomain(school: Api, typed: str) -> None:
    assert school.save_settings(FORM | {"subdomein": typed}).get_json()["subdomein"] == "klein"


@pytest.mark.parametrize(
    "typed", ["http://169.254.169.254/", "klein.evil.example", "a b", "-x", "klein@evil", "x" * 64]
)
def test_what_is_no_webuntis_address_is_refused(school: Api, typed: str) -> None:
    assert problem(school.save_settings(FORM | {"subdomein": typed}), 422)["code"] == "settings.subdomain"


def test_the_bsn_is_no_identifying_attribute(school: Api) -> None:
    problem(school.save_settings(FORM | {"kenmerkLeerling": "bsn"}), 422)


def test_a_bad_row_is_told_with_its_remedy_and_the_others_are_stored(school: Api) -> None:
    rows = [
        {"id": "u20", "rol": "leerling", "voornaam": "Anna", "achternaam": "Smit", "nummer": "0020"},
        {"id": "u21", "rol": "leerling", "voornaam": "Bram", "achternaam": "Smit", "nummer": 21},
    ]
    told = school.put("/users", {"users": rows}).get_json()
    assert (told["ontvangen"], told["nieuw"]) == (2, 1)
    [refused] = told["geweigerd"]
    assert (refused["rij"], refused["id"], refused["veld"], refused["code"]) == (2, "u21", "nummer", "users.not_text")
    assert refused["melding"]
    assert refused["oplossing"]
    known = {user["id"]: user for user in school.get("/users").get_json()["items"]}
    assert known["u20"]["nummer"] == "0020"
    assert "u21" not in known


def test_a_bsn_in_an_upload_is_refused_and_nothing_is_stored(school: Api) -> None:
    before = school.get("/users").get_json()
    row = {"id": "u30", "rol": "leerling", "voornaam": "A", "achternaam": "B", "BSN": "123456782"}
    refused = school.put("/users", {"users": [row]})
    assert "123456782" not in refused.text
    assert "bsn" in problem(refused, 422)["detail"].lower()
    assert school.get("/users").get_json() == before


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b'{"users": [', "application/json", 400),
        (b'{"gebruikers": []}', "application/json", 422),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 100, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * (9 << 20), "application/json", 413),
        (json.dumps({"users": [{"id": str(n)} for n in range(6000)]}).encode(), "application/json", 422),
    ],
    ids=["cut off", "unknown field", "gzip bytes", "text", "nine megabytes", "six thousand users"],
)
def test_a_bad_upload_is_refused_with_a_clear_error(school: Api, body: bytes, media: str, status: int) -> None:
    before = school.get("/users").get_json()
    problem(school.ask("PUT", school.at("/users"), data=body, content_type=media), status)
    assert school.get("/users").get_json() == before


def test_a_zip_bomb_is_not_unpacked(school: Api) -> None:
    answer = school.ask("PUT", school.at("/users"), data=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert problem(answer, 415)["code"] == "request.encoding"


def test_two_uploads_at_the_same_moment_are_both_kept(school: Api) -> None:
    def send(number: int) -> None:
        rows = [
            {"id": f"w{number}-{n}", "rol": "leerling", "voornaam": f"Kind {number}", "achternaam": f"Nummer {n}"}
            for n in range(50)
        ]
        assert school.put("/users", {"users": rows}).status_code == 200

    threads = [threading.Thread(target=send, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(school.get("/users?limit=500").get_json()["items"]) == 150 + len(TINY.users)


def test_users_are_paged_without_holes(school: Api) -> None:
    seen: list[str] = []
    path = "/users?limit=2"
    while path:
        page = school.get(path).get_json()
        seen += [user["id"] for user in page["items"]]
        path = f"/users?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == sorted(user.id for user in TINY.users)


@pytest.mark.parametrize("persona", ["teacher", "student"])
@pytest.mark.parametrize("path", ["/users", "/runs", "/runs/latest/log", "/settings/webuntis", "/id-numbers"])
def test_only_admins_read_the_schools_people(school: Api, persona: str, path: str) -> None:
    problem(school.as_(persona).get(path), 403)


@pytest.mark.parametrize("path", ["/users", "/runs", "/runs/latest", "/settings/webuntis", "/id-numbers"])
def test_another_schools_admin_sees_no_such_school(school: Api, path: str) -> None:
    stranger = Api(school.world, school.client, school="elders")
    problem(stranger.ask("GET", school.at(path)), 404)


def test_an_admin_cannot_open_his_own_settings(school: Api) -> None:
    problem(school.put("", {"naam": "Ik", "ontgrendeld": True}), 403)


def test_a_held_run_is_approved_by_the_admin_and_only_once(api: Api) -> None:
    school = set_up(api, SCHOOL)
    school.sync()
    assert api.world.untis
    untis = api.world.untis.schools[SCHOOL.tenant_id]
    untis.replace_all([person for person in SCHOOL.persons if not person.key.startswith("2")][:400])
    run_now(school, "held-run")  # another tick in this minute would be the same run
    held = school.get("/runs/latest").get_json()
    assert held["outcome"] == "held"
    assert held["problems"][0]["message"]
    path = school.at(f"/runs/{held['id']}/approve")
    answer = school.ask("POST", path, headers={"Idempotency-Key": "approve-1"})
    again = school.ask("POST", path, headers={"Idempotency-Key": "approve-1"})
    assert answer.status_code == again.status_code == 202
    assert answer.get_json() == again.get_json()
    assert school.world.queue.drain(30)
    assert school.get("/runs/latest").get_json()["outcome"] == "done"
    assert problem(school.ask("POST", path), 409)["code"] == "run.nothing_held"


def run_now(school: Api, run: str) -> None:
    school.world.queue.publish("link-school", [{"school": school.school, "run": run, "trigger": "schedule"}])
    assert school.world.queue.drain(30)


@pytest.mark.parametrize("flaw", ["expired", "wrong_audience", "wrong_issuer", "alg_none", "hs256_with_public_key"])
def test_a_token_that_is_not_good_opens_nothing(school: Api, flaw: Any) -> None:
    token = school.world.identity.bad_token(flaw, school=TINY.id)
    answer = school.client.get(school.at("/users"), headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401)


def test_the_machines_functions_listen_to_named_service_accounts_only(school: Api) -> None:
    identity = school.world.identity
    good = identity.machine_token(audience="profijt-koppelingen")
    stranger = identity.machine_token(audience="profijt-koppelingen", email="iemand@elders.example")
    person = identity.persona("support")
    answers = [
        school.client.post("/functions/tick", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (good, stranger, person, "x")
    ]
    assert answers == [200, 401, 401, 401]
