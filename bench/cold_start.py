"""From starting the process to the first answer, through functions-framework, bytecode compiled.

Every deployed function against a bare hello (the floor) and against the same hello with only the cloud clients it needs
imported, making the same calls to them. Ours is main.py as it starts in the cloud, and answers a real request in full,
with a token verified against keys fetched over HTTP.
"""

import compileall
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from bench.cold_requests import BARE, FIRST, First
from shared.adapters.firestore import FirestoreStore
from shared.domain.school import School
from shared.flows.record import encode
from shared.ports import ABSENT, Write
from shared.simulators.identity import IdentitySimulator
from shared.simulators.signing_keys import SigningKey, new_key
from tests.emulators import firestore_emulator, pubsub_emulator

ROOT = Path(__file__).parent.parent
ROUNDS = 15
AUDIENCE = "profijt-koppelingen"
MAIN = ROOT / "bench" / "cold_main.py"


@dataclass(frozen=True, slots=True)
class Start:
    """One way to start: what is run, where, and the request that must be answered."""

    source: Path
    target: str
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def measure() -> dict[str, dict[str, float]]:
    """Per function: milliseconds (medians) and the ratio against each hello. Needs the Google Cloud SDK's emulators."""
    for folder in ("functions", "shared", "bench"):
        compileall.compile_dir(str(ROOT / folder), quiet=2)
    compileall.compile_file(ROOT / "main.py", quiet=2)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        identity = stack.enter_context(IdentitySimulator(audience=AUDIENCE))
        key = new_key("webuntis", "RS256")
        env = _environment(stack, identity, key)
        bare = Start(_source(scratch, "bare", BARE), "hello")
        clients = {name: Start(_source(scratch, name, first.hello), "hello") for name, first in FIRST.items()}
        times: dict[str, list[Times]] = {name: [] for name in FIRST}
        for _ in range(ROUNDS):
            for name, first in FIRST.items():
                ours = Start(MAIN, name, first.method, first.path, _headers(first, identity, key), first.body)
                times[name].append(Times(*(first_answer(start, env) for start in (bare, clients[name], ours))))
    return {name: _row(rounds) for name, rounds in times.items()}


class Times(NamedTuple):
    """Seconds, one right after the other."""

    bare: float
    clients: float
    ours: float


def _row(rounds: Sequence[Times]) -> dict[str, float]:
    """Medians. The ratios are those of ratios within a round: what slows this machine for a minute hits all three."""
    bare, clients, ours = (statistics.median(each) for each in zip(*rounds, strict=True))
    return {
        "ms": round(ours * 1000),
        "hello_ms": round(bare * 1000),
        "clients_ms": round(clients * 1000),
        "against_hello": round(statistics.median(each.ours / each.bare for each in rounds), 2),
        "against_clients": round(statistics.median(each.ours / each.clients for each in rounds), 2),
    }


def _environment(stack: ExitStack, identity: IdentitySimulator, key: SigningKey) -> dict[str, str]:
    """What a function is deployed with; the servers it names run until `stack` closes. The school is there."""
    firestore, pubsub = stack.enter_context(firestore_emulator()), stack.enter_context(pubsub_emulator())
    secrets = import_module("tests.contracts.secret_manager_server").SecretManagerServer()  # tests are not typed
    stack.callback(secrets.stop)
    FirestoreStore("bench", emulator=firestore).commit([Write("schools/s", encode(School("s", "Uit")), ABSENT)])
    requests.put(f"http://{pubsub}/v1/projects/bench/topics/retain-school", timeout=30).raise_for_status()
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return env | {
        "PYTHONPATH": str(ROOT),
        "K_SERVICE": "bench",  # as in the cloud, a function imports at its start
        "GOOGLE_CLOUD_PROJECT": "bench",
        "FIRESTORE_EMULATOR_HOST": firestore,
        "PUBSUB_EMULATOR_HOST": pubsub,
        "BENCH_SECRETS": f"127.0.0.1:{secrets.port}",
        "WEBUNTIS_CLIENT_ID": "profijt",
        "WEBUNTIS_WEBHOOK_KEY": key.public_pem().decode(),
        "OIDC_ISSUER": identity.issuer,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_JWKS_URL": identity.jwks_url,
        "MACHINE_AUDIENCE": AUDIENCE,
        "MACHINE_EMAILS": identity.machine_email,
        "MACHINE_JWKS_URL": identity.machine_jwks_url,
        "BENCH_MACHINE_ISSUER": identity.machine_issuer,
    }


def _headers(first: First, identity: IdentitySimulator, key: SigningKey) -> dict[str, str]:
    """What shows who is asking."""
    if first.by == "webuntis":
        signature = b64encode(key.loaded().sign(first.body, PKCS1v15(), hashes.SHA256())).decode()
        return {"Authorization": signature, "Algorithm": "SHA256withRSA", "Content-Type": "application/json"}
    if first.by == "machine":
        token = identity.machine_token(audience=AUDIENCE)
    else:
        token = identity.token(school="s", roles=(first.by,))
    return {"Authorization": f"Bearer {token}"}


def _source(scratch: Path, name: str, text: str) -> Path:
    file = scratch / f"{name}.py"
    file.write_text(text)
    return file


def _free_port() -> int:
    """Not one of those that the system gives to whoever asks for any."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
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
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**env, "FUNCTION_TARGET": start.target},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            try:
                answer = requests.request(
                    start.method,
                    f"http://127.0.0.1:{port}{start.path}",
                    headers=start.headers,
                    data=start.body,
                    timeout=30,
                )
                break
            except requests.ConnectionError:
                time.sleep(0.002)
                if time.perf_counter() - began > 60 or process.poll() is not None:
                    raise
        taken = time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"{start.target} answered {answer.status_code}: {answer.text[:300]}")
        return taken
    finally:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)  # gunicorn would take a second to say goodbye
        process.wait(10)
