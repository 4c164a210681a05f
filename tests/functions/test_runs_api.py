"""Runs, status, pause and notifications over the local composition, as an admin with curl; news really arrives."""

import email
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
from werkzeug.test import Client

from functions.auto_link import run_message
from functions.local_server import web
from functions.notify import notify_message
from shared.domain.school import School
from shared.domain.status import Condition
from shared.errors import Conflict, Invalid, Unreachable
from shared.flows.tell import ATTEMPTS, CLAIM, letter, news_of, tell
from shared.flows.tick import tick
from shared.flows.watch_school import TOPIC
from shared.ports import App, Message
from shared.simulators.practice_school import tiny_school
from shared.telling import Letter
from shared.wiring.local import Local, local
from tests.adapters.scripted_server import ScriptedServer, reply, serving
from tests.functions.test_api import Api, problem, set_up

TINY = tiny_school()
ADMIN = "u-beheerder"  # the persona


class Clock:
    """Goes on by itself, and can be moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(tmp_path: Path, clock: Clock) -> Iterator[Api]:
    with local(tmp_path / "data") as made:
        world = replace(made, app=replace(made.app, now=clock))
        world.queue.subscribe("link-school", lambda message: ignore(run_message(world.app, message)))
        world.queue.subscribe(TOPIC, lambda message: ignore(notify_message(world.app, message)))
        yield set_up(Api(world, Client(web(world.app))), TINY)


def ignore(_: object) -> None:
    """A handler of the queue gives nothing back."""


@pytest.fixture
def receiver() -> Iterator[ScriptedServer]:
    with serving(lambda asked: reply(204)) as server:
        yield server


def letters(world: Local) -> list[email.message.EmailMessage]:
    folder = Path(world.config.database).parent / "mail"
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]  # type: ignore[misc]


def notify(school: Api, **body: object) -> dict[str, str]:
    seen = school.get("/coupling/notifications").headers["ETag"]
    answer = school.put("/coupling/notifications", body, headers={"If-Match": seen})
    assert answer.status_code == 200, answer.text
    told: dict[str, str] = answer.get_json()
    return told


def states(receiver: ScriptedServer) -> list[str]:
    return [json.loads(asked.body)["state"] for asked in receiver.asked]


def refuse_the_password(school: Api) -> None:
    assert school.world.untis
    school.world.untis.schools[TINY.tenant_id].set_password("een ander")
    school.world.untis.fail("revoked", times=1)


# ---------------------------------------------------------------- runs


def test_an_admin_asks_for_a_run_and_follows_it_to_its_end(school: Api) -> None:
    answer = school.ask("POST", school.at("/runs"), headers={"Idempotency-Key": "now"})
    assert answer.status_code == 202
    assert answer.headers["Location"] == school.at(f"/runs/{answer.get_json()['run']}")
    assert school.world.queue.drain(30)
    run = school.ask("GET", answer.headers["Location"]).get_json()
    assert (run["outcome"], run["trigger"], run["by"]) == ("done", "person", ADMIN)
    again = school.ask("POST", school.at("/runs"), headers={"Idempotency-Key": "now"})
    assert again.get_json() == answer.get_json()
    refused = school.ask("POST", school.at("/runs"))
    assert problem(refused, 429)["code"] == "request.too_many"
    assert 240 < int(refused.headers["Retry-After"]) <= 300
    assert problem(refused, 429)["remedy"] == "Wacht 5 minuten en probeer het dan opnieuw."


def test_a_run_of_a_coupling_that_is_off_is_refused_in_a_sentence(school: Api) -> None:
    form = {"ingeschakeld": False, "schoolnaam": TINY.school_name, "subdomein": TINY.subdomain}
    assert school.save_settings(form).status_code == 200
    told = problem(school.ask("POST", school.at("/runs")), 409)
    assert (told["code"], "Ingeschakeld" in told["remedy"]) == ("run.off", True)
    assert school.ask("POST", school.at("/runs/preview")).get_json()["outcome"] == "done"


def test_after_a_failure_the_log_shows_it_on_top_and_the_last_log_under_it(school: Api, clock: Clock) -> None:
    school.sync()
    good = school.get("/runs/latest/log").get_json()
    lines = school.get("/runs/latest/log.csv").data.decode("utf-8-sig").splitlines()
    clock.ahead += timedelta(minutes=30)
    refuse_the_password(school)
    school.sync()
    told = school.get("/runs/latest/log").get_json()
    assert (told["run"]["outcome"], told["run"]["sameAs"]) == ("failed", good["run"]["id"])
    assert [problem["code"] for problem in told["run"]["problems"]] == ["webuntis.login_refused"]
    assert told["entries"] == good["entries"]
    header, failure, whose, *rest = school.get("/runs/latest/log.csv").data.decode("utf-8-sig").splitlines()
    assert [header, *rest] == lines
    assert failure.endswith(";webuntis.login_refused")
    assert f"synchronisatie {good['run']['id']}" in whose


def test_who_was_never_judged_because_the_list_could_not_be_read_is_called_new(school: Api) -> None:
    assert school.world.untis
    school.world.untis.fail("forbidden", "teachers")
    school.sync()
    told = school.get("/runs/latest/log").get_json()
    [first, *_] = [entry for entry in told["entries"] if entry["state"] == "new"]
    assert (first["role"], first["code"]) == ("docent", "run.never_judged")
    assert "lijst met docenten" in first["reason"]
    assert told["run"]["counts"]["teacher.new"] == sum(entry["role"] == "docent" for entry in told["entries"])


def test_a_preview_shows_each_change_with_its_reason(school: Api) -> None:
    plan = school.ask("POST", school.at("/runs/preview")).get_json()
    assert (plan["outcome"], len(plan["changes"]), plan["problems"]) == ("done", len(TINY.users), [])
    for change in plan["changes"]:
        assert (change["stateBefore"], change["after"]["state"]) == ("", "linked")
        assert change["after"]["reason"]
    assert school.get("/runs").get_json()["last"] is None


def test_a_list_that_may_not_be_read_is_named_once_and_in_the_words_of_the_school(school: Api) -> None:
    assert school.world.untis
    school.world.untis.fail("forbidden", "students")
    school.sync()
    for language, words in (("nl", "de lijst met leerlingen te lezen"), ("en", "the list of students")):
        [told] = replace(school, language=language).get("/runs/latest").get_json()["problems"]
        assert (told["code"], words in told["message"]) == ("webuntis.right_missing", True)
        assert told["message"].startswith("WebUntis ")


def test_a_held_run_is_discarded_and_the_coupling_says_by_whom(school: Api) -> None:
    school.sync()
    assert school.world.untis
    school.world.untis.fail("empty", "students")
    school.ask("POST", school.at("/runs"))
    assert school.world.queue.drain(30)
    seen = school.get("/coupling").get_json()
    assert (seen["state"], seen["owner"], seen["problem"]["code"]) == ("held", "untis-admin", "hold.list_empty")
    assert "een lege lijst met leerlingen" in seen["problem"]["message"]
    discarded = school.ask("POST", school.at(f"/runs/{seen['held']}/discard"))
    assert (discarded.status_code, discarded.get_json()["discardedBy"]) == (200, ADMIN)
    after = school.get("/coupling").get_json()
    assert (after["held"], after["discarded"]["by"]) == ("", ADMIN)
    assert (after["state"], "volgende synchronisatie" in after["message"]) == ("waiting", True)
    [why] = discarded.get_json()["problems"]
    assert (why["code"], why["owner"]) == ("hold.list_empty", "nobody")
    assert why["remedy"].startswith("U hoeft niets te doen.")
    assert problem(school.ask("POST", school.at(f"/runs/{seen['held']}/discard")), 409)["code"] == "run.nothing_held"


@pytest.mark.parametrize("verdict", ["approve", "discard"])
def test_a_school_that_is_not_there_has_no_run_to_judge(school: Api, verdict: str) -> None:
    nowhere = school.as_("admin", school="weg")
    told = problem(nowhere.ask("POST", nowhere.at(f"/runs/latest/{verdict}")), 404)
    assert told["code"] == "school.unknown"


@pytest.mark.parametrize("persona", ["support", "teacher", "student"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/runs"),
        ("POST", "/runs/preview"),
        ("POST", "/runs/x/discard"),
        ("PUT", "/coupling/pause"),
        ("GET", "/coupling/notifications"),
    ],
)
def test_only_the_schools_own_admin_does_these(school: Api, persona: str, method: str, path: str) -> None:
    problem(school.as_(persona).ask(method, school.at(path)), 403)


# ---------------------------------------------------------------- status and pause


def test_the_status_goes_along_from_nothing_to_on_time_to_late(school: Api, clock: Clock) -> None:
    first = school.get("/coupling").get_json()
    assert (first["state"], first["lastGood"]) == ("waiting", None)
    assert first["next"] > first["next"][:10]
    school.sync()
    good = school.get("/coupling").get_json()
    assert (good["state"], good["owner"], good["problem"]) == ("on_time", "nobody", None)
    assert good["counts"] == {"linked": len(TINY.users), "toReview": 0, "notFound": 0, "withoutIdNumber": 0}
    for minutes, state in ((46, "late"), (66, "error")):
        clock.ahead = timedelta(minutes=minutes)
        assert school.get("/coupling").get_json()["state"] == state
    english = replace(school, language="en").get("/coupling").get_json()
    assert english["message"] != school.get("/coupling").get_json()["message"]
    assert school.as_("support").get("/coupling").status_code == 200


def test_a_refused_password_is_the_untis_admins_to_mend_at_once(school: Api) -> None:
    refuse_the_password(school)
    school.sync()
    told = school.get("/coupling").get_json()
    assert (told["state"], told["owner"]) == ("action_needed", "untis-admin")
    assert told["problem"]["code"] == "webuntis.login_refused"
    assert told["remedy"] == told["problem"]["remedy"]


def test_a_pause_is_set_seen_and_ended_with_if_match(school: Api) -> None:
    none = school.get("/coupling/pause")
    assert none.get_json() == {"eersteDag": None, "laatsteDag": None, "nu": False}
    today = datetime.now(UTC).date()
    body = {"eersteDag": (today - timedelta(days=1)).isoformat(), "laatsteDag": (today + timedelta(days=9)).isoformat()}
    assert problem(school.put("/coupling/pause", body), 428)["code"] == "request.match_required"
    set_ = school.put("/coupling/pause", body, headers={"If-Match": none.headers["ETag"]})
    assert set_.get_json() == body | {"nu": True}
    assert problem(school.put("/coupling/pause", body, headers={"If-Match": none.headers["ETag"]}), 412)
    told = school.get("/coupling").get_json()
    last = today + timedelta(days=9)
    assert (told["state"], f"{last:%d-%m-%Y}" in told["message"]) == ("paused", True)
    runs = school.get("/runs").get_json()
    assert runs["due"][:10] == (last + timedelta(days=1)).isoformat()
    assert f"{last + timedelta(days=1):%d-%m-%Y}" in runs["message"]
    assert tick(school.world.app) == 0
    ended = school.ask("DELETE", school.at("/coupling/pause"), headers={"If-Match": set_.headers["ETag"]})
    assert ended.status_code == 204
    assert school.get("/coupling/pause").get_json() == none.get_json()
    assert tick(school.world.app) == 1


def test_a_pause_that_ends_before_it_begins_is_refused_at_the_field(school: Api) -> None:
    seen = {"If-Match": school.get("/coupling/pause").headers["ETag"]}
    told = problem(
        school.put("/coupling/pause", {"eersteDag": "2099-02-02", "laatsteDag": "2099-02-01"}, headers=seen), 422
    )
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [("/laatsteDag", "pause.order")]


# ---------------------------------------------------------------- notifications


def test_a_change_is_told_once_to_both_and_the_signature_is_right(school: Api, receiver: ScriptedServer) -> None:
    told = notify(school, webhook=f"{receiver.url}/hook", email="beheer@tom.example")
    refuse_the_password(school)
    for _ in range(3):
        school.sync()
    assert states(receiver) == ["action_needed"]
    [asked] = receiver.asked
    at, _, digest = asked.headers["x-profijt-signature"].removeprefix("t=").partition(",v1=")
    expected = hmac.new(told["geheim"].encode(), f"{at}.".encode() + asked.body, hashlib.sha256).hexdigest()
    assert digest == expected
    body = json.loads(asked.body)
    assert (body["school"], body["owner"], body["id"]) == (TINY.id, "untis-admin", asked.headers["x-profijt-delivery"])
    assert body["message"]["nl"] != body["message"]["en"]
    [mail] = letters(school.world)
    assert mail["To"] == "beheer@tom.example"
    assert "actie nodig" in mail["Subject"]
    assert body["remedy"]["nl"] in " ".join(mail.get_content().split())


def test_news_holds_no_name_of_anybody(school: Api, receiver: ScriptedServer) -> None:
    notify(school, webhook=receiver.url, email="beheer@tom.example")
    school.sync()
    assert school.world.untis
    school.world.untis.fail("empty", "students")
    school.ask("POST", school.at("/runs"))
    assert school.world.queue.drain(30)
    assert states(receiver) == ["on_time", "held"]
    text = b"".join(asked.body for asked in receiver.asked).decode() + "".join(map(str, letters(school.world)))
    assert not [user.id for user in TINY.users if user.last_name in text]


def test_late_and_error_are_noticed_by_the_tick_when_no_run_happens(
    school: Api, receiver: ScriptedServer, clock: Clock
) -> None:
    notify(school, webhook=receiver.url)
    school.sync()
    school.world.queue.subscribe("link-school", ignore)  # the function that links is gone
    for minutes in (30, 50, 55, 70, 100, 130):
        clock.ahead = timedelta(minutes=minutes)
        school.sync()
    assert states(receiver) == ["on_time", "late", "error"]


def test_failing_runs_in_between_good_ones_are_no_news(school: Api, receiver: ScriptedServer, clock: Clock) -> None:
    notify(school, webhook=receiver.url)
    school.sync()
    assert school.world.untis
    for minutes in (20, 40):
        clock.ahead = timedelta(minutes=minutes)
        school.world.untis.fail("html", "students")
        school.world.untis.fail("html", "teachers")
        school.sync()
        school.world.untis.faults.clear()
        clock.ahead += timedelta(minutes=2)
        school.sync()
    assert states(receiver) == ["on_time"]


def test_what_could_not_be_delivered_is_delivered_later(school: Api) -> None:
    answers = iter([503, 500, 204])
    with serving(lambda asked: reply(next(answers))) as receiver:
        notify(school, webhook=receiver.url)
        school.sync()
        assert states(receiver) == ["on_time"] * 3
        assert len({asked.headers["x-profijt-delivery"] for asked in receiver.asked}) == 1


def test_a_receiver_that_says_no_is_not_asked_again(school: Api) -> None:
    with serving(lambda asked: reply(410)) as receiver:
        notify(school, webhook=receiver.url)
        for _ in range(3):
            school.sync()
        assert len(receiver.asked) == 1


def news(**other: str) -> Message:
    body = {
        "school": TINY.id,
        "state": "held",
        "since": "2026-11-23T08:00:00+00:00",
        "code": "hold.links_lost",
        "facts": '{"lost":40,"links":100,"role":"student"}',
        "channel": "email",
    }
    return Message(TOPIC, body | other, attempt=1)


class Broken:
    """A mail server that dies, or is away, so many times."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(letter)


