"""The admin's API as one deployed function."""

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
        "schools": ("schools",),
        "settings": ("webuntis_settings", "coupling_trial", "tenants"),
        "users": ("users",),
        "runs": ("runs",),
        "runs/preview": ("run_preview", "runs"),
        "runs/*/undo": ("links",),
        "id-numbers": ("runs",),
        "coupling": ("coupling",),
        "links": ("links",),
        "proposals": ("links",),
        "audit": ("audit_trail",),
        "people": ("privacy",),
        "retention": ("privacy",),
        "support-consent": ("bundle",),
        "bundle": ("bundle",),
        "webuntis": ("tenants",),
        "webuntis-tenants": ("tenants",),
        "status": ("status",),
        "sis-partners": ("sis_partners",),
        "sis-interest": ("sis_partners",),
    }
)


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "settings"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(PARTS, app, origins=frozenset(config.cors_origins), version=version)
