"""Cloud Build understands cloudbuild.yaml, and every function of main.py is deployed once, the way it is called."""

import functools
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
import yaml

from shared import config
from tests.infra.tools import ROOT, Run

ENV = {
    "PROJECT_ID": "profijt-test",
    "PROJECT_NUMBER": "123456789",
    "REGION": "europe-west4",
    "RUNTIME": "python311",
    "BUILD_ACCOUNT": "projects/profijt-test/serviceAccounts/deployer@profijt-test.iam.gserviceaccount.com",
    "BACK_END_EMAILS": "back-end@profijt.iam.gserviceaccount.com,import@profijt.iam.gserviceaccount.com",
    "OIDC_ISSUER": "https://id.profijt.example",
    "OIDC_AUDIENCE": "koppelingen",
    "OIDC_JWKS_URL": "https://id.profijt.example/keys",
    "WEBUNTIS_CLIENT_ID": "profijt",
    "WEBUNTIS_WEBHOOK_KEY": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A==",
    "CORS_ORIGINS": "https://profijt.example,https://beheer.profijt.example",
    "MORE_SETTINGS": "OIDC_SCHOOL_CLAIM=https://profijt.example/school|KEEP_LOGS_DAYS=30",
}
FUNCTIONS = json.loads((ROOT / "infra/functions.json").read_text())


@pytest.fixture(scope="module")
def build() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
    return read


@functools.cache
def typed() -> tuple[str, ...]:
    """The commands of infra/deploy.py, as it prints them."""
    deploy = [sys.executable, "infra/deploy.py", "--print"]
    printed = subprocess.run(deploy, cwd=ROOT, env=ENV, check=True, capture_output=True, text=True)
    return tuple(printed.stdout.splitlines())


def deployed(name: str) -> str:
    [command] = [each for each in typed() if each.startswith(f"gcloud functions deploy {name} ")]
    return command


def settings(name: str) -> dict[str, str]:
    """The environment a deployed function gets."""
    found = re.search(r"--set-env-vars='\^\|\^(.*)'", deployed(name))
    assert found
    return dict(pair.split("=", 1) for pair in found[1].split("|"))


