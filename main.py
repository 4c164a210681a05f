"""The deployed functions: a table of contents. Each pays for its own module only, when it is the one deployed.

functions-framework runs this file anew for every function it makes, so nothing is kept here.
"""

import importlib
import os

import functions_framework
from flask import Request, Response


@functions_framework.http
def tick(request: Request) -> Response:
    """Cloud Scheduler, every 30 minutes: one message per enabled school."""
    return importlib.import_module("functions.auto_link").tick_target()(request)


@functions_framework.http
def link_school(request: Request) -> Response:
    """Pub/Sub push: one school's run of automatic linking."""
    return importlib.import_module("functions.auto_link").link_school_target()(request)


@functions_framework.http
def notify(request: Request) -> Response:
    """Pub/Sub push: one change of a coupling's state, to the address its school chose."""
    return importlib.import_module("functions.auto_link").notify_target()(request)


@functions_framework.http
def retain(request: Request) -> Response:
    """Cloud Scheduler, every night: one message per school."""
    return importlib.import_module("functions.housekeeping").retain_target()(request)


@functions_framework.http
def retain_school(request: Request) -> Response:
    """Pub/Sub push: one school's retention job."""
    return importlib.import_module("functions.housekeeping").retain_school_target()(request)


@functions_framework.http
def refresh(request: Request) -> Response:
    """Cloud Scheduler, every hour: the present and the next timetable week of every coupled school."""
    return importlib.import_module("functions.timetable_jobs").refresh_target()(request)


@functions_framework.http
def refresh_week(request: Request) -> Response:
    """Pub/Sub push: one timetable week of one school, from WebUntis."""
    return importlib.import_module("functions.timetable_jobs").refresh_week_target()(request)


@functions_framework.http
def timetable(request: Request) -> Response:
    """The Planner's API: timetables, Volg, export, feeds, analysis, subjects."""
    return importlib.import_module("functions.timetable").target()(request)


@functions_framework.http
def settings(request: Request) -> Response:
    """The admin's API: school, settings, users, runs."""
    return importlib.import_module("functions.settings").target()(request)


@functions_framework.http
def webuntis_webhook(request: Request) -> Response:
    """WebUntis' platform: credentials that were made, renewed or ended, under its signature."""
    return importlib.import_module("functions.webuntis_webhook").target()(request)


if os.environ.get("K_SERVICE"):  # in the cloud: import at start, inside the CPU boost, and fail at deploy time
    importlib.import_module(
        {
            "tick": "functions.auto_link",
            "link_school": "functions.auto_link",
            "notify": "functions.auto_link",
            "retain": "functions.housekeeping",
            "retain_school": "functions.housekeeping",
            "refresh": "functions.timetable_jobs",
            "refresh_week": "functions.timetable_jobs",
            "timetable": "functions.timetable",
            "settings": "functions.settings",
            "webuntis_webhook": "functions.webuntis_webhook",
        }[os.environ["FUNCTION_TARGET"]]
    )
