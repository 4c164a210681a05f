"""The admin's SIS over the API: connect, read, save, disconnect in two steps; and never a secret in an answer."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.local_server import web
from functions.sis_told import masked
from shared.errors import NotAuthorized
from shared.flows.sis import open_sis
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_auth import SisAuth
from shared.simulators.oneroster_partners import SIMULATED_PARTNERS
from tests.lis import SCHOOL, Lis, school_without_sis
from tests.sis_school import sis

KEY, SECRET = "Sleutel-2026-wxyz", "heel-geheim+/="


@dataclass
class Desk:
    """One school's people before the API."""

    lis: Lis
    client: Client
    server: OneRosterSimulator

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        of: str = "sis",
        role: str = "admin",
        language: str = "nl",
        **more: Any,
    ) -> TestResponse:
        token = self.lis.world.identity.token(sub=f"u-{role}", roles=[role], school=SCHOOL)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, **more.pop("headers", {})}
        return self.client.open(f"/v1/schools/{SCHOOL}/{of}{path}", method=method, headers=headers, **more)

    def authorize(self, **other: str) -> TestResponse:
        self.lis.pass_(minutes=1)
        form = {"partner": "other", "hostUrl": self.server.prefix, "toegangssleutel": KEY, "geheimeCode": SECRET}
        return self.ask("POST", "/authorize", json=form | other)

    def save(self, seen: str = "", **other: object) -> TestResponse:
        form = {"teachersExport": True, "defaultCategory": "", "categoryMissing": "default", "expires": None}
        return self.ask("PUT", json=form | other, headers={"If-Match": seen or self.ask("GET").headers["ETag"]})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with school_without_sis(tmp_path) as lis, sis(auth=SisAuth(KEY, SECRET)) as server:
        yield Desk(lis, Client(web(lis.app)), server)


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_school_that_never_connected_is_told_what_to_do(desk: Desk) -> None:
    found = told(desk.ask("GET"))
    assert (found["state"], found["partner"], found["capabilities"]) == ("never", "", None)
    assert "Autoriseren" in found["next"]


def test_the_result_of_connecting_is_told_step_by_step(desk: Desk) -> None:
    found = told(desk.authorize())
    assert found["connected"]
    assert [step["step"] for step in found["steps"]][:5] == ["address", "tls", "oneroster", "login", "teachers"]
    assert {step["resultText"] for step in found["steps"]} == {"ok"}
    assert {step["step"]: step["found"] for step in found["steps"] if step["found"]} == {
        "oneroster": f"OneRoster 1.2, {desk.server.prefix}",
        "login": f"oauth2, {desk.server.url}/oauth/token",
        "orgs": "Het Baken",
        "categories": "Toetsen, SO",
        "periods": "Periode 1",
    }
    assert found["reunion"] is None
    assert found["sis"] == told(desk.ask("GET"))


def test_the_connection_is_told_without_its_secrets(desk: Desk) -> None:
    desk.authorize()
    found = told(desk.ask("GET"))
    assert (found["state"], found["partnerName"], found["host"]) == (
        "connected", "OneRoster (ander LIS / other SIS)", "127.0.0.1",
    )  # fmt: skip
    assert (found["toegangssleutel"], found["version"], found["signature"]) == ("••••wxyz", "1.2", "oauth2")
    assert found["capabilities"]["categories"] == [{"id": "toets", "title": "Toetsen"}, {"id": "so", "title": "SO"}]
    assert (found["schools"], found["by"], found["teachersExport"]) == (["Het Baken"], "u-admin", True)
    assert found["since"] == "2026-11-23T08:01:00+01:00"


@pytest.mark.parametrize(
    ("key", "shown"), [("", "••••"), ("ab", "••••"), ("GOOGLE", "••••LE"), ("a" * 20 + "1234", "••••1234")]
)
def test_of_a_key_only_its_end_is_shown(key: str, shown: str) -> None:
    assert masked(key) == shown


