"""Fixtures every test may use: the official emulators, one of each per worker, started by the first test that asks."""

import os
from collections.abc import Iterator

import pytest

from tests.emulators import firestore_emulator, missing, pubsub_emulator

# Library logs and proxies must not decide a test: gRPC reaches loopback directly.
os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(
    filter(None, (os.environ.get("no_proxy"), "127.0.0.1", "localhost"))
)


@pytest.fixture(scope="session")
def firestore_host() -> Iterator[str]:
    """host:port of a Firestore emulator."""
    _need("cloud-firestore-emulator")
    with firestore_emulator() as host:
        yield host


@pytest.fixture(scope="session")
def pubsub_host() -> Iterator[str]:
    """host:port of a Pub/Sub emulator."""
    _need("pubsub-emulator")
    with pubsub_emulator() as host:
        yield host


def _need(component: str) -> None:
    """Without the emulator its tests are skipped, loudly; on CI they fail instead."""
    lack = missing(component)
    if not lack:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must run every test: install {lack}", pytrace=False)
    pytest.skip(f"NOT TESTED without its emulator. Install {lack}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line per missing emulator, also when `-q` hides the reasons of skips."""
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and "NOT TESTED" in str(report.longrepr[2])
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(f"!!! {reason}", red=True, bold=True)
