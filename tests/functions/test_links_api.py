"""Reviewing links over the API, as an admin with curl does: reading, deciding, accepting, undoing, and the audit."""

import ast
import csv
import io
from pathlib import Path
from typing import Any

import pytest
from test_api import SCHOOL, TINY, Api, api, problem, run_now, school, set_up  # noqa: F401  fixtures

from functions.audit_trail import SENTENCES
from functions.link_told import FIELDS
from shared.domain.causes import CAUSES
from shared.domain.causes.words import STATE_WORDS
from shared.domain.people import Candidate, Person, Role, State
from shared.domain.school import Attribute
from shared.flows.record import decode

ROOT = Path(__file__).parents[2]
BENJAMIN = TINY.users[0]  # ID-nummer 167


@pytest.fixture
def linked(school: Api) -> Api:  # noqa: F811
    """The tiny school after its first run."""
    school.sync()
    return school


def decide(school: Api, user: str, besluit: str, id_nummer: str = "", etag: str = "", **more: str) -> Any:  # noqa: F811
    tag = etag or school.get(f"/links/{user}").headers.get("ETag", "")
    body = {"besluit": besluit} | ({"idNummer": id_nummer} if id_nummer else {}) | more
    return school.put(f"/links/{user}", body, headers={"If-Match": tag})


def test_a_link_tells_who_why_on_what_evidence_and_who_decided(linked: Api) -> None:
    told = linked.get(f"/links/{BENJAMIN.id}").get_json()
    assert (told["name"], told["role"], told["state"], told["stateText"]) == (
        "Benjamin Bauer", "leerling", "linked", "gekoppeld",
    )  # fmt: skip
    assert (told["idNumber"], told["by"], told["note"]) == ("167", "automatisch", "")
    assert told["reason"].startswith("Gekoppeld: voor- en achternaam zijn gelijk")
    assert (told["rule"], told["ruleText"]) == ("same_letters", "Voor- en achternaam zijn gelijk.")
    assert told["compared"][0] == {
        "field": "Naam", "profijt": "Benjamin Bauer", "webUntis": "Benjamin Bauer", "verdict": "equal",
        "verdictText": "gelijk",
    }  # fmt: skip
    assert told["since"].endswith(("+01:00", "+02:00"))


def test_the_list_shows_candidates_best_first_with_their_reasons(api: Api) -> None:  # noqa: F811
    school = set_up(api, SCHOOL)  # noqa: F811
    school.sync()
    told = school.get("/links?state=review&role=leerling&limit=500").get_json()
    assert sum(told["counts"].values()) == sum(user.role is Role.STUDENT for user in SCHOOL.users)
    assert len(told["items"]) == told["counts"]["review"] > 5
    for item in told["items"]:
        assert (item["state"], item["role"]) == ("review", "leerling")
        assert item["reason"]
        assert item["remedy"]
        assert item["owner"]
        for candidate in item["candidates"]:
            assert candidate["name"]
            assert candidate["reason"]
            assert candidate["compared"][0]["field"] == "Naam"
    reader = Api(school.world, school.client, school=school.school, language="en")
    english = reader.get("/links?state=review").get_json()
    assert english["items"][0]["stateText"] == "to be reviewed"
    assert {item["role"] for item in english["items"]} <= {"student", "teacher"}


def test_a_teachers_candidate_is_shown_with_the_abbreviation_the_school_knows_him_by(api: Api) -> None:  # noqa: F811
    school = set_up(api, SCHOOL)  # noqa: F811
    school.sync()
    short = {each.key: each.short_name for each in SCHOOL.persons if each.role is Role.TEACHER and each.key}
    items = school.get("/links?role=docent&limit=500").get_json()["items"]
    shown = [(item, found) for item in items for found in item["candidates"] if found["idNumber"]]
    assert shown
    for _, found in shown:
        assert found["abbreviation"] == short[found["idNumber"]]
        rows = {row["field"]: row for row in found["compared"]}
        if "Afkorting" in rows:
            assert rows["Afkorting"]["webUntis"] == found["abbreviation"]
    assert any(row["field"] == "Afkorting" for _, found in shown for row in found["compared"])
    pupils = school.get("/links?role=leerling&limit=500").get_json()["items"]
    assert {found["abbreviation"] for item in pupils for found in item["candidates"]} == {""}