class Noting(Mapping[str, str]):
    """An environment that notes what was asked of it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_given = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.values_given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_given)

    def __len__(self) -> int:
        return len(self.values_given)


def test_cloud_build_understands_every_field() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.cloudbuild", "cloudbuild.yaml"]
    checked = subprocess.run(check, cwd=ROOT, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_steps_have_names_of_their_own_and_wait_for_steps_before_them(build: dict[str, Any]) -> None:
    names = [step["id"] for step in build["steps"]]
    assert len(set(names)) == len(names)
    for number, step in enumerate(build["steps"]):
        assert set(step.get("waitFor", [])) <= set(names[:number])


def test_nothing_is_changed_before_the_tests_have_passed(build: dict[str, Any]) -> None:
    waits = {step["id"]: step.get("waitFor", []) for step in build["steps"]}
    assert waits == {"test": [], "infra": ["test"], "deploy": ["infra"]}
    [test] = [step for step in build["steps"] if step["id"] == "test"]
    assert "CI=true" in test["env"]
    assert test["script"].rstrip().endswith("make test")


def test_every_substitution_that_is_used_is_declared_and_the_other_way_round(build: dict[str, Any]) -> None:
    used = set(re.findall(r"\$\{?(_\w+)", json.dumps(build["steps"])))
    assert used == set(build["substitutions"])


def test_the_deploy_step_sets_exactly_what_deploy_py_reads(build: dict[str, Any]) -> None:
    [deploy] = [step for step in build["steps"] if step["id"] == "deploy"]
    assert {pair.split("=", 1)[0] for pair in deploy["env"]} == set(ENV)


def test_the_infra_step_sets_exactly_the_variables_of_infra(build: dict[str, Any]) -> None:
    [infra] = [step for step in build["steps"] if step["id"] == "infra"]
    declared = re.findall(r'^variable "(\w+)"', (ROOT / "infra/variables.tf").read_text(), re.MULTILINE)
    assert sorted(pair.split("=", 1)[0] for pair in infra["env"]) == sorted(f"TF_VAR_{name}" for name in declared)


def test_what_was_tested_is_what_runs(build: dict[str, Any]) -> None:
    [test] = [step for step in build["steps"] if step["id"] == "test"]
    [deploy] = [step for step in build["steps"] if step["id"] == "deploy"]
    [version] = re.findall(r"python:3\.(\d+)", test["name"])
    assert f"RUNTIME=python3{version}" in deploy["env"]


def test_every_function_of_main_is_deployed_exactly_once() -> None:
    # From its file: functions-framework puts whatever it serves into sys.modules["main"], also in other tests.
    spec = importlib.util.spec_from_file_location("deployed", ROOT / "main.py")
    assert spec
    assert spec.loader
    main = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(main)
    ours = [
        name for name, each in vars(main).items() if isinstance(each, FunctionType) and each.__module__ == "deployed"
    ]
    entries = re.findall(r"--entry-point=(\w+)", "\n".join(typed()))
    assert sorted(entries) == sorted(ours)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gets_every_setting_it_needs_and_none_that_nobody_reads(name: str) -> None:
    env = Noting(settings(name))
    read = config.read(env)
    assert (read.project, read.region) == ("profijt-test", "europe-west4")
    assert read.people.school_claim == "https://profijt.example/school"
    assert not read.reach_loopback
    framework = {"LOG_EXECUTION_ID"}
    assert set(env) - env.asked - framework == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_believes_tokens_meant_for_its_own_address_only(name: str) -> None:
    assert settings(name)["MACHINE_AUDIENCE"] == f"https://{name}-123456789.europe-west4.run.app"


MACHINES = [
    ("tick", "call-scheduler"),
    ("retain", "call-scheduler"),
    ("link-school", "call-push"),
    ("retain-school", "call-push"),
]


@pytest.mark.parametrize(("name", "caller"), MACHINES)
def test_what_only_machines_call_is_closed_to_everyone_else(name: str, caller: str) -> None:
    account = f"{caller}@profijt-test.iam.gserviceaccount.com"
    assert "--ingress-settings=internal-only" in deployed(name)
    assert "--no-allow-unauthenticated" in deployed(name)
    assert settings(name)["MACHINE_EMAILS"] == account
    [admitted] = [each for each in typed() if each.startswith(f"gcloud functions add-invoker-policy-binding {name} ")]
    assert f"--member=serviceAccount:{account}" in admitted


def test_the_api_is_reachable_and_checks_tokens_itself() -> None:
    assert "--allow-unauthenticated" in deployed("settings")
    assert "--ingress-settings=all" in deployed("settings")
    assert settings("settings")["OIDC_ISSUER"] == "https://id.profijt.example"


def test_every_function_has_its_own_account_and_a_whole_cpu() -> None:
    for name in FUNCTIONS:
        assert f"--service-account=fn-{name}@" in deployed(name)
        assert "--memory=512Mi --cpu=1 " in deployed(name)


def test_a_failed_deployment_fails_the_step_and_not_the_others(tmp_path: Path) -> None:
    gcloud = tmp_path / "gcloud"
    gcloud.write_text('#!/bin/sh\necho "$2 $3"\n[ "$2 $3" != "deploy link-school" ]\n')
    gcloud.chmod(0o755)
    run = [sys.executable, "infra/deploy.py"]
    done = subprocess.run(
        run, cwd=ROOT, env=ENV | {"PATH": f"{tmp_path}:/bin"}, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "== link-school: FAILED" in done.stdout
    assert "== tick: deployed\ndeploy tick\nadd-invoker-policy-binding tick\n" in done.stdout
    assert "== settings: deployed" in done.stdout


def test_gcloud_understands_every_command_we_give_or_write_down(gcloud: Run, tmp_path: Path) -> None:
    commands = [*typed(), *written_down()]
    assert len(commands) > len(typed())
    everything = tmp_path / "commands.json"
    everything.write_text(json.dumps([{"command_string": command} for command in [*commands, "gcloud run --nope"]]))
    answer = gcloud("meta", "lint-gcloud-commands", "--commands-file", str(everything))
    verdicts = json.loads(answer.stdout)
    wrong = {each["command_string"]: each["error_message"] for each in verdicts if not each["success"]}
    assert len(verdicts) == len(commands) + 1
    assert wrong.pop("gcloud run --nope")  # so the linter does find mistakes
    assert wrong == {}


def written_down() -> list[str]:
    """The gcloud lines of cloudbuild.yaml and of code blocks in README and docs, with their placeholders filled in."""
    lines: list[str] = []
    for page in [ROOT / "cloudbuild.yaml", ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if page.exists():
            text = re.sub(r"\\\n\s*", "", page.read_text())
            lines += re.findall(r"^[#\s]*(gcloud [^|;&\n]+)", text, re.MULTILINE)
    return [re.sub(r"\$\{?\w+\}?|…", "xyz", line).strip() for line in lines]


def test_only_what_runs_in_the_cloud_is_uploaded(gcloud: Run) -> None:
    listed = gcloud("meta", "list-files-for-upload", ".").stdout.split()
    tops = {path.split("/")[0] for path in listed}
    assert tops == {"main.py", "requirements.txt", "functions", "shared"}
    local = re.compile(r"shared/simulators/|shared/wiring/local\.py|functions/local_server\.py|.*\.pyc")
    assert [path for path in listed if local.match(path)] == []
    assert {"functions/edge.py", "shared/ports.py", "shared/adapters/firestore.py"} <= set(listed)
