"""What infra/ and the code both have to say, they say alike: neither the emulators nor terraform would notice."""

import json
import re
from datetime import timedelta
from types import ModuleType

import pytest

from shared import config
from shared.adapters import indexes
from shared.adapters.webuntis_jsonrpc.timetable import MOST_ELEMENTS
from shared.flows import (
    google_consent,
    keep_notify,
    linking_state,
    order_export,
    read_roster,
    refresh_week,
    retention,
    sis,
    tenants,
    tick,
    watch_school,
)
from tests.infra.tools import ROOT

INFRA = "\n".join(file.read_text() for file in sorted((ROOT / "infra").glob("*.tf")))
FUNCTIONS = json.loads((ROOT / "infra/functions.json").read_text())
FIRESTORE = json.loads((ROOT / "infra/firestore.indexes.json").read_text())


def test_the_database_has_the_indexes_that_the_adapters_allow_queries_for() -> None:
    assert indexes.as_json() == (ROOT / "infra/firestore.indexes.json").read_text()


@pytest.mark.parametrize("group", ["runs", "logs", "idempotency", "notices", "audit", "retention", "support"])
def test_what_is_kept_for_a_set_time_is_deleted_by_the_database(group: str) -> None:
    lifetimes = {field["collectionGroup"] for field in FIRESTORE["fieldOverrides"] if field.get("ttl")}
    assert group in lifetimes
    assert {field["fieldPath"] for field in FIRESTORE["fieldOverrides"] if field.get("ttl")} == {"expire_at"}


# Which functions read, make or end which secrets, by the names the code gives them.
PASSWORDS = (read_roster.password_name("demo"), tenants.waiting_name("demo"))
CONSENT = google_consent.secret_name("demo", "u1")
SECRETS = {
    "link-school": PASSWORDS,
    "refresh-week": PASSWORDS,
    "notify": (keep_notify.secret_name("demo"), "smtp-password"),
    "retain-school": (*PASSWORDS, sis.secret_name("demo"), CONSENT),
    "settings": (*PASSWORDS, keep_notify.secret_name("demo"), CONSENT),
    "timetable": PASSWORDS,
    "export-plan": (sis.secret_name("demo"), CONSENT),
    "export-item": (sis.secret_name("demo"),),
    "grade-export": (sis.secret_name("demo"), CONSENT),
    "webuntis-webhook": PASSWORDS,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_may_touch_the_secrets_it_works_with_and_no_others(name: str) -> None:
    prefixes, names = tuple(FUNCTIONS[name]["prefixes"]), SECRETS.get(name, ())
    assert all(secret.startswith(prefixes) for secret in names)
    assert all(any(secret.startswith(prefix) for secret in names) for prefix in prefixes)
    assert bool(prefixes) is (FUNCTIONS[name]["secrets"] != "none")


def test_who_orders_a_run_may_publish_where_its_subscription_listens() -> None:
    assert FUNCTIONS[tick.TOPIC]["caller"] == "push"
    assert {name for name, function in FUNCTIONS.items() if tick.TOPIC in function["publishes"]} == {"tick", "settings"}


def test_who_orders_the_retention_job_may_publish_where_its_subscription_listens() -> None:
    assert FUNCTIONS[retention.TOPIC]["caller"] == "push"
    assert {name for name, function in FUNCTIONS.items() if retention.TOPIC in function["publishes"]} == {"retain"}


def test_who_orders_an_export_may_publish_where_its_subscriptions_listen() -> None:
    publishers = {
        topic: {name for name, function in FUNCTIONS.items() if topic in function["publishes"]}
        for topic in (order_export.PLAN, order_export.ITEM)
    }
    assert {FUNCTIONS[topic]["caller"] for topic in publishers} == {"push"}
    assert publishers == {order_export.PLAN: {"grade-export"}, order_export.ITEM: {"export-plan", "export-item"}}


def test_who_notices_a_change_may_have_it_told() -> None:
    assert FUNCTIONS[watch_school.TOPIC]["caller"] == "push"
    told = {name for name, function in FUNCTIONS.items() if watch_school.TOPIC in function["publishes"]}
    assert told == {"tick", "link-school", "settings"}


def test_the_clock_ticks_as_often_as_admins_are_told() -> None:
    needed = ("GOOGLE_CLOUD_PROJECT", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "MACHINE_AUDIENCE")
    told = config.read(dict.fromkeys(needed, "x")).rules.every
    assert f'schedule         = "*/{told // timedelta(minutes=1)} * * * *"' in INFRA


@pytest.mark.parametrize(("name", "claim"), [("link-school", linking_state), ("refresh-week", refresh_week)])
def test_a_claim_lasts_exactly_as_long_as_its_function_may_take(name: str, claim: ModuleType) -> None:
    assert FUNCTIONS[name]["timeout"] == claim.LEASE_SECONDS


def test_no_message_is_delivered_again_while_it_is_worked_on() -> None:
    [patience] = re.findall(r"ack_deadline_seconds += (\d+)", INFRA)
    assert max(each["timeout"] for each in FUNCTIONS.values() if each["caller"] == "push") < int(patience)


def test_the_largest_school_that_is_read_class_by_class_is_read_in_time_and_with_two_minutes_to_spare() -> None:
    seconds = MOST_ELEMENTS * 1
    assert seconds + 120 <= FUNCTIONS["refresh-week"]["timeout"]


@pytest.mark.parametrize(("event", "module"), [("tick", "tick"), ("run", "auto_link")])
def test_the_events_that_are_counted_are_logged(event: str, module: str) -> None:
    assert f'jsonPayload.event=\\"{event}\\"' in INFRA
    assert f'"event": "{event}"' in (ROOT / f"functions/{module}.py").read_text()


def test_a_function_is_one_line_that_says_everything() -> None:
    keys = {"caller", "roles", "publishes", "secrets", "prefixes", "concurrency", "min", "max", "timeout"}
    for name, function in FUNCTIONS.items():
        assert set(function) == keys, name
        assert function["caller"] in ("anyone", "scheduler", "push")
        assert function["secrets"] in ("none", "read", "retire", "manage")
        assert re.fullmatch(r"[a-z][a-z-]{1,26}", name)  # fn-… has to be a service account's name
