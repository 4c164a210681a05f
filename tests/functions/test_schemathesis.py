"""schemathesis against the local composition: whatever is sent, the API keeps to its own document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import allow_header_conformance, positive_data_acceptance
from werkzeug.test import Client

from functions.auto_link import run_message
from functions.local_server import web
from functions.notify import notify_message
from shared.flows.tick import tick
from shared.simulators.practice_school import load, tiny_school, users_body
from shared.wiring import later
from shared.wiring.local import Local, local

TINY = tiny_school()
RUNNING: list[Local] = []  # the schema is loaded when tests are collected, before there is a world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """A school with a run behind it, so that there is something to find."""
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    with local(folder) as running:
        running.queue.subscribe("link-school", lambda message: _ignore(run_message(running.app, message)))
        running.queue.subscribe("notify", lambda message: _ignore(notify_message(running.app, message)))
        assert running.untis
        load(running.untis, TINY)
        client = Client(web(running.app))
        support, admin = (
            {"Authorization": f"Bearer {running.identity.persona(persona, school=TINY.id)}"}
            for persona in ("support", "admin")
        )
        place = f"/v1/schools/{TINY.id}"
        client.put(place, json={"naam": "Klein", "ontgrendeld": True}, headers=support)
        client.put(f"{place}/users", json=users_body(TINY.users), headers=admin)
        tick(running.app)
        running.queue.drain(20)
        RUNNING.append(running)
        yield running


def _ignore(_: object) -> None:
    return None


schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", web(later(lambda: RUNNING[0].app)))


@pytest.mark.timeout(300)
@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_input_makes_the_api_break_its_document(case: schemathesis.Case, world: Local) -> None:
    token = world.identity.token(school=TINY.id, roles=("admin", "support", "teacher"))
    school = case.path_parameters.get("school", "")
    if 1 <= len(str(school)) <= 200 and case.operation.path != "/v1/schools/{school}":
        case.path_parameters["school"] = TINY.id  # a good name of a school: make it the one that is there
    # Left out: a schema cannot say that a cursor must be one of ours, or that If-Match must name what is there.
    without = [positive_data_acceptance]
    if case.operation.path.endswith("/preview"):
        without.append(allow_header_conformance)  # GET is there too: as that of a run or an export with this name
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=without)
