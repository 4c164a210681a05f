"""The WebUntis settings as an admin meets them: explained, tried before they are kept, tested and previewed."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.domain.bsn import passes
from shared.domain.people import Role
from shared.flows.audit import read_audit
from shared.flows.directory import read_directories
from shared.flows.read_roster import password_name
from shared.simulators.practice_school import practice_school, tiny_school
from shared.simulators.untis_school import UntisSchool
from shared.simulators.webuntis import WebUntisSimulator
from shared.wiring.local import local
from tests.functions.test_api import FORM, Api, problem, set_up

SCHOOL, TINY = practice_school(), tiny_school()
KEPT = {name: value for name, value in FORM.items() if name != "wachtwoord"}
SEVEN = {
    "ingeschakeld": "Ingeschakeld",
    "schoolnaam": "Schoolnaam",
    "subdomein": "Subdomein",
    "wachtwoord": "Wachtwoord",
    "automatischKoppelen": "Automatisch koppelen van gebruikers",
    "kenmerkLeerling": "Identificerend kenmerk leerling",
    "kenmerkDocent": "Identificerend kenmerk docent",
}
TEST, PREVIEW = "/settings/webuntis/test", "/settings/webuntis/preview"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with local(tmp_path / "data") as world:
        yield Api(world, Client(web(world.app)))


@pytest.fixture
def school(api: Api) -> Api:
    return set_up(api, TINY)


def untis(school: Api) -> WebUntisSimulator:
    assert school.world.untis
    return school.world.untis


def there(school: Api) -> UntisSchool:
    return untis(school).schools[TINY.tenant_id]


def post(school: Api, path: str, body: object = None) -> TestResponse:
    return school.ask("POST", school.at(path), **({} if body is None else {"json": body}))


def steps(answer: TestResponse) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {step["stap"]: step for step in answer.get_json()["stappen"]}


def results(answer: TestResponse) -> dict[str, str]:
    return {name: step["resultaat"] for name, step in steps(answer).items()}


def states(school: Api) -> list[str]:
    return list(school.world.app.secrets.versions(password_name(TINY.id)).values())


def actions(school: Api) -> list[str]:
    return [event.action for event in read_audit(school.world.app, TINY.id, limit=50, cursor=None)[0]]


# ---------------------------------------------------------------- the form


def test_the_seven_fields_of_the_manual_are_explained_word_for_word(school: Api) -> None:
    fields = school.get("/settings/webuntis").get_json()["velden"]
    assert {name: fields[name]["label"] for name in SEVEN} == SEVEN
    assert fields["ingeschakeld"]["toelichting"] == "Zet dit vinkje aan om de koppeling in werking te stellen."
    assert "elke 30 minuten" in fields["automatischKoppelen"]["toelichting"]
    english = Api(school.world, school.client, language="en").get("/settings/webuntis").get_json()["velden"]
    assert english.keys() == fields.keys()
    for name, field in fields.items():
        assert field["toelichting"]
        assert english[name]["toelichting"] not in ("", field["toelichting"])


def test_both_attributes_are_told_to_be_ignored_while_linking_is_automatic(school: Api) -> None:
    fields = school.get("/settings/webuntis").get_json()["velden"]
    ignored = {name for name, field in fields.items() if field["genegeerd"]}
    assert ignored == {"kenmerkLeerling", "kenmerkDocent"}
    assert fields["kenmerkDocent"]["waarom"] == "Koppelen gebeurt dan altijd op basis van het WebUntis ID-nummer."
    off = school.save_settings(KEPT | {"automatischKoppelen": False}).get_json()["velden"]
    assert not any(field["genegeerd"] or field["waarom"] for field in off.values())


def test_a_pasted_address_fills_in_both_fields(school: Api) -> None:
    pasted = "https://KLEIN.webuntis.com/WebUntis/?school=klein%2Bschool#/basic/login"
    told = school.save_settings(KEPT | {"schoolnaam": "", "subdomein": pasted}).get_json()
    assert (told["schoolnaam"], told["subdomein"]) == ("klein+school", "klein")


@pytest.mark.parametrize("path", [TEST, PREVIEW])
def test_a_locked_school_is_told_whom_to_ask(school: Api, path: str) -> None:
    found = school.as_("support").get("")
    body = {"naam": "Klein", "ontgrendeld": False}
    assert school.as_("support").put("", body, headers={"If-Match": found.headers["ETag"]}).status_code == 200
    body = {"kenmerkLeerling": "nummer", "kenmerkDocent": "nummer"} if path == PREVIEW else KEPT
    locked = problem(post(school, path, body), 403)
    assert "support@profijt.nu" in locked["remedy"]
    assert problem(school.get("/settings/webuntis"), 403)["code"] == "settings.locked"


@pytest.mark.parametrize("headers", [{}, {"If-Match": '"van-vroeger"'}, {"If-Match": "*"}])
def test_saving_while_locked_says_locked_whatever_was_seen(school: Api, headers: dict[str, str]) -> None:
    found = school.as_("support").get("")
    locked = {"naam": "Klein", "ontgrendeld": False}
    assert school.as_("support").put("", locked, headers={"If-Match": found.headers["ETag"]}).status_code == 200
    answer = school.put("/settings/webuntis", KEPT, headers=headers)
    assert problem(answer, 403)["code"] == "settings.locked"


def test_only_the_schools_admins_test_and_preview(school: Api) -> None:
    for persona in ("teacher", "student", "support"):
        problem(post(school.as_(persona), TEST), 403)
    stranger = Api(school.world, school.client, school="elders")
    problem(stranger.ask("POST", school.at(TEST)), 404)


def test_who_changed_what_is_kept_and_never_the_password(school: Api) -> None:
    school.save_settings(KEPT | {"ingeschakeld": False})
    events, _ = read_audit(school.world.app, TINY.id, limit=50, cursor=None)
    last = events[0]
    assert (last.action, last.before, last.after) == ("settings.saved", {"Ingeschakeld": True}, {"Ingeschakeld": False})
    assert last.actor
    assert TINY.password not in str(events)
    assert {"Wachtwoord": "nieuw ingesteld"} in [event.after for event in events]


def test_saving_the_same_again_tries_no_password_and_records_nothing(school: Api) -> None:
    before, asked = actions(school), untis(school).count("token")
    assert school.save_settings(FORM).status_code == 200
    assert (actions(school), states(school), untis(school).count("token")) == (before, ["enabled"], asked)


# ---------------------------------------------------------------- a new password


def test_a_new_password_takes_over_once_webuntis_took_it(school: Api) -> None:
    there(school).set_password("nieuw-geheim-069")
    assert school.save_settings(KEPT | {"wachtwoord": "nieuw-geheim-069"}).status_code == 200
    assert states(school) == ["disabled", "enabled"]
    assert actions(school)[0] == "secret.replaced"
    assert post(school, TEST).get_json()["geslaagd"]


def test_a_password_that_webuntis_refuses_changes_nothing(school: Api) -> None:
    before, told = school.get("/settings/webuntis"), actions(school)
    refused = problem(school.save_settings(KEPT | {"wachtwoord": "fout", "ingeschakeld": False}), 422)
    assert (refused["code"], refused["owner"]) == ("settings.password_refused", "untis-admin")
    assert refused["errors"][0]["pointer"] == "/wachtwoord"
    assert (states(school), actions(school)) == (["enabled", "destroyed"], told)
    after = school.get("/settings/webuntis")
    assert (after.get_json(), after.headers["ETag"]) == (before.get_json(), before.headers["ETag"])
    assert post(school, TEST).get_json()["geslaagd"]


def test_while_webuntis_is_out_of_reach_the_old_password_stays(school: Api) -> None:
    faults: list[tuple[Any, Any]] = [("hang_up", "search"), ("error", "token"), ("html", "token")]
    for fault, endpoint in faults:
        untis(school).fail(fault, endpoint)
        answer = school.save_settings(KEPT | {"wachtwoord": "nieuw"})
        told = problem(answer, 503)
        assert told["code"] == "settings.not_tried"
        assert "Er is niets gewijzigd" in told["detail"]
        assert int(answer.headers["Retry-After"]) > 0
        untis(school).faults.clear()
    assert states(school) == ["enabled", *["destroyed"] * 3]
    assert post(school, TEST).get_json()["geslaagd"]


def test_a_new_password_with_a_wrong_school_name_points_at_the_name(school: Api) -> None:
    refused = problem(school.save_settings(KEPT | {"wachtwoord": "nieuw", "schoolnaam": "groot"}), 422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("webuntis.school_unknown", "/schoolnaam")
    assert untis(school).count("token") == 1  # the first one, of the set-up


def test_a_password_is_offered_once_however_often_it_is_saved(school: Api) -> None:
    before = untis(school).count("token")
    codes = [problem(school.save_settings(KEPT | {"wachtwoord": "fout"}), 422)["code"] for _ in range(3)]
    assert codes == ["settings.password_refused", *["settings.password_refused_before"] * 2]
    tested = steps(post(school, TEST, KEPT | {"wachtwoord": "fout"}))["inloggen"]
    assert tested["probleem"]["code"] == "settings.password_refused_before"
    assert untis(school).count("token") == before + 1


def test_no_number_of_wrong_passwords_locks_the_school_out(school: Api) -> None:
    for number in range(6):
        answer = school.save_settings(KEPT | {"wachtwoord": f"fout-{number}"})
        tested = post(school, TEST, KEPT | {"wachtwoord": f"ook-fout-{number}"})
    told = problem(answer, 422)
    assert (told["code"], told["owner"]) == ("settings.too_many_refusals", "untis-admin")
    assert "8" in told["detail"]
    assert steps(tested)["inloggen"]["probleem"]["code"] == "settings.too_many_refusals"
    assert untis(school).count("token") == 1 + 4
    assert not there(school).locked


def test_a_right_password_starts_the_count_anew(school: Api) -> None:
    for number in range(3):
        school.save_settings(KEPT | {"wachtwoord": f"fout-{number}"})
    assert post(school, TEST).get_json()["geslaagd"]
    for number in range(3):
        refused = school.save_settings(KEPT | {"wachtwoord": f"weer-fout-{number}"})
        assert problem(refused, 422)["code"] == "settings.password_refused"
    assert not there(school).locked


def test_many_at_once_are_counted_like_one_after_the_other(school: Api) -> None:
    def save(number: int) -> None:
        school.save_settings(KEPT | {"wachtwoord": f"fout-{number}"})

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert untis(school).count("token") <= 1 + 4
    assert states(school)[0] == "enabled"
    assert set(states(school)[1:]) <= {"destroyed"}


def test_the_first_password_of_a_half_filled_form_is_kept_for_later(api: Api) -> None:
    support = api.as_("support", school="nieuw")
    support.put("", {"naam": "Nieuw", "ontgrendeld": True})
    admin = api.as_("admin", school="nieuw")
    form = {"ingeschakeld": False, "schoolnaam": "", "subdomein": "", "wachtwoord": "geheim"}
    assert admin.save_settings(form).get_json()["wachtwoordIngesteld"] is True
    assert untis(api).count("token") == 0
    lacking = problem(admin.save_settings(form | {"wachtwoord": "ander"}), 422)
    assert lacking["code"] == "settings.incomplete"


# ---------------------------------------------------------------- identifying attributes


def with_numbers(school: Api, numbers: list[str], field: str = "nummer") -> None:
    rows = [
        {"id": f"n{place}", "rol": "leerling", "voornaam": "Kind", "achternaam": f"Nummer {place}", field: number}
        for place, number in enumerate(numbers)
    ]
    assert school.put("/users", {"users": rows}).status_code == 200


BSNS = [number for number in map(str, range(123456700, 123457100)) if passes(number)]


def test_a_field_that_holds_bsns_is_no_attribute_and_no_value_is_shown(school: Api) -> None:
    with_numbers(school, BSNS)
    form = KEPT | {"automatischKoppelen": False, "kenmerkLeerling": "nummer", "kenmerkDocent": "afkorting"}
    answer = school.save_settings(form)
    refused = problem(answer, 422)
    assert refused["code"] == "settings.field_holds_bsns"
    assert [error["pointer"] for error in refused["errors"]] == ["/kenmerkLeerling"]
    assert not any(number in answer.text for number in BSNS)
    assert school.save_settings(form | {"kenmerkLeerling": "untisIdNummer"}).status_code == 200


def test_random_numbers_of_nine_digits_may_be_an_attribute(school: Api) -> None:
    with_numbers(school, [str(number) for number in range(123456700, 123457100)])
    form = KEPT | {"automatischKoppelen": False, "kenmerkLeerling": "nummer"}
    assert school.save_settings(form).status_code == 200


def test_an_eck_id_may_be_chosen_and_the_field_says_that_it_is_too_long(school: Api) -> None:
    saved = school.save_settings(KEPT | {"automatischKoppelen": False, "kenmerkLeerling": "eckId"})
    fields = saved.get_json()["velden"]
    assert "154" in fields["kenmerkLeerling"]["waarschuwing"]
    assert fields["kenmerkDocent"]["waarschuwing"] == ""


# ---------------------------------------------------------------- the test


def test_a_good_coupling_passes_every_step_in_order(school: Api) -> None:
    november = replace(school.world.app, now=lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))  # lessons can be asked for
    answer = post(Api(school.world, Client(web(november))), TEST)
    found = steps(answer)
    assert answer.get_json()["geslaagd"] is True
    names = ["adres", "tls", "school", "inloggen", "leerlingen", "voorbeeldLeerling", "docenten", "voorbeeldDocent"]
    names.append("rooster")
    assert sorted(found) == sorted(names)
    assert list(found)[:4] == names[:4]
    assert {step["resultaat"] for step in found.values()} == {"ok"}
    assert found["rooster"]["uitleg"] == "De applicatie Profijt mag het rooster van de hele school lezen."
    sample = found["voorbeeldLeerling"]["voorbeeld"]
    assert (sample["aantal"], sample["zonderIdNummer"], sample["heeftIdNummer"]) == (3, 0, True)
    assert sample["naam"]


def test_a_form_is_tested_before_it_is_saved_and_nothing_is_kept(api: Api) -> None:
    school = set_up(api, TINY)
    there(school).set_password("nieuw")
    before = school.get("/settings/webuntis").headers["ETag"]
    assert post(school, TEST, KEPT | {"wachtwoord": "nieuw"}).get_json()["geslaagd"]
    assert school.get("/settings/webuntis").headers["ETag"] == before
    assert states(school) == ["enabled"]
    assert results(post(school, TEST))["inloggen"] == "failed"


@pytest.mark.parametrize(
    ("language", "words"), [("nl", ["ok", "fout", "overgeslagen"]), ("en", ["ok", "failed", "skipped"])]
)
def test_a_step_has_one_code_for_programs_and_a_word_in_the_readers_language(
    school: Api, language: str, words: list[str]
) -> None:
    reader = Api(school.world, school.client, school=school.school, language=language)
    told = steps(post(reader, TEST, KEPT | {"schoolnaam": "groot"}))
    assert [told[name]["resultaat"] for name in ("tls", "school", "inloggen")] == ["ok", "failed", "skipped"]
    assert [told[name]["resultaatTekst"] for name in ("tls", "school", "inloggen")] == words


def test_a_school_that_is_not_on_this_server_is_told_from_one_that_moved(school: Api) -> None:
    unknown = steps(post(school, TEST, KEPT | {"schoolnaam": "groot"}))
    assert [unknown[name]["resultaat"] for name in ("adres", "tls", "school", "inloggen")] == [
        "ok", "ok", "failed", "skipped",
    ]  # fmt: skip
    assert unknown["school"]["probleem"]["code"] == "webuntis.school_unknown"
    there(school).subdomain = "verhuisd"
    moved = steps(post(school, TEST))["school"]["probleem"]
    assert moved["code"] == "webuntis.school_moved"
    assert "verhuisd.webuntis.com" in moved["message"]
    assert moved["remedy"]


FAILS: dict[tuple[Any, Any], str] = {
    ("html", "search"): "school",
    ("half", "search"): "school",
    ("redirect", "token"): "school",
    ("html", "token"): "inloggen",
    ("throttled", "token"): "inloggen",
    ("forbidden", "teachers"): "docenten",
    ("not_a_list", "students"): "leerlingen",
    ("wrong_password", "token"): "inloggen",  # the last: it is not offered again
}


def test_the_step_that_fails_is_the_one_that_is_at_fault(school: Api) -> None:
    for (fault, endpoint), step in FAILS.items():
        untis(school).fail(fault, endpoint)
        answer = post(school, TEST)
        assert answer.get_json()["geslaagd"] is False
        failed = {name: each for name, each in steps(answer).items() if each["resultaat"] == "failed"}
        assert list(failed) == [step], fault
        assert all(failed[step]["probleem"].values())
        assert {results(answer)[name] for name in ("adres", "tls")} == {"ok"}
        untis(school).faults.clear()


def test_a_missing_right_to_one_list_leaves_the_other(school: Api) -> None:
    untis(school).fail("forbidden", "students")
    told = results(post(school, TEST))
    assert (told["leerlingen"], told["voorbeeldLeerling"]) == ("failed", "skipped")
    assert (told["docenten"], told["voorbeeldDocent"]) == ("ok", "ok")


def test_without_a_password_everything_before_the_login_is_tested(api: Api) -> None:
    school = set_up(api, TINY)
    api.as_("support", school="nieuw").put("", {"naam": "Nieuw", "ontgrendeld": True})
    admin = api.as_("admin", school="nieuw")
    assert problem(post(admin, TEST), 422)["code"] == "settings.incomplete"
    told = steps(post(admin, TEST, KEPT))
    assert (told["school"]["resultaat"], told["inloggen"]["resultaat"]) == ("ok", "failed")
    assert told["inloggen"]["probleem"]["code"] == "settings.incomplete"
    assert results(post(school, TEST))["inloggen"] == "ok"


def test_a_saved_password_that_is_refused_is_tried_once_by_test_and_runs_together(school: Api) -> None:
    there(school).set_password("elders-vervangen")
    before = untis(school).count("token")
    for _ in range(3):
        assert results(post(school, TEST))["inloggen"] == "failed"
    assert post(school, PREVIEW, {"kenmerkLeerling": "nummer", "kenmerkDocent": "nummer"}).status_code == 200
    assert untis(school).count("token") == before + 1


def test_an_empty_list_and_one_without_id_numbers_are_told(school: Api) -> None:
    for person in there(school).people(Role.STUDENT):
        there(school).change_key(Role.STUDENT, person.id, "")
    for person in there(school).people(Role.TEACHER):
        there(school).remove(Role.TEACHER, person.id)
    told = steps(post(school, TEST))
    assert told["voorbeeldLeerling"]["probleem"]["code"] == "settings.no_id_numbers"
    assert told["voorbeeldDocent"]["probleem"]["code"] == "settings.list_empty"


def test_testing_all_the_time_is_stopped_with_the_moment_to_go_on(school: Api) -> None:
    for _ in range(10):
        assert post(school, TEST).status_code == 200
    answer = post(school, TEST)
    assert problem(answer, 429)["code"] == "request.too_many"
    assert 0 < int(answer.headers["Retry-After"]) <= 600


# ---------------------------------------------------------------- the preview


def test_the_preview_counts_who_would_be_linked_and_why_not(api: Api) -> None:
    school = set_up(api, SCHOOL)
    before = read_directories(school.world.app, SCHOOL.id)
    told = post(school, PREVIEW, {"kenmerkLeerling": "nummer", "kenmerkDocent": "afkorting"}).get_json()
    students, teachers = told["rollen"]
    for role in (students, teachers):
        assert role["gekoppeld"] + role["nietGekoppeld"] == role["totaal"]
        assert sum(each["aantal"] for each in role["redenen"]) == role["nietGekoppeld"]
        assert len(role["mensen"]) + role["nietGetoond"] == role["nietGekoppeld"]
        assert len(role["mensen"]) <= 100
        assert all(each["probleem"]["remedy"] for each in role["redenen"])
    assert students["gekoppeld"] > 0
    assert str(students["gekoppeld"]) in students["samenvatting"]
    assert read_directories(school.world.app, SCHOOL.id) == before


def test_the_preview_says_first_that_an_eck_id_cannot_match_also_without_webuntis(school: Api) -> None:
    with_numbers(school, ["https://ketenid.nl/201703/" + "a" * 128], field="eckId")
    untis(school).fail("error")
    answer = post(school, PREVIEW, {"kenmerkLeerling": "eckId", "kenmerkDocent": "untisIdNummer"})
    told = answer.get_json()
    [warning] = told["waarschuwingen"]
    assert (warning["rol"], warning["probleem"]["code"]) == ("leerling", "settings.eck_id_too_long")
    assert next(iter(told)) == "waarschuwingen"
    assert all(role["gekoppeld"] is None and role["probleem"] for role in told["rollen"])
    assert "ketenid" not in answer.text


def test_the_preview_warns_of_bsns_on_either_side(school: Api) -> None:
    with_numbers(school, BSNS)
    there(school).add(
        *(
            type(there(school).people(Role.TEACHER)[0])(f"9{place}", Role.TEACHER, number, "Doc", f"Ent {place}")
            for place, number in enumerate(BSNS)
        )
    )
    answer = post(school, PREVIEW, {"kenmerkLeerling": "nummer", "kenmerkDocent": "nummer"})
    told = {(each["rol"], each["probleem"]["code"], each["houdtTegen"]) for each in answer.get_json()["waarschuwingen"]}
    assert told == {
        ("leerling", "settings.field_holds_bsns", True),
        ("docent", "settings.id_numbers_hold_bsns", False),
    }
    assert not any(number in answer.text for number in BSNS)
