"""main.py as the cold-start bench deploys it: the cloud's composition, with keys of an issuer on loopback."""

import os
from dataclasses import replace
from functools import cache

import functions_framework
from flask import Request, Response

from shared.config import Issuer
from shared.ports import App
from shared.wiring import compose_cloud, config, later, machines, people


@cache
def app() -> App:
    """The cloud's App; only the address rule of the door that fetches keys is another one."""
    settings = config()
    keys = os.environ["BENCH_MACHINE_ISSUER"]
    google = Issuer((keys,), settings.machines.audience, settings.machines.jwks_url)

    def door() -> object:
        from shared.adapters.http.address import PublicAndLoopback
        from shared.adapters.http.door import Door

        return Door(PublicAndLoopback())

    return replace(
        compose_cloud(settings, trace=lambda: ""),
        identity=later(lambda: people(later(door), settings.people)),  # type: ignore[arg-type]
        machines=later(lambda: machines(later(door), google, settings.machine_emails)),  # type: ignore[arg-type]
    )


@functions_framework.http
def tick(request: Request) -> Response:
    from functions.auto_link import for_machines, on_tick

    return for_machines(on_tick, app)(request)


@functions_framework.http
def link_school(request: Request) -> Response:
    from functions.auto_link import for_machines, on_push

    return for_machines(on_push, app)(request)


@functions_framework.http
def settings(request: Request) -> Response:
    from functions.edge import serve
    from functions.settings import ROUTES as SETTINGS

    return serve(SETTINGS, app)(request)