def with_mail(school: Api, mail: Broken) -> App:
    notify(school, email="beheer@tom.example")
    return replace(school.world.app, mail=mail)


def test_a_process_that_died_while_sending_leaves_a_claim_that_runs_out(school: Api, clock: Clock) -> None:
    mail = Broken(KeyboardInterrupt())
    app = with_mail(school, mail)
    with pytest.raises(KeyboardInterrupt):
        tell(app, news())
    with pytest.raises(Conflict, match=r"notify\.busy"):
        tell(app, news())
    clock.ahead += CLAIM
    assert [tell(app, news()) for _ in range(2)] == ["sent", "before"]
    assert len(mail.sent) == 1


def test_the_last_attempt_notes_the_failure_and_makes_no_dead_letter(school: Api) -> None:
    away = [Unreachable("mail.unreachable", service="mail", host="mail.example") for _ in range(ATTEMPTS)]
    app = with_mail(school, Broken(*away))
    for attempt in range(1, ATTEMPTS):
        with pytest.raises(Unreachable):
            tell(app, replace(news(), attempt=attempt))
    assert tell(app, replace(news(), attempt=ATTEMPTS)) == "mail.unreachable"
    assert tell(app, news()) == "before"


@pytest.mark.parametrize(
    "flaw", [{"since": "gisteren"}, {"channel": "sms"}, {"code": "nee"}, {"facts": "{"}, {"state": "?"}]
)
def test_a_message_that_is_no_news_is_refused(flaw: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"push\.unreadable"):
        news_of(news(**flaw))


