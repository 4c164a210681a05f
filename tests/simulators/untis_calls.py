"""The calls a client makes to WebUntis, written out with `requests` as the documents show them."""

import requests

from shared.simulators.webuntis import WebUntisSimulator


def login(
    untis: WebUntisSimulator, tenant: str = "6700", password: str = "goed", client: str = "profijt"
) -> requests.Response:
    return requests.post(
        f"{untis.url}/WebUntis/api/sso/v3/{tenant}/token",
        data={"grant_type": "client_credentials"},
        auth=(client, password),
        timeout=5,
    )


def token(untis: WebUntisSimulator, tenant: str = "6700", password: str = "goed") -> str:
    return login(untis, tenant, password).json()["access_token"]


def ask(
    untis: WebUntisSimulator, path: str = "v3/students", *, bearer: str | None = None, **query: int
) -> requests.Response:
    bearer = token(untis) if bearer is None else bearer
    return requests.get(
        f"{untis.url}/WebUntis/api/rest/extern/{path}",
        params=query,
        headers={"Authorization": f"Bearer {bearer}"},
        allow_redirects=False,
        timeout=5,
    )


def ids(answer: requests.Response) -> list[int]:
    return [row["id"] for row in answer.json()["students"]]
