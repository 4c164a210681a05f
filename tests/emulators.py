"""Google's own emulators on free loopback ports, out of the installed Cloud SDK, gone when the tests are: even when
pytest is killed, no emulator stays behind.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Component of the SDK -> the class that starts it (the Firestore jar names none in its manifest).
MAIN = {
    "cloud-firestore-emulator": "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
    "pubsub-emulator": "com.google.cloud.pubsub.testing.v1.Main",
}
# A first question: java loads its classes for it, so that no test's deadline has to bear that.
FIRST = {
    "cloud-firestore-emulator": "v1/projects/warm/databases/(default)/documents/up/not-there",
    "pubsub-emulator": "v1/projects/warm/topics",
}
JAVA = ("-Duser.language=en", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # half the CPU of java's own choice
START_SECONDS = 60  # 2 s on a quiet machine; many workers on two cores need more

# The shell leads a process group of its own and waits on a pipe that only we hold. Whatever ends us (also SIGKILL)
# closes the pipe, and the group goes with it. An emulator that dies by itself takes the shell along, so poll() tells.
_GUARD = '( "$@" </dev/null; kill -9 0 ) & read -r _; kill -9 0'


def missing(component: str) -> str:
    """What to install before `component` ("cloud-firestore-emulator", "pubsub-emulator") can run; "" when it can."""
    apt = component.removeprefix("cloud-")
    if _sdk() is None:
        return f"the Google Cloud SDK (https://cloud.google.com/sdk/docs/install) with its {component}"
    if _jar(component) is None:
        return f"{component} (gcloud components install {component}; Debian: apt-get install google-cloud-cli-{apt})"
    return "" if shutil.which("java") else "java 17 or newer (Debian: apt-get install default-jre-headless)"


@contextmanager
def firestore_emulator() -> Iterator[str]:
    """host:port of a fresh Firestore emulator (for FIRESTORE_EMULATOR_HOST or an insecure channel)."""
    with _running("cloud-firestore-emulator") as host:
        yield host


@contextmanager
def pubsub_emulator() -> Iterator[str]:
    """host:port of a fresh Pub/Sub emulator (for PUBSUB_EMULATOR_HOST or an insecure channel)."""
    with _running("pubsub-emulator") as host:
        yield host


@contextmanager
def _running(component: str) -> Iterator[str]:
    jar = _jar(component)
    if jar is None:
        raise FileNotFoundError(missing(component))
    with tempfile.TemporaryDirectory(prefix=component) as folder:
        for _attempt in range(3):  # another worker may take the port between our look and java's bind
            port = _free_port()
            java = ["java", *JAVA, "-cp", str(jar), MAIN[component]]
            log = Path(folder, "log")
            with log.open("wb") as out:
                guard = subprocess.Popen(
                    ["sh", "-c", _GUARD, "sh", *java, "--host=127.0.0.1", f"--port={port}"],
                    stdin=subprocess.PIPE,
                    stdout=out,
                    stderr=out,
                    cwd=folder,
                    start_new_session=True,
                )
            try:
                if _answers(guard, f"http://127.0.0.1:{port}/{FIRST[component]}"):
                    yield f"127.0.0.1:{port}"
                    return
            finally:
                _end(guard)
        raise RuntimeError(f"{component} did not start: {log.read_text(errors='replace')[-2000:]}")


def _answers(guard: "subprocess.Popen[bytes]", url: str) -> bool:
    """Whether it answered at all, in time; False as soon as it has died."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and guard.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=START_SECONDS):
                return True
        except urllib.error.HTTPError:
            return True  # 404: it looked
        except OSError:
            time.sleep(0.05)
    return False


def _end(guard: "subprocess.Popen[bytes]") -> None:
    if guard.poll() is None:  # not yet waited for, so the group's number cannot be another's
        os.killpg(guard.pid, signal.SIGKILL)
    guard.wait()
    if guard.stdin:
        guard.stdin.close()


def _sdk() -> Path | None:
    """The SDK's folder, found beside the real `gcloud`."""
    gcloud = shutil.which("gcloud")
    return Path(gcloud).resolve().parent.parent if gcloud else None


def _jar(component: str) -> Path | None:
    sdk = _sdk()
    folder = sdk / "platform" / component if sdk else None
    return next(iter(sorted(folder.rglob("*.jar"))), None) if folder and folder.is_dir() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
