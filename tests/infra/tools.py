"""terraform and gcloud as the tests run them: without network, account, or anybody's settings."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]  # run(*words, folder=…)


def terraform_offline(binary: str, home: Path) -> Run:
    """terraform, with google/provider.py in the place of the google provider."""
    launcher = home / "terraform-provider-google"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("google") / "provider.py"}"\n')
    launcher.chmod(0o755)
    config = home / "terraform.rc"
    config.write_text(
        f'provider_installation {{\n  dev_overrides {{ "hashicorp/google" = "{home}" }}\n  direct {{}}\n}}\n'
    )
    return _run(
        binary,
        TF_CLI_CONFIG_FILE=str(config),
        TF_DISABLE_PLUGIN_TLS="1",  # the stub speaks plainly, on loopback
        TF_IN_AUTOMATION="1",
        CHECKPOINT_DISABLE="1",
    )


def gcloud_offline(binary: str, home: Path) -> Run:
    return _run(binary, CLOUDSDK_CONFIG=str(home), CLOUDSDK_CORE_DISABLE_USAGE_REPORTING="1")


def _run(binary: str, **settings: str) -> Run:
    def run(*words: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
        env = os.environ | settings
        command = [binary, *words]
        return subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=100)

    return run
