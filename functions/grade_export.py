"""The grade export's API as one deployed function."""

import os
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs
from functions.edge import serve
from functions.parts import Parts
from shared import wiring

PARTS = Parts(
    {
        "sis": ("sis",),
        "sis/classes": ("class_links",),
        "google": ("google",),
        "classes": ("class_links",),
        "class-links": ("class_links",),
        "coursework": ("coursework",),
        "exports": ("exports",),
    }
)


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "grade_export"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(PARTS, app, origins=frozenset(config.cors_origins), version=version)
