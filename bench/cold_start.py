"""From starting the process to the first answer, through functions-framework, bytecode compiled.

Every deployed function against a bare hello (the floor) and against the same hello with only the cloud clients it needs
imported, making the same calls to the store. Ours answer a real request in full, with a token verified against keys
fetched over HTTP.
"""

import compileall
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests

from shared.adapters.firestore import FirestoreStore
from shared.domain.school import School
from shared.flows.record import encode
from shared.ports import ABSENT, Write
from shared.simulators.identity import IdentitySimulator
from tests.emulators import firestore_emulator

ROOT = Path(__file__).parent.parent
ROUNDS = 7
AUDIENCE = "profijt-koppelingen"
BARE = "import functions_framework\n\n@functions_framework.http\ndef hello(request):\n    return 'hello'\n"
CLIENTS = """
import functions_framework
from google.cloud import firestore

@functions_framework.http
def hello(request):
    db = firestore.Client(project="bench")
    {calls}
    return "hello"
"""
CALLS = {  # what our function asks of the store for the same request
    "tick": """list(db.collection("schools").order_by("__name__").limit(300).stream())
    note = db.document("service/hello")
    note.get()
    note.set({"word": "ok"})""",
    "link_school": """note = db.document("schools/s/linking/hello")
    note.get()
    note.set({"lease": 1})
    list(db.get_all([db.document("schools/s"), db.document("schools/s/directory/a"), db.document("schools/s/b/c")]))
    note.set({"lease": 2})""",
    "settings": """db.document("schools/s").get()
    db.document("schools/s/linking/state").get()
    list(db.collection("schools/s/runs").order_by("started", direction="DESCENDING").limit(50).stream())""",
}
MAIN = ROOT / "bench" / "cold_main.py"
PUSH = json.dumps(
    {"message": {"data": b64encode(b'{"school": "s", "run": "r", "trigger": "schedule"}').decode(), "messageId": "1"}}
)


@dataclass(frozen=True, slots=True)
class Start:
    """One way to start: what is run, where, and the request that must be answered."""

    name: str
    source: Path
    target: str
    method: str
    path: str
    token: str = ""
    body: str = ""


def measure() -> dict[str, dict[str, float]]:
    """Per function: milliseconds (medians) and the ratio against each hello. Needs the Google Cloud SDK's emulator."""
    for folder in ("functions", "shared", "bench"):
        compileall.compile_dir(str(ROOT / folder), quiet=2)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        identity = stack.enter_context(IdentitySimulator(audience=AUDIENCE))
        emulator = stack.enter_context(firestore_emulator())
        write = FirestoreStore("bench", emulator=emulator).commit
        write([Write("schools/s", encode(School("s", "School, switched off")), ABSENT)])
        env = _environment(identity, emulator)
        machine, support = identity.machine_token(audience=AUDIENCE), identity.persona("support")
        bare = Start("hello", _hello(scratch, "bare", BARE), "hello", "GET", "/")
        clients = {
            name: Start(f"hello for {name}", _hello(scratch, name, CLIENTS.format(calls=calls)), "hello", "GET", "/")
            for name, calls in CALLS.items()
        }
        ours = [
            Start("tick", MAIN, "tick", "POST", "/", machine),
            Start("link_school", MAIN, "link_school", "POST", "/", machine, PUSH),
            Start("settings", MAIN, "settings", "GET", "/v1/schools/s/runs", support),
        ]
        times: dict[str, list[float]] = {start.name: [] for start in (bare, *clients.values(), *ours)}
        for _ in range(ROUNDS):  # interleaved, so that a noisy minute hits all alike
            for start in (bare, *clients.values(), *ours):
                times[start.name].append(first_answer(start, env))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        start.name: {
            "ms": round(median[start.name] * 1000),
            "hello_ms": round(median[bare.name] * 1000),
            "clients_ms": round(median[clients[start.name].name] * 1000),
            "against_hello": round(median[start.name] / median[bare.name], 2),
            "against_clients": round(median[start.name] / median[clients[start.name].name], 2),
        }
        for start in ours
    }


def _environment(identity: IdentitySimulator, emulator: str) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return env | {
        "PYTHONPATH": str(ROOT),
        "GOOGLE_CLOUD_PROJECT": "bench",
        "FIRESTORE_EMULATOR_HOST": emulator,
        "WEBUNTIS_CLIENT_ID": "profijt",
        "OIDC_ISSUER": identity.issuer,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_JWKS_URL": identity.jwks_url,
        "MACHINE_AUDIENCE": AUDIENCE,
        "MACHINE_EMAILS": identity.machine_email,
        "MACHINE_JWKS_URL": identity.machine_jwks_url,
        "BENCH_MACHINE_ISSUER": identity.machine_issuer,
    }


def _hello(scratch: Path, name: str, text: str) -> Path:
    file = scratch / f"{name}.py"
    file.write_text(text)
    return file


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def first_answer(start: Start, env: Mapping[str, str]) -> float:
    """Seconds from the start of the process to the whole answer."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "functions_framework",
        "--target",
        start.target,
        "--source",
        str(start.source),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    headers = {"Authorization": f"Bearer {start.token}"} if start.token else {}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                answer = requests.request(
                    start.method, f"http://127.0.0.1:{port}{start.path}", headers=headers, data=start.body, timeout=30
                )
                break
            except requests.ConnectionError:
                time.sleep(0.002)
                if time.perf_counter() - began > 60 or process.poll() is not None:
                    raise
        taken = time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"{start.name} answered {answer.status_code}: {answer.text[:300]}")
        return taken
    finally:
        process.terminate()
        process.wait(10)