def test_a_candidate_of_before_abbreviations_were_kept_is_read_as_having_none() -> None:
    old = {"key": "7", "person": "9", "name": "Sophie de Boer", "rule": "spelling", "cause": "link.spelling"}
    assert decode(old, Candidate) == Candidate("7", "9", "Sophie de Boer", "spelling", "link.spelling", "")


def test_pages_follow_each_other_without_holes(linked: Api) -> None:
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = linked.get(f"/links?state=linked&limit=2&cursor={cursor}").get_json()
        seen += [item["user"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(user.id for user in TINY.users)


def test_a_decision_needs_the_etag_and_the_second_of_two_admins_is_told(linked: Api) -> None:
    tag = linked.get(f"/links/{BENJAMIN.id}").headers["ETag"]
    assert linked.get("/links?q=bauer").get_json()["items"][0]["etag"] == tag.strip('"')
    first = decide(linked, BENJAMIN.id, "ontkoppelen", etag=tag, reden="zit hier niet meer")
    assert first.status_code == 200
    told = first.get_json()
    assert (told["state"], told["by"], told["note"]) == ("excluded", "u-beheerder", "zit hier niet meer")
    second = decide(linked, BENJAMIN.id, "koppelen", "167", etag=tag)
    late = problem(second, 412)
    assert late["code"] == "request.stale"
    assert [(each["pointer"], each["yours"], each["theirs"], each["by"]) for each in late["changes"]] == [
        ("/besluit", "koppelen", "uitgesloten", "u-beheerder"),
        ("/idNummer", "167", "", "u-beheerder"),
    ]
    assert {each["at"] for each in late["changes"]} == {told["since"]}
    missing = linked.put(f"/links/{BENJAMIN.id}", {"besluit": "ontkoppelen"})
    assert problem(missing, 428)["code"] == "request.match_required"
    assert decide(linked, BENJAMIN.id, "koppelen", "167", etag=first.headers["ETag"]).status_code == 200


def test_what_an_admin_decided_stands_after_more_runs_until_it_is_given_back(linked: Api) -> None:
    decide(linked, BENJAMIN.id, "nooit", "167")
    run_now(linked, "later-1")
    told = linked.get(f"/links/{BENJAMIN.id}").get_json()
    assert (told["state"], told["never"], told["code"]) == ("review", ["167"], "link.never")
    tag = linked.get(f"/links/{BENJAMIN.id}").headers["ETag"]
    back = linked.ask("DELETE", linked.at(f"/links/{BENJAMIN.id}"), headers={"If-Match": tag}).get_json()
    assert (back["state"], back["since"]) == ("new", None)
    run_now(linked, "later-2")
    assert linked.get(f"/links/{BENJAMIN.id}").get_json()["idNumber"] == "167"


def test_an_id_number_that_is_taken_names_the_user_and_what_to_do(linked: Api) -> None:
    other = TINY.users[1].id
    told = problem(decide(linked, other, "koppelen", "167"), 409)
    assert told["code"] == "links.id_number_taken"
    assert BENJAMIN.id in told["detail"]
    assert "ontkoppel" in told["remedy"]
    for id_nummer, code in (("999", "links.id_number_unknown"), ("", "links.id_number_missing")):
        assert problem(decide(linked, other, "koppelen", id_nummer), 422)["code"] == code
    assert problem(decide(linked, other, "ontkoppelen", "167"), 422)["errors"][0]["pointer"] == "/idNummer"


@pytest.mark.parametrize("user", ["l99999", "iemand van elders"])
def test_somebody_who_is_not_of_this_school_is_not_found_and_that_is_remarked(
    linked: Api, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert problem(linked.get(f"/links/{user}"), 404)["code"] == "links.user_unknown"
    assert problem(decide(linked, user, "ontkoppelen"), 404)["code"] == "links.user_unknown"
    remarks = [record for record in caplog.records if getattr(record, "fields", {}).get("event") == "foreign_user"]
    assert len(remarks) == 3
    assert not any(user in repr(record.__dict__["fields"]) for record in remarks)


@pytest.mark.parametrize("path", ["/links", f"/links/{BENJAMIN.id}", "/audit"])
def test_who_may_read(linked: Api, path: str) -> None:
    assert linked.as_("support").get(path).status_code == 200
    for persona in ("teacher", "student"):
        problem(linked.as_(persona).get(path), 403)
    stranger = Api(linked.world, linked.client, school="elders")
    problem(stranger.ask("GET", linked.at(path)), 404)


def test_support_reads_and_does_not_decide(linked: Api) -> None:
    support = linked.as_("support")
    problem(decide(support, BENJAMIN.id, "ontkoppelen"), 403)
    problem(support.ask("POST", linked.at("/proposals/accept"), json={"users": []}), 403)
    problem(support.ask("POST", linked.at("/runs/latest/undo")), 403)


def test_exact_proposals_are_accepted_at_once(linked: Api) -> None:
    emmas = [
        {"id": id_, "rol": "leerling", "voornaam": "Emma", "achternaam": "Vrieswijk"} for id_ in ("emma1", "emma2")
    ]
    linked.put("/users", {"users": emmas})
    assert linked.world.untis
    linked.world.untis.schools[TINY.tenant_id].add(Person("E", Role.STUDENT, "E1", "Emma", "Vrieswijk"))
    run_now(linked, "later-1")
    linked.put("/users", {"users": [emmas[1] | {"actief": "nee"}]})
    run_now(linked, "later-2")
    asked = {"users": ["emma1", BENJAMIN.id, "niemand"]}
    done = linked.ask("POST", linked.at("/proposals/accept"), json=asked).get_json()
    assert (done["accepted"], done["already"]) == (["emma1"], [BENJAMIN.id])
    [refused] = done["refused"]
    assert (refused["user"], refused["code"]) == ("niemand", "links.user_unknown")
    assert refused["reason"]
    assert refused["remedy"]
    again = linked.ask("POST", linked.at("/proposals/accept"), json=asked).get_json()
    assert (again["accepted"], set(again["already"])) == ([], {"emma1", BENJAMIN.id})
    too_many = {"users": [f"u{number}" for number in range(501)]}
    problem(linked.ask("POST", linked.at("/proposals/accept"), json=too_many), 422)


def test_a_run_is_undone_once_and_the_audit_tells_it(linked: Api) -> None:
    run = linked.get("/runs/latest").get_json()["id"]
    path = linked.at(f"/runs/{run}/undo")
    done = linked.ask("POST", path).get_json()
    assert (done["putBack"], done["kept"], done["failed"]) == (len(TINY.users), 0, 0)
    again = linked.ask("POST", path).get_json()
    assert (again["putBack"], again["already"]) == (0, len(TINY.users))
    problem(linked.ask("POST", linked.at("/runs/nooit-geweest/undo")), 404)
    page = linked.get(f"/audit?onderwerp={run}").get_json()["items"]
    assert [(item["who"], item["what"]) for item in page] == [("u-beheerder", f"Synchronisatie {run} teruggedraaid.")]


def test_the_audit_tells_who_decided_what_before_and_after_newest_first(linked: Api) -> None:
    decide(linked, BENJAMIN.id, "ontkoppelen", reden="van school")
    decide(linked, BENJAMIN.id, "koppelen", "167")
    path = f"/audit?onderwerp={BENJAMIN.id}&limit=1"
    newest = linked.get(path).get_json()
    oldest = linked.get(f"{path}&cursor={newest['next']}").get_json()
    [after], [before] = newest["items"], oldest["items"]
    assert (after["action"], before["action"]) == ("link.link", "link.exclude")
    assert before["what"] == f"Gebruiker {BENJAMIN.id} ontkoppeld en uitgesloten van koppelen."
    assert before["after"] == {"staat": "excluded", "idNummer": "", "door": "u-beheerder", "reden": "van school"}
    assert (before["before"]["idNummer"], after["after"]["idNummer"]) == ("167", "167")
    english = Api(linked.world, linked.client, language="en").get(path).get_json()["items"][0]
    assert english["what"] == f"Linked user {BENJAMIN.id} by hand."


def test_an_eck_id_is_never_shown_whole(linked: Api) -> None:
    eck = "https://ketenid.nl/201703/" + "ab12" * 32
    row = {"id": "eva", "rol": "leerling", "voornaam": "Eva", "achternaam": "Smit", "eckId": eck}
    assert linked.put("/users", {"users": [row]}).get_json()["nieuw"] == 1
    assert linked.world.untis
    linked.world.untis.schools[TINY.tenant_id].add(Person("E", Role.STUDENT, eck, "Eva", "Smit"))
    form = {"automatischKoppelen": False, "kenmerkLeerling": "eckId"}
    saved = linked.save_settings(
        {"ingeschakeld": True, "schoolnaam": TINY.school_name, "subdomein": TINY.subdomain, **form}
    )
    assert saved.status_code == 200, saved.text
    run_now(linked, "by-eck-id")
    told = linked.get("/links/eva")
    assert (told.get_json()["state"], told.get_json()["idNumber"]) == ("linked", "…12ab12")
    decide(linked, "eva", "nooit", eck)
    stale = linked.put("/links/eva", {"besluit": "koppelen", "idNummer": eck}, headers={"If-Match": '"oud"'})
    paths = ("/links/eva", "/links?limit=500", "/audit", "/users", "/runs/latest/log", "/runs/latest/log.csv")
    pages = [linked.get(path).text for path in paths] + [linked.ask("POST", linked.at("/runs/preview")).text]
    assert not any(eck[-20:] in page for page in (told.text, stale.text, *pages))
    [entry] = [each for each in linked.get("/runs/latest/log").get_json()["entries"] if each["user"] == "eva"]
    assert (entry["idNumber"], entry["ruleText"]) == ("…12ab12", "ECK-iD is vergeleken met het ID-nummer.")


def test_nobody_who_is_not_linked_reads_that_he_is(api: Api) -> None:  # noqa: F811
    school = set_up(api, SCHOOL)  # noqa: F811
    school.sync()
    for item in school.get("/links?limit=500").get_json()["items"]:
        if item["state"] not in ("linked", "excluded"):
            told = (item["reason"], item["ruleText"], *(each["ruleText"] for each in item["candidates"]))
            assert not any(text.startswith("Gekoppeld") for text in told), item


def test_the_log_tells_rules_in_the_readers_words_and_first_timers_as_new(api: Api) -> None:  # noqa: F811
    school = set_up(api, SCHOOL)  # noqa: F811
    school.sync()
    codes = {each["rule"] for each in school.get("/runs/latest/log").get_json()["entries"]} - {""}
    assert len(codes) > 3
    for language, column, change, new in (("nl", "Regel", "Wijziging", "nieuw"), ("en", "Rule", "Change", "new")):
        reader = Api(school.world, school.client, school=school.school, language=language)
        text = reader.get("/runs/latest/log.csv").data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert not {row[column] for row in rows} & codes
        assert {
            row[change] for row in rows if row["Status" if language == "nl" else "State"][:4] in ("niet", "not ")
        } == {new}


def test_every_word_of_the_audit_has_its_sentence() -> None:
    actions: set[str] = set()
    for file in (ROOT / "shared" / "flows").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "action" and isinstance(node.value, ast.Constant):
                actions.add(node.value.value)
    actions |= {f"link.{kind}" for kind in ("link", "exclude", "never", "released")}
    assert {action for action in actions if action not in SENTENCES} == set()


def test_every_state_and_attribute_has_its_words() -> None:
    assert set(STATE_WORDS) == {*(state.value for state in State), "new", "gone"}
    assert {attribute.value for attribute in Attribute} <= set(FIELDS)


def test_every_reason_these_flows_give_has_a_cause() -> None:
    codes: set[str] = set()
    for name in ("accept_links", "undo_run", "review_links", "people_now"):
        for node in ast.walk(ast.parse((ROOT / "shared" / "flows" / f"{name}.py").read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                head, _, tail = node.value.partition(".")
                if head in ("links", "undo", "link") and tail.isidentifier():
                    codes.add(node.value)
    assert len(codes) > 10
    assert {code for code in codes if code not in CAUSES and code not in SENTENCES} == set()
