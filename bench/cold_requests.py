"""The first request of every deployed function, and a hello that asks the same of the same cloud clients for it.

The school is there, switched off, and has said nothing yet: a function does all it does for any request, and what it
asks of the outside is a handful of calls that the hello makes too. A hello verifies no token and reads no body.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.flows.retention import EXPIRING

BARE = "import functions_framework\n\n@functions_framework.http\ndef hello(request):\n    return 'hello'\n"
_HELLO = """
import functions_framework
from google.cloud import firestore
{imports}

@functions_framework.http
def hello(request):
    db = firestore.Client(project="bench")
    {calls}
    return "hello"
"""
_PUBSUB = """import grpc, os
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport"""
_PUBLISH = """channel = grpc.insecure_channel(os.environ["PUBSUB_EMULATOR_HOST"])
    queue = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    queue.publish(topic="projects/bench/topics/{topic}", messages=[{{"data": b"{{}}"}}])"""
_SECRETS = """import grpc, os
from google.cloud.secretmanager_v1 import SecretManagerServiceClient
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport
from google.api_core.exceptions import NotFound"""
_VERSIONS = """channel = grpc.insecure_channel(os.environ["BENCH_SECRETS"])
    secrets = SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
    for name in ("webuntis-s", "webuntis-api-s", "sis-s"):
        try:
            list(secrets.list_secret_versions(parent=f"projects/bench/secrets/{name}"))
        except NotFound:
            pass"""


@dataclass(frozen=True, slots=True)
class First:
    """What a function is asked first, by whom, and what it asks then: `calls` are lines of the hello's body."""

    by: Literal["machine", "admin", "student", "webuntis"]
    calls: tuple[str, ...]
    method: str = "POST"
    path: str = "/"
    body: bytes = b""
    imports: str = field(default="")

    @property
    def hello(self) -> str:
        """The source of the hello that makes the same calls."""
        return _HELLO.format(imports=self.imports, calls="\n    ".join(self.calls))


def _push(**body: str) -> bytes:
    data = b64encode(json.dumps(body).encode()).decode()
    return json.dumps({"message": {"data": data, "messageId": "1"}}).encode()


def _all(*paths: str) -> str:
    return f"list(db.get_all([{', '.join(f'db.document({path!r})' for path in paths)}]))"


_SCHOOLS = 'list(db.collection("schools").order_by("__name__").limit(300).stream())'
_NOTE = """note = db.document("schools/s/bench/hello")
    note.set({"word": "ok"})"""
_RETAINED = f"""for name in {(*EXPIRING, "sis-books", "google", "feeds")}:
        list(db.collection(f"schools/s/{{name}}").order_by("__name__").limit(300).stream())"""

FIRST: Mapping[str, First] = {
    "tick": First("machine", (_SCHOOLS, _all("schools/s/linking/state"), _all("service/upstreams"), _NOTE)),
    "link_school": First(
        "machine",
        (
            _all("schools/s/linking/state"),
            _NOTE,
            _all("schools/s", "schools/s/directory/student", "schools/s/directory/teacher"),
            _NOTE,
        ),
        body=_push(school="s", run="r", trigger="schedule"),
    ),
    "notify": First(
        "machine",
        (_all("schools/s"),),
        body=_push(
            school="s", state="on_time", since="2026-11-22T08:00:00+00:00", code="hold.links_lost", channel="email"
        ),
    ),
    "retain": First("machine", (_SCHOOLS, _PUBLISH.format(topic="retain-school")), imports=_PUBSUB),
    "retain_school": First(
        "machine",
        (
            _all("schools/s"),
            _all("schools/s/retention/today"),
            _RETAINED,
            _all("schools/s/support/consent"),
            _VERSIONS,
            _all("schools/s/housekeeping/passwords"),
            _all("schools/s/housekeeping/api-passwords"),
            _all("schools/s/housekeeping/sis-secrets"),
            _NOTE,
            'list(db.collection("tenants").order_by("__name__").limit(50).stream())',
        ),
        body=_push(school="s"),
        imports=_SECRETS,
    ),
    "refresh": First("machine", (_SCHOOLS,)),
    "refresh_week": First(
        "machine",
        (
            _all("schools/s", "schools/s/linking/state", "schools/s/weeks/2026-W47"),
            _all("schools/s/weeks/2026-W47"),
            _NOTE,
            _NOTE,
        ),
        body=_push(school="s", week="2026-W47", part="", at="2026-11-22T08:00:00+00:00"),
    ),
    "timetable": First(
        "student",
        (_all("schools/s", "schools/s/links/u-beheerder", "schools/s/timetable/subjects", "schools/s/weeks/2026-W47"),),
        "GET",
        "/v1/schools/s/timetable",
    ),
    "export_plan": First("machine", (_all("schools/s/exports/e"),), body=_push(school="s", export="e")),
    "export_item": First("machine", (_all("schools/s/exports/e"),), body=_push(school="s", export="e", work="w")),
    "grade_export": First("admin", (_all("schools/s"), _all("schools/s/sis/connection")), "GET", "/v1/schools/s/sis"),
    "settings": First(
        "admin",
        (
            _all("schools/s"),
            _all("schools/s"),
            _all("schools/s/linking/state"),
            'list(db.collection("schools/s/runs").order_by("started", direction="DESCENDING").limit(50).stream())',
        ),
        "GET",
        "/v1/schools/s/runs",
    ),
    "webuntis_webhook": First(
        "webuntis",
        (_all("tenants/77", "tenants/77/heard/x"),),
        path="/v1/webuntis/webhook",
        body=json.dumps({"tenantId": "77", "eventType": "DEACTIVATION", "reasonType": "SCHOOL_DEACTIVATION"}).encode(),
    ),
}