def test_nobody_is_told_when_nobody_wants_to_know(school: Api) -> None:
    assert tell(school.world.app, news()) == "nobody"
    assert tell(school.world.app, news(school="weg")) == "nobody"


def test_a_letter_says_it_in_dutch_first_and_with_the_words_of_the_school() -> None:
    made = letter(news_of(news()), School("tom", "De Tom"), to="x@tom.example")
    assert (
        made.subject == "[tom] Een synchronisatie van de WebUntis-koppeling is aangehouden: er zou te veel veranderen."
    )
    assert made.text.index("leerling") < made.text.index("student")
    assert news_of(news()).state is Condition.HELD


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.com/hook", "address.not_https"),
        ("https://169.254.169.254/latest", "address.ip_literal"),
        ("https://localhost/x", "address.host_name"),
        ("https://metadata.google.internal/", "address.host_name"),
        ("https://2130706433/", "address.ip_literal"),
        ("https://user:pass@example.com/", "address.user_info"),
        ("https://example.com:22/", "address.port"),
        ("https://bestaat-niet.invalid/", "notify.host_unknown"),
    ],
)
def test_a_webhook_that_leads_inside_or_nowhere_is_refused_when_it_is_saved(
    school: Api, address: str, code: str
) -> None:
    seen = {"If-Match": school.get("/coupling/notifications").headers["ETag"]}
    told = problem(school.put("/coupling/notifications", {"webhook": address}, headers=seen), 422)
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [("/webhook", code)]