def test_a_connection_that_fails_names_the_step_the_cause_the_remedy_and_who_can_mend_it(desk: Desk) -> None:
    found = told(desk.authorize(geheimeCode="fout"))
    assert (found["connected"], found["sis"]) == (False, None)
    [step] = [step for step in found["steps"] if step["result"] == "failed"]
    assert (step["step"], step["label"], step["optional"]) == ("login", "Toegangssleutel en Geheime code", False)
    assert step["problem"]["code"] == "oneroster.credentials_refused"
    assert step["problem"]["owner"] == "sis-admin"
    assert step["problem"]["message"]
    assert step["problem"]["remedy"]
    assert told(desk.ask("GET"))["state"] == "never"


def test_a_sis_s_own_words_are_told_to_the_admin(desk: Desk) -> None:
    desk.server.fail("failure_inside", method="GET", path="/orgs")
    assert [step["said"] for step in told(desk.authorize())["steps"] if step["step"] == "orgs"] == ["not kept"]


@pytest.mark.parametrize("role", ["teacher", "student", "support", "service"])
def test_nobody_but_an_admin_sees_or_changes_the_connection(role: str, desk: Desk) -> None:
    desk.authorize()
    form = {"partner": "other", "hostUrl": "https://x.nl", "toegangssleutel": "a", "geheimeCode": "b"}
    settings = {"teachersExport": False, "defaultCategory": "", "categoryMissing": "stop", "expires": None}
    calls = [
        desk.ask("GET", role=role),
        desk.ask("POST", "/authorize", role=role, json=form),
        desk.ask("PUT", role=role, json=settings),
        desk.ask("DELETE", role=role),
    ]
    assert {call.status_code for call in calls} <= {401, 403}
    assert told(desk.ask("GET"))["teachersExport"]


def test_another_schools_admin_finds_nothing_here(desk: Desk) -> None:
    token = desk.lis.world.identity.token(sub="u-elders", roles=["admin"], school="elders")
    answer = desk.client.get(f"/v1/schools/{SCHOOL}/sis", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"partner": "magister"}, "/partner", "partner.unknown"),
        ({"hostUrl": "https://u:p@x.nl"}, "/hostUrl", "address.user_info"),
        ({"hostUrl": "https://x.nl/?a"}, "/hostUrl", "sis.host_query"),
        ({"verificatieUrl": "ftp://x.nl"}, "/verificatieUrl", "address.not_https"),
        ({"geheimeCode": " "}, "/geheimeCode", "sis.field_empty"),
    ],
)
def test_a_form_that_is_wrong_is_refused_at_its_field(
    over: dict[str, str], pointer: str, code: str, desk: Desk
) -> None:
    found = told(desk.authorize(**over), 422)
    assert [(each["pointer"], each["code"]) for each in found["errors"]] == [(pointer, code)]
    assert desk.server.asked == {}


def test_an_unknown_partner_is_answered_with_those_there_are(desk: Desk) -> None:
    assert "infinite-campus, skyward" in told(desk.authorize(partner="magister"), 422)["remedy"]


def test_a_host_url_of_ten_kilobytes_is_refused(desk: Desk) -> None:
    assert desk.authorize(hostUrl="https://" + "a" * 10_240).status_code == 422


def test_the_fifth_try_within_a_minute_waits(desk: Desk) -> None:
    form = {"partner": "other", "hostUrl": desk.server.prefix, "toegangssleutel": KEY, "geheimeCode": "fout"}
    answers = [desk.ask("POST", "/authorize", json=form) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) == 60


# ------------------------------------------------------------ PUT


def test_teacher_permissions_are_saved_when_the_admin_says_so(desk: Desk) -> None:
    desk.authorize()
    found = told(desk.save(teachersExport=False, defaultCategory="toets", categoryMissing="stop", expires="2027-08-01"))
    assert (found["teachersExport"], found["defaultCategory"], found["categoryMissing"]) == (False, "toets", "stop")
    assert "Docentenrechten staan uit" in found["next"]
    assert told(desk.ask("GET")) == found


