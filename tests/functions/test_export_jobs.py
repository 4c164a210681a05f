"""What the queue pushes to the grade export's two functions: done once, brought again while it may help, or let go."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from shared.ports import Message
from tests.functions.export_desk import ExportDesk, export_desk

PLACES = {"export-plan": "/functions/export_plan", "export-item": "/functions/export_item"}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ExportDesk]:
    with export_desk(tmp_path / "data") as there:
        yield there


def _push(school: ExportDesk, message: Message, *, attempt: int = 1) -> TestResponse:
    data = base64.b64encode(json.dumps(dict(message.body)).encode()).decode()
    body = {"message": {"data": data, "messageId": message.id}, "subscription": "s", "deliveryAttempt": attempt}
    return _send(school, PLACES[message.topic], json.dumps(body))


def _send(school: ExportDesk, path: str, body: str) -> TestResponse:
    token = school.local.identity.machine_token(audience=school.local.config.machines.audience)
    return school.client.post(path, data=body, headers={"Authorization": f"Bearer {token}"})


def test_an_export_is_carried_out_by_what_the_queue_pushes(school: ExportDesk) -> None:
    school.ordered()
    answers = []
    while school.post.waiting:
        answers.append(_push(school, school.post.waiting.popleft()))
    assert [(answer.status_code, answer.get_json()["outcome"]) for answer in answers] == [
        (200, "running"),
        (200, "done"),
    ]
    assert len(school.there()) == 3


def test_a_sis_that_is_away_has_the_message_brought_again_until_the_last_time(school: ExportDesk) -> None:
    school.ordered()
    plan = school.post.waiting.popleft()
    school.sis.fail("error", status=503)
    assert [_push(school, plan, attempt=attempt).status_code for attempt in (1, 2, 3, 4, 5)] == [503] * 3 + [200] * 2
    school.sis.faults.clear()
    assert _push(school, plan).get_json()["outcome"] == "nothing to do"


def test_what_is_no_message_of_ours_is_let_go(school: ExportDesk) -> None:
    for path in PLACES.values():
        for body in ("", "{}", "[]", '{"message": {"data": "e30="}}', "x" * (1 << 20) + "x"):
            assert _send(school, path, body).status_code == 200
    gone = {"school": school.school, "export": "20260101T000000-x", "work": "w1"}
    for topic in PLACES:
        assert _push(school, Message(topic, gone, id="m1")).status_code == 200


def test_only_machines_may_push(school: ExportDesk) -> None:
    person = school.local.identity.token(sub="d1", roles=["admin"], school=school.school)
    for path in PLACES.values():
        answer = school.client.post(path, data="{}", headers={"Authorization": f"Bearer {person}"})
        assert answer.status_code == 401
