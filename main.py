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
def settings(request: Request) -> Response:
    """The admin's API: school, settings, users, runs."""
    return importlib.import_module("functions.settings").target()(request)


if os.environ.get("K_SERVICE"):  # in the cloud: import at start, inside the CPU boost, and fail at deploy time
    importlib.import_module(
        {"tick": "functions.auto_link", "link_school": "functions.auto_link", "settings": "functions.settings"}[
            os.environ["FUNCTION_TARGET"]
        ]
    )