@pytest.mark.parametrize(
    "typed",
    [
        "beheer",
        "a@b",
        "a@tom.nl, b@tom.nl",
        "Beheer <a@tom.nl>",
        "a@tom.nl\nBcc: b@elders.nl",
        "a b@tom.nl",
        "é@tom.nl",
    ],
)
def test_what_is_no_single_plain_mail_address_is_refused(school: Api, typed: str) -> None:
    seen = {"If-Match": school.get("/coupling/notifications").headers["ETag"]}
    told = problem(school.put("/coupling/notifications", {"email": typed}, headers=seen), 422)
    assert [each["code"] for each in told["errors"]] == ["notify.email_malformed"]


def test_without_a_mail_server_a_mail_address_is_refused_in_a_sentence(school: Api) -> None:
    poor = replace(school, client=Client(web(replace(school.world.app, mail=None))))
    seen = {"If-Match": poor.get("/coupling/notifications").headers["ETag"]}
    told = problem(poor.put("/coupling/notifications", {"email": "beheer@tom.example"}, headers=seen), 422)
    assert [each["code"] for each in told["errors"]] == ["notify.no_mail"]
    assert poor.get("/coupling/notifications").get_json()["email"] == ""


def test_the_secret_is_shown_once_and_a_new_address_gets_a_new_one(school: Api, receiver: ScriptedServer) -> None:
    first = notify(school, webhook=receiver.url)["geheim"]
    assert len(first) > 30
    assert school.get("/coupling/notifications").get_json() == {"webhook": receiver.url, "email": "", "geheim": ""}
    assert notify(school, webhook=receiver.url, email="beheer@tom.example")["geheim"] == ""
    renewed = notify(school, webhook=receiver.url, nieuwGeheim=True)["geheim"]
    moved = notify(school, webhook=f"{receiver.url}/elders?token=geheim")["geheim"]
    assert len({first, renewed, moved}) == 3
    notify(school)
    assert set(school.world.app.secrets.versions(f"webhook-{TINY.id}").values()) == {"disabled"}
    trail = "".join(str(each.data) for each in school.world.app.store.query(f"schools/{TINY.id}/audit").documents)
    assert "notifications.saved" in trail
    assert not [secret for secret in (first, renewed, moved, "token=geheim") if secret in trail]
