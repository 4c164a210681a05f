"""Deploys every function of functions.json at once, each with its own account, and lets its one caller in.

    python3 infra/deploy.py [--print]        --print: only show the gcloud commands

Standard library only: it runs in Google's gcloud image as it is. Reads the environment that cloudbuild.yaml sets and
ends with 1 when any function failed; the others are deployed all the same.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

INFRA = Path(__file__).parent

# Handed on to the functions as they are, when they are set: docs/operating.md. Others go in MORE_SETTINGS: "A=1|B=2".
SETTINGS = (
    *("OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "WEBUNTIS_CLIENT_ID", "WEBUNTIS_WEBHOOK_KEY", "CORS_ORIGINS"),
)


def commands(functions: Mapping[str, Any], env: Mapping[str, str]) -> Iterator[tuple[str, list[list[str]]]]:
    """For each function the gcloud commands that deploy it, in order."""
    project, region = env["PROJECT_ID"], f"--region={env['REGION']}"
    for name, function in functions.items():
        public = function["caller"] == "anyone"
        caller = "" if public else f"call-{function['caller']}@{project}.iam.gserviceaccount.com"
        settings = {
            "GOOGLE_CLOUD_PROJECT": project,
            "REGION": env["REGION"],
            "LOG_EXECUTION_ID": "true",
            "MACHINE_AUDIENCE": f"https://{name}-{env['PROJECT_NUMBER']}.{env['REGION']}.run.app",
            "MACHINE_EMAILS": caller or env.get("BACK_END_EMAILS", ""),
            **{setting: env.get(setting, "") for setting in SETTINGS},
            **dict(pair.split("=", 1) for pair in env.get("MORE_SETTINGS", "").split("|") if pair),
        }
        deploy = [
            *("gcloud", "functions", "deploy", name, "--gen2", region, f"--project={project}", "--quiet"),
            *("--source=.", f"--runtime={env['RUNTIME']}", f"--entry-point={name.replace('-', '_')}", "--trigger-http"),
            f"--service-account=fn-{name}@{project}.iam.gserviceaccount.com",
            f"--build-service-account={env['BUILD_ACCOUNT']}",
            # A whole CPU: fractions make a cold start several times as long, and allow one request at a time only.
            *("--memory=512Mi", "--cpu=1", f"--concurrency={function['concurrency']}"),
            *(f"--min-instances={function['min']}", f"--max-instances={function['max']}"),
            f"--timeout={function['timeout']}s",
            # Scheduler and Pub/Sub of our own project count as internal.
            f"--ingress-settings={'all' if public else 'internal-only'}",
            "--allow-unauthenticated" if public else "--no-allow-unauthenticated",
            # "^|^": values may hold commas
            "--set-env-vars=^|^" + "|".join(f"{key}={value}" for key, value in settings.items() if value),
        ]
        admit = [
            *("gcloud", "functions", "add-invoker-policy-binding", name, region, f"--project={project}"),
            f"--member=serviceAccount:{caller}",
        ]
        yield name, [deploy] if public else [deploy, admit]


def shown(step: list[str]) -> str:
    """The command as one would type it."""
    flags = (word.partition("=") for word in step)
    return " ".join(f"{flag}{sign}{shlex.quote(value) if sign else ''}" for flag, sign, value in flags)


def carry_out(name: str, steps: list[list[str]]) -> bool:
    """Run the commands of one function; what they said is printed in one piece. False when one failed."""
    said = ""
    for step in steps:
        done = subprocess.run(step, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
        said += done.stdout
        if done.returncode:
            sys.stdout.write(f"== {name}: FAILED\n{said}\n")
            return False
    sys.stdout.write(f"== {name}: deployed\n{said}\n")
    return True


def main(argv: list[str]) -> int:
    functions = json.loads((INFRA / "functions.json").read_text())
    work = list(commands(functions, os.environ))
    if "--print" in argv:
        sys.stdout.writelines(shown(step) + "\n" for _, steps in work for step in steps)
        return 0
    with ThreadPoolExecutor(len(work)) as pool:
        return 0 if all(list(pool.map(lambda each: carry_out(*each), work))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
