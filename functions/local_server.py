"""`make run`: the whole service on loopback with a practice school, and a few lines that say how to look at it.

The practice school is set up through the API, as a school would be; ticks come at once and then every 30 minutes.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from functions import export_jobs, housekeeping, logs, timetable_jobs
from functions.auto_link import on_push, run_message
from functions.edge import serve
from functions.local_school import set_up, set_up_grades, tell
from functions.machines import for_machines
from functions.notify import notify_message, on_notify
from functions.routes import ROUTES
from functions.tick import on_tick
from shared.config import WebUntisPlace
from shared.flows.order_export import ITEM, PLAN
from shared.flows.read_week import TOPIC as REFRESH
from shared.flows.refresh_all import refresh_all
from shared.flows.retention import TOPIC as RETAIN
from shared.flows.retention import retain_all
from shared.flows.tick import TOPIC, next_tick, tick
from shared.flows.watch_school import TOPIC as NOTIFY
from shared.ports import App, Message
from shared.simulators.practice_desk import open_desk
from shared.simulators.practice_grades import ZONE, open_classes, recall, remember
from shared.simulators.practice_school import load, practice_school
from shared.wiring.local import local

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

say = sys.stdout.write
DAY = 86_400.0  # seconds


def web(app: App) -> "WSGIApplication":
    """The API under /v1 and the machines' functions under /functions, as one WSGI application."""
    api = serve(ROUTES, lambda: app)
    machines = {
        "/functions/tick": for_machines(on_tick, lambda: app),
        "/functions/link_school": for_machines(on_push, lambda: app),
        "/functions/notify": for_machines(on_notify, lambda: app),
        "/functions/refresh": for_machines(timetable_jobs.on_refresh, lambda: app),
        "/functions/refresh_week": for_machines(timetable_jobs.on_push, lambda: app),
        "/functions/export_plan": for_machines(export_jobs.on_plan, lambda: app),
        "/functions/export_item": for_machines(export_jobs.on_item, lambda: app),
        "/functions/retain": for_machines(housekeeping.on_retain, lambda: app),
        "/functions/retain_school": for_machines(housekeeping.on_push, lambda: app),
    }

    def wsgi(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        return machines.get(request.path, api)(request)(environ, start_response)

    return wsgi


class _Quiet(WSGIRequestHandler):
    def log_request(self, *args: object, **kwargs: object) -> None:
        """The edge logs every request itself."""


def start(app: App, port: int) -> BaseWSGIServer:
    """Serve on loopback in a thread; `port` 0 takes a free one. Raises OSError when it is taken."""
    server = make_server("127.0.0.1", port, web(app), threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, name="web", daemon=True).start()
    return server


def keep_ticking(app: App, stopped: threading.Event) -> None:
    """A tick whenever one is due, until `stopped`."""
    while not stopped.wait((next_tick(app.now(), app.rules.every) - app.now()).total_seconds()):
        tick(app)


def keep_refreshing(app: App, stopped: threading.Event) -> None:
    """The timetable's hourly job, at once and then every hour, until `stopped`."""
    refresh_all(app)
    while not stopped.wait(app.rules.freshness.near.total_seconds()):
        refresh_all(app)


def keep_retaining(app: App, stopped: threading.Event) -> None:
    """The retention job of every school, at once and then every day, until `stopped`."""
    retain_all(app)
    while not stopped.wait(DAY):
        retain_all(app)


def main() -> int:
    """Until Ctrl-C. Environment: PORT (8080), PROFIJT_DATA (.profijt), WEBUNTIS=real and WEBUNTIS_CLIENT_ID."""
    began = time.perf_counter()
    logs.install(level=logging.INFO if os.environ.get("LOG") else logging.ERROR)
    port = int(os.environ.get("PORT") or 8080)
    real = WebUntisPlace(client_id=os.environ.get("WEBUNTIS_CLIENT_ID", "")) if os.environ.get("WEBUNTIS") else None
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    folder = Path(os.environ.get("PROFIJT_DATA") or ".profijt")
    try:
        with local(
            folder,
            untis_port=port + 1,
            identity_port=port + 2,
            sis_port=port + 3,
            classroom_port=port + 4,
            api=f"http://127.0.0.1:{port}",
            webuntis=real,
        ) as world:
            server = start(world.app, port)
            base = f"http://127.0.0.1:{port}"
            world.queue.subscribe(PLAN, lambda message: plan(world.app, message))
            world.queue.subscribe(ITEM, lambda message: export(world.app, message))
            world.queue.subscribe(TOPIC, lambda message: work(world.app, message))
            world.queue.subscribe(NOTIFY, lambda message: pass_on(world.app, message))
            world.queue.subscribe(RETAIN, lambda message: clear(world.app, message))
            world.queue.subscribe(REFRESH, lambda message: freshen(world.app, message))
            school = practice_school()
            if world.untis:
                world.untis.platform.target = f"{base}/v1/webuntis/webhook"
                load(world.untis, school)
                open_desk(world.untis, school)
                set_up(base, world, school)
                open_classes(school, world.sis, world.classroom, world.app.now().astimezone(ZONE).date())
                recall(world.sis, folder / "sis.json")
                set_up_grades(base, world, school)
            tick(world.app)
            world.queue.drain(30)
            ticking = threading.Thread(target=keep_ticking, args=(world.app, stopped), name="tick", daemon=True)
            ticking.start()
            clearing = threading.Thread(target=keep_retaining, args=(world.app, stopped), name="retain", daemon=True)
            clearing.start()
            refreshing = threading.Thread(
                target=keep_refreshing, args=(world.app, stopped), name="refresh", daemon=True
            )
            refreshing.start()
            tell(base, world, school, began)
            stopped.wait()
            say("\nGestopt; de gegevens staan in " + str(folder) + " / Stopped; the data stay there.\n")
            server.shutdown()
            remember(world.sis, folder / "sis.json")
            ticking.join(5)
            clearing.join(5)
            refreshing.join(5)
    except OSError as err:
        say(
            f"Een van de poorten {port} tot en met {port + 4} is bezet / a port is taken: PORT=9080 make run  "
            f"({err.strerror})\n"
        )
        return 1
    return 0


def work(app: App, message: Message) -> None:
    """What the queue delivers to."""
    run_message(app, message)


def pass_on(app: App, message: Message) -> None:
    """As `work`, for what a school is told."""
    notify_message(app, message)


def clear(app: App, message: Message) -> None:
    """As `work`, for the retention job."""
    housekeeping.retain_message(app, message)


def plan(app: App, message: Message) -> None:
    """As `work`, for an export."""
    export_jobs.plan_message(app, message)


def export(app: App, message: Message) -> None:
    """As `work`, for one item of an export."""
    export_jobs.item_message(app, message)


def freshen(app: App, message: Message) -> None:
    """As `work`, for a timetable week."""
    timetable_jobs.refresh_message(app, message)


if __name__ == "__main__":
    sys.exit(main())
