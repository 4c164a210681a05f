"""The deployed functions: a table of contents. Each pays for its own module only, when it is the one deployed.

functions-framework runs this file anew for every function it makes, so nothing is kept here.
"""

import gc
import importlib
import os

import functions_framework
from flask import Request, Response


@functions_framework.http
def tick(request: Request) -> Response:
    """Cloud Scheduler, every 30 minutes: one message per enabled school."""
    return importlib.import_module("functions.tick").target()(request)


@functions_framework.http
def link_school(request: Request) -> Response:
    """Pub/Sub push: one school's run of automatic linking."""
    return importlib.import_module("functions.auto_link").target()(request)


@functions_framework.http
def notify(request: Request) -> Response:
    """Pub/Sub push: one change of a coupling's state, to the address its school chose."""
    return importlib.import_module("functions.notify").target()(request)


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
def export_plan(request: Request) -> Response:
    """Pub/Sub push: one export, both sides read and every item planned."""
    return importlib.import_module("functions.export_jobs").plan_target()(request)


@functions_framework.http
def export_item(request: Request) -> Response:
    """Pub/Sub push: one item of an export, sent to the SIS and read back."""
    return importlib.import_module("functions.export_jobs").item_target()(request)


@functions_framework.http
def grade_export(request: Request) -> Response:
    """The grade export's API: SIS connection, Google consent, coursework, class links, exports."""
    return importlib.import_module("functions.grade_export").target()(request)


@functions_framework.http
def settings(request: Request) -> Response:
    """The admin's API: school, settings, users, runs."""
    return importlib.import_module("functions.settings").target()(request)


@functions_framework.http
def webuntis_webhook(request: Request) -> Response:
    """WebUntis' platform: credentials that were made, renewed or ended, under its signature."""
    return importlib.import_module("functions.webuntis_webhook").target()(request)


_STORE, _TOKENS = "shared.adapters.firestore", ("shared.adapters.oidc", "shared.adapters.http.door")
_AHEAD = {  # what the first request needs
    "tick": ("functions.tick", _STORE, *_TOKENS),
    "link_school": ("functions.auto_link", _STORE, *_TOKENS),
    "notify": ("functions.notify", _STORE, *_TOKENS),
    "retain": ("functions.housekeeping", "shared.adapters.pubsub", _STORE, *_TOKENS),
    "retain_school": ("functions.housekeeping", "shared.adapters.secret_manager", _STORE, *_TOKENS),
    "refresh": ("functions.timetable_jobs", _STORE, *_TOKENS),
    "refresh_week": ("functions.timetable_jobs", _STORE, *_TOKENS),
    "timetable": ("functions.timetable", "functions.planner", _STORE, *_TOKENS),
    "export_plan": ("functions.export_jobs", _STORE, *_TOKENS),
    "export_item": ("functions.export_jobs", _STORE, *_TOKENS),
    "grade_export": ("functions.grade_export", _STORE, *_TOKENS),
    "settings": ("functions.settings", _STORE, *_TOKENS),
    "webuntis_webhook": ("functions.webuntis_webhook", "shared.adapters.webuntis_signature", _STORE),
}

if os.environ.get("K_SERVICE"):  # in the cloud: import at start, inside the CPU boost, and fail at deploy time
    gc.disable()  # nothing that is being imported is garbage yet: looking for it takes a sixth of the time
    for _module in _AHEAD[os.environ["FUNCTION_TARGET"]]:
        importlib.import_module(_module)
    gc.freeze()  # it all stays: never looked at again, and shared with the worker that is forked next
    gc.enable()