def test_who_has_not_read_may_not_save_and_who_is_late_hears_what_changed(desk: Desk) -> None:
    desk.authorize()
    form = {"teachersExport": False, "defaultCategory": "", "categoryMissing": "default", "expires": None}
    assert desk.ask("PUT", json=form).status_code == 428
    seen = desk.ask("GET").headers["ETag"]
    desk.save(teachersExport=False)
    [change] = told(desk.save(seen, categoryMissing="stop"), 412)["changes"]
    assert (change["pointer"], change["theirs"], change["yours"]) == ("/teachersExport", False, True)
    assert change["by"] == "u-admin"


def test_a_tag_read_before_a_reconnect_saves_nothing(desk: Desk) -> None:
    desk.authorize()
    seen = desk.ask("GET").headers["ETag"]
    desk.server.auth.secret = "nieuw"
    desk.authorize(geheimeCode="nieuw")
    [change] = told(desk.save(seen), 412)["changes"]
    assert (change["label"], change["theirs"], change["yours"]) == ("LIS-koppeling", None, None)


def test_a_category_that_the_sis_does_not_have_is_refused(desk: Desk) -> None:
    desk.authorize()
    [error] = told(desk.save(defaultCategory="huiswerk"), 422)["errors"]
    assert (error["pointer"], error["code"]) == ("/defaultCategory", "sis.category_unknown")


def test_nothing_is_saved_before_a_sis_is_connected(desk: Desk) -> None:
    assert told(desk.save("x"), 403)["code"] == "sis.not_connected"


def test_an_expiry_within_thirty_days_is_told_in_the_asker_s_language(desk: Desk) -> None:
    desk.authorize()
    told(desk.save(expires="2026-12-23"))
    assert told(desk.ask("GET"))["problem"]["message"] == "De Toegangssleutel van het LIS verloopt op 23-12-2026."
    english = told(desk.ask("GET", language="en"))["problem"]
    assert english["message"] == "The access key of the SIS expires on 2026-12-23."
    desk.lis.pass_(days=31)
    assert told(desk.ask("GET"))["problem"]["code"] == "sis.expired"
    assert told(desk.ask("GET", of="coupling"))["sis"]["code"] == "sis.expired"


def test_a_key_that_the_sis_refuses_since_is_told_until_it_is_taken_again(desk: Desk) -> None:
    desk.authorize()
    right, desk.server.auth.secret = desk.server.auth.secret, "another"
    desk.server.auth.revoke()
    assert told(desk.ask("GET"))["problem"] is None
    with pytest.raises(NotAuthorized):
        open_sis(desk.lis.app, SCHOOL)[1].orgs()
    desk.lis.pass_(hours=60)  # on Monday morning
    problem = told(desk.ask("GET"))["problem"]
    assert problem["code"] == "oneroster.credentials_refused"
    assert problem["message"] == "Het LIS (127.0.0.1) weigert de Toegangssleutel of de Geheime code."
    assert told(desk.ask("GET", of="coupling"))["sis"]["code"] == "oneroster.credentials_refused"
    desk.server.auth.secret = right
    open_sis(desk.lis.app, SCHOOL)[1].orgs()
    assert told(desk.ask("GET"))["problem"] is None
    assert told(desk.ask("GET", of="coupling"))["sis"] is None


def test_a_key_that_is_refused_meanwhile_keeps_nobody_from_saving(desk: Desk) -> None:
    desk.authorize()
    seen = desk.ask("GET").headers["ETag"]
    desk.server.auth.secret = "another"
    desk.server.auth.revoke()
    with pytest.raises(NotAuthorized):
        open_sis(desk.lis.app, SCHOOL)[1].orgs()
    assert desk.ask("GET", headers={"If-None-Match": seen}).status_code == 200
    assert told(desk.save(seen, teachersExport=False))["teachersExport"] is False
    assert told(desk.save(seen), 412)["code"] == "request.stale"


