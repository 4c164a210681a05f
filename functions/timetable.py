"""The Planner's API as one deployed function."""

import os
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import (
    diagnosis,
    feeds,
    logs,
    planner,
    subjects,
    timetable_analysis,
    timetable_export,
    volg,
)
from functions.edge import serve
from functions.route import Route
from shared import wiring

ROUTES: tuple[Route, ...] = (
    *planner.ROUTES,
    *volg.ROUTES,
    *subjects.ROUTES,
    *timetable_export.ROUTES,
    *timetable_analysis.ROUTES,
    *feeds.ROUTES,
    *diagnosis.ROUTES,
)


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "timetable"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(ROUTES, app, origins=frozenset(config.cors_origins), version=version)
