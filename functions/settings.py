"""The admin's API as one deployed function."""

import os
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs
from functions.edge import serve
from functions.routes import SETTINGS
from shared import wiring


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "settings"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(SETTINGS, app, origins=frozenset(config.cors_origins), version=version)