def test_a_new_key_is_not_blamed_for_the_old_one(desk: Desk) -> None:
    desk.authorize()
    right, desk.server.auth.secret = desk.server.auth.secret, "another"
    desk.server.auth.revoke()
    with pytest.raises(NotAuthorized):
        open_sis(desk.lis.app, SCHOOL)[1].orgs()
    desk.server.auth.secret = right
    assert told(desk.authorize())["sis"]["problem"] is None
    assert told(desk.ask("GET"))["problem"] is None


# ------------------------------------------------------------ DELETE


def test_a_disconnect_says_first_what_comes_of_it_and_then_does_it(desk: Desk) -> None:
    desk.authorize()
    found = told(desk.ask("DELETE"), 409)
    assert found["code"] == "sis.confirm_disconnect"
    asked = found["confirmation"]
    assert asked["until"] == "2026-11-23T07:11:00Z"
    assert any("geen dubbelen" in line for line in asked["consequences"])
    assert told(desk.ask("GET"))["state"] == "connected"
    assert desk.ask("DELETE", query_string={"confirm": "verzonnen"}).status_code == 409
    confirmed = desk.ask("DELETE", query_string={"confirm": asked["confirm"]})
    assert (confirmed.status_code, confirmed.data) == (204, b"")
    found = told(desk.ask("GET"))
    assert (found["state"], found["toegangssleutel"]) == ("disconnected", "")
    assert desk.ask("DELETE").status_code == 204


def test_a_reconnect_says_that_it_is_the_same_sis(desk: Desk) -> None:
    desk.authorize()
    desk.lis.link("3a-wi")
    desk.lis.remember("3a-wi", "i1", ("s1", "s2"))
    confirm = told(desk.ask("DELETE"), 409)["confirmation"]["confirm"]
    desk.ask("DELETE", query_string={"confirm": confirm})
    found = told(desk.authorize(hostUrl=f"{desk.server.url}/"))
    assert found["notices"][0]["message"] == (
        "Zelfde LIS herkend: 1 onderdelen en 2 cijfers uit het grootboek teruggevonden, 0 nieuw."
    )
    assert found["reunion"] == {
        "items": 1, "results": 2, "classesLinked": 1, "classesChecked": 1, "itemsFound": 0, "itemsMissing": 1,
    }  # fmt: skip


# ------------------------------------------------------------ nothing leaks


@pytest.mark.parametrize("name", SIMULATED_PARTNERS)
def test_key_and_secret_stand_in_no_answer_no_event_and_no_log(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    partner = SIMULATED_PARTNERS[name]
    auth = partner.auth()
    auth.key, auth.secret = "ZICHTBARE-SLEUTEL", "zichtbaar-geheim"
    with (
        school_without_sis(tmp_path) as lis,
        sis(partner.quirks, mount=partner.mount, versions=partner.versions, auth=auth) as server,
    ):
        desk = Desk(lis, Client(web(lis.app)), server)
        ours = {"partner": name if name != "blackbaud" else "other", "toegangssleutel": auth.key}
        answers = [
            desk.authorize(**ours, geheimeCode=auth.secret),
            desk.authorize(**ours, geheimeCode=auth.secret),
            desk.authorize(**ours, geheimeCode=f"{auth.secret}-fout"),
            desk.authorize(**ours, geheimeCode=auth.secret, hostUrl="https://10.0.0.1"),
            desk.authorize(**ours, geheimeCode=auth.secret, hostUrl=f"https://{auth.key}:{auth.secret}@x.nl"),
            desk.save(teachersExport=False),
            desk.ask("GET"),
            desk.ask("DELETE"),
        ]
        token = lis.world.identity.token(sub="u-admin", roles=["admin"], school=SCHOOL)
        audit = desk.client.get(f"/v1/schools/{SCHOOL}/audit", headers={"Authorization": f"Bearer {token}"})
        assert {event["action"] for event in told(audit)["items"]} == {"sis.connected", "sis.saved"}
    everything = "".join(answer.text for answer in (*answers, audit)) + caplog.text
    everything += repr([record.__dict__ for record in caplog.records])
    assert "ZICHTBARE" not in everything
    assert "zichtbaar" not in everything
