"""terraform and gcloud for the tests of the outside. Where one is missing, one loud line says what was not tested."""

import shutil
from pathlib import Path

import pytest

from tests.infra.tools import ROOT, Run, gcloud_offline, terraform_offline


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Run:
    binary = _installed("terraform", "https://developer.hashicorp.com/terraform/install")
    return terraform_offline(binary, tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def gcloud(tmp_path_factory: pytest.TempPathFactory) -> Run:
    binary = _installed("gcloud", "https://cloud.google.com/sdk/docs/install")
    return gcloud_offline(binary, tmp_path_factory.mktemp("gcloud"))


def _installed(name: str, source: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"NOT TESTED without {name}. Install it from {source}")
    return found
