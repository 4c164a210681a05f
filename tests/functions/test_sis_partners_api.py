"""The list of SIS partners as anybody reads it, and the interest form from an admin to support, to its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_api import Api, problem
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.flows.privacy import erase, export
from shared.flows.retention import retain
from shared.flows.sis_interest import KEPT, TURNS, interests_of, send_interest
from shared.wiring.local import local

FORM = {"sis": "Magister", "contactEmail": "ict@klein.example", "message": "Graag voor de onderbouw."}


class Clock:
    """Stands still until it is moved."""

    time = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(tmp_path: Path, clock: Clock) -> Iterator[Api]:
    with local(tmp_path / "data") as running:
        world = replace(running, app=replace(running.app, now=clock))
        found = Api(world, Client(web(world.app)))
        assert found.as_("support").put("", {"naam": "Klein", "ontgrendeld": True}).status_code == 200
        yield found


def partners(api: Api, language: str = "nl", **headers: str) -> TestResponse:
    return api.client.get("/v1/sis-partners", headers={"Accept-Language": language} | headers)


def send(api: Api, form: object = FORM, **headers: str) -> TestResponse:
    return api.ask("POST", api.at("/sis-interest"), json=form, headers=headers)


def listed(api: Api) -> list[dict[str, Any]]:
    answer = api.as_("support").ask("GET", "/v1/sis-interest")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


# ------------------------------------------------------------ the list


def test_anybody_reads_the_status_of_every_partner_with_its_next_step(api: Api) -> None:
    items = {item["id"]: item for item in partners(api).get_json()["items"]}
    assert items["infinite-campus"]["statusText"] == "Beschikbaar. Nodig: een licentie voor Campus Learning."
    assert (items["aspen"]["status"], items["aspen"]["statusText"]) == ("pilot", "Beschikbaar in een pilot.")
    assert [name for name, item in items.items() if not item["connectable"]] == ["capita-sims"]
    assert all(item["nextStep"] and item["contact"]["name"] for item in items.values())


def test_our_three_fields_stand_beside_the_partners_own_words(api: Api) -> None:
    items = {item["id"]: item for item in partners(api).get_json()["items"]}
    assert items["infinite-campus"]["words"] == {
        "hostUrl": "OneRoster Base URL (Host URL)",
        "toegangssleutel": "Consumer key (OAuth key)",
        "geheimeCode": "Consumer secret (OAuth secret)",
        "verificatieUrl": "",
    }


def test_the_list_is_there_in_english_and_is_not_read_twice(api: Api) -> None:
    dutch, english = partners(api), partners(api, "en")
    assert english.get_json()["items"][0]["statusText"] == "Available. Licence needed: Campus Learning."
    assert "Accept-Language" in dutch.headers["Vary"]
    assert dutch.headers["ETag"] != english.headers["ETag"]
    again = partners(api, **{"If-None-Match": dutch.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_field_that_no_source_tells_of_is_marked(api: Api) -> None:
    items = {item["id"]: item for item in partners(api).get_json()["items"]}
    assert "limits.title" in items["aeries"]["unknown"]
    assert "limits.title" not in items["skyward"]["unknown"]


# ------------------------------------------------------------ the interest form


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"sis": ""},
        {"sis": "x" * 101},
        {"sis": "Magister", "message": "x" * 2001},
        {"sis": "Magister", "contactEmail": "geen adres"},
        {"sis": "Magister", "contactEmail": "a@b.nl,c@d.nl"},
        {"sis": "Magister", "contactEmail": "x" * 250 + "@b.nl"},
        {"sis": "Magister", "school": "elders"},
    ],
    ids=["empty", "no name", "long name", "long message", "no address", "two addresses", "long address", "more"],
)
def test_a_form_that_is_not_right_is_refused_and_nothing_is_kept(api: Api, form: object) -> None:
    problem(send(api, form), 422)
    assert listed(api) == []


def test_a_name_of_blanks_is_no_name(api: Api) -> None:
    assert problem(send(api, {"sis": "  \t"}), 422)["code"] == "interest.no_sis"


@pytest.mark.parametrize("persona", ["teacher", "student"])
def test_only_an_admin_sends_it_and_only_support_reads_all(api: Api, persona: str) -> None:
    problem(send(api.as_(persona)), 403)
    for other in (persona, "admin"):
        problem(api.as_(other).ask("GET", "/v1/sis-interest"), 403)


def test_what_an_admin_sends_support_reads_and_no_promise_is_made(api: Api) -> None:
    answer = send(api, FORM | {"sis": " Magister   6 ", "contactEmail": "ict@klein.example"})
    assert answer.status_code == 201
    told = answer.get_json()
    assert "geen garantie" in told["text"]
    [item] = listed(api)
    assert (item["school"], item["sis"], item["contactEmail"]) == ("klein", "Magister 6", "ict@klein.example")
    assert item["message"] == FORM["message"]
    assert set(told) - set(item) == {"until", "text"}


def test_support_reads_on_past_schools_that_sent_nothing(api: Api) -> None:
    for school in ("aa", "zz"):
        api.as_("support", school=school).put("", {"naam": school, "ontgrendeld": True})
    send(api.as_("admin", school="zz"))
    found, query, pages = [], "?limit=1", 0
    while query:
        page = api.as_("support").ask("GET", f"/v1/sis-interest{query}").get_json()
        found += [item["school"] for item in page["items"]]
        query, pages = page["next"] and f"?limit=1&cursor={page['next']}", pages + 1
    assert found == ["zz"]
    assert pages >= 3


def test_that_it_was_sent_is_an_event_without_the_address(api: Api) -> None:
    send(api)
    [event] = [each for each in api.get("/audit").get_json()["items"] if each["action"] == "interest.sent"]
    assert event["what"] == "Interesse gemeld voor een LIS."
    assert event["after"] == {"lis": "Magister"}


def test_a_repeat_with_the_same_key_is_kept_once(api: Api) -> None:
    key = {"Idempotency-Key": "een-en-dezelfde-sleutel"}
    first, second = send(api, **key), send(api, **key)
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    assert len(listed(api)) == 1


def test_too_many_in_an_hour_are_told_to_wait_and_a_wrong_one_does_not_count(api: Api) -> None:
    problem(send(api, {"sis": " "}), 422)
    for _ in range(TURNS):
        assert send(api).status_code == 201
    refused = send(api)
    assert problem(refused, 429)["code"] == "request.too_many"
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert len(listed(api)) == TURNS


def test_of_one_school_the_newest_are_kept(api: Api, clock: Clock) -> None:
    app = api.world.app
    for number in range(KEPT + 2):
        send_interest(app, "klein", sis=f"LIS {number}", email="", message="", by="u-1")
        clock.time += timedelta(hours=1)
    assert [each["sis"] for each in listed(api)] == [f"LIS {number}" for number in range(KEPT + 1, 1, -1)]


def test_it_goes_when_its_time_is_over_also_before_the_job_came_by(api: Api, clock: Clock) -> None:
    until = send(api).get_json()["until"]
    app = api.world.app
    kept = app.rules.keep.audit
    assert until.startswith(f"{clock.time + kept:%Y-%m-%d}")
    clock.time += kept - timedelta(minutes=1)
    assert len(listed(api)) == 1
    clock.time += timedelta(minutes=2)
    assert listed(api) == []
    assert retain(app, "klein").deleted["interests"] == 1


def test_who_asked_is_told_what_he_sent_and_erased_with_it(api: Api) -> None:
    app = api.world.app
    send_interest(app, "klein", sis="Magister", email="hij@klein.example", message="Bel mij.", by="u-hij")
    send_interest(app, "klein", sis="SomToday", email="zij@klein.example", message="", by="u-zij")
    [own] = export(app, "klein", "u-hij", actor="u-zij").interests
    assert (own.sis, own.email, own.message) == ("Magister", "hij@klein.example", "Bel mij.")
    assert api.get("/people/u-hij/data").get_json()["interests"][0]["contactEmail"] == "hij@klein.example"
    assert erase(app, "klein", "u-hij", actor="u-zij").interests == 1
    assert interests_of(app, "klein", "u-hij") == ()
    assert [each["sis"] for each in listed(api)] == ["SomToday"]
    assert erase(app, "klein", "u-hij", actor="u-zij").interests == 0


def test_the_answer_that_is_remembered_for_a_repeat_holds_no_address_and_no_message(api: Api) -> None:
    answer = send(api, **{"Idempotency-Key": "een-en-dezelfde-sleutel"})
    assert answer.status_code == 201
    assert "ict@" not in answer.text
    assert str(FORM["message"]) not in answer.text
