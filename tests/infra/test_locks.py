"""The lock files hold what pyproject.toml asks for, once, with hashes; and make tells about every target it has."""

import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.infra.tools import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": PROJECT["dependencies"] + EXTRAS["dev"],
    "requirements-bench.txt": PROJECT["dependencies"] + EXTRAS["bench"],
}


def pinned(lock: str) -> dict[str, str]:
    """Package → version in one of the lock files."""
    lines = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(lines)


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_holds_everything_asked_for_in_a_version_that_was_asked_for(lock: str) -> None:
    versions = pinned(lock)
    for wanted in map(Requirement, ASKED[lock]):
        version = versions.get(wanted.name.lower())
        assert version, f"{wanted.name} is not in {lock}: make lock"
        assert wanted.specifier.contains(version), f"{wanted} in {lock} is {version}: make lock"


@pytest.mark.parametrize("lock", ASKED)
def test_every_line_of_a_lock_has_a_hash(lock: str) -> None:
    assert len(pinned(lock)) == len(re.findall(r"^[^#\s]", (ROOT / lock).read_text(), re.MULTILINE))


def test_what_is_tested_and_measured_is_what_runs_in_the_cloud() -> None:
    cloud = pinned("requirements.txt").items()
    assert cloud <= pinned("requirements-dev.txt").items()
    assert cloud <= pinned("requirements-bench.txt").items()


def test_no_tool_of_ours_goes_to_the_cloud() -> None:
    tools = {Requirement(each).name.lower() for each in EXTRAS["dev"] + EXTRAS["bench"]}
    assert tools & pinned("requirements.txt").keys() == set()


def test_make_help_tells_about_every_target() -> None:
    told = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    [targets] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert re.findall(r"^  make (\w+) +\S", told, re.MULTILINE) == targets.split()
