"""The Planner's API as one deployed function."""

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
        "timetable": ("planner",),
        "timetable/students": ("volg",),
        "timetable/analysis": ("timetable_analysis",),
        "timetable/analysis.csv": ("timetable_analysis",),
        "timetable/diagnosis": ("diagnosis",),
        "timetable.ics": ("timetable_export",),
        "timetable.csv": ("timetable_export",),
        "subjects": ("subjects",),
        "feeds": ("feeds",),
    }
)


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "timetable"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(PARTS, app, origins=frozenset(config.cors_origins), version=version)
