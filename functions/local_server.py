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

import requests
from flask import Request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from functions import housekeeping, logs, timetable_jobs
from functions.auto_link import for_machines, notify_message, on_notify, on_push, on_tick, run_message
from functions.edge import serve
from functions.routes import ROUTES
from shared.config import WebUntisPlace
from shared.domain.people import Role, State
from shared.flows.directory import read_directories
from shared.flows.read_runs import read_state
from shared.flows.read_week import TOPIC as REFRESH
from shared.flows.refresh_all import refresh_all
from shared.flows.retention import TOPIC as RETAIN
from shared.flows.retention import retain_all
from shared.flows.tick import TOPIC, next_tick, tick
from shared.flows.watch_school import TOPIC as NOTIFY
from shared.ports import App, Message
from shared.simulators.practice_desk import open_desk
from shared.simulators.practice_school import PracticeSchool, load, practice_school, users_body
from shared.wiring.local import Local, local

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


def set_up(base: str, world: Local, school: PracticeSchool) -> None:
    """Make the practice school through the API: support opens it, its admin fills in the settings and the users."""
    support = {"Authorization": f"Bearer {world.identity.persona('support')}"}
    admin = {"Authorization": f"Bearer {world.identity.persona('admin', school=school.id)}"}
    place = f"{base}/v1/schools/{school.id}"
    with requests.Session() as session:
        if session.get(place, headers=support, timeout=10).status_code == 200:
            return  # a second start goes on with what is there
        body: dict[str, object] = {"naam": school.display_name, "ontgrendeld": True}
        session.put(place, json=body, headers=support, timeout=10).raise_for_status()
        settings = session.get(f"{place}/settings/webuntis", headers=admin, timeout=10)
        form = {
            "ingeschakeld": True,
            "schoolnaam": school.school_name,
            "subdomein": school.subdomain,
            "wachtwoord": school.password,
            "automatischKoppelen": True,
        }
        match = admin | {"If-Match": settings.headers["ETag"]}
        session.put(f"{place}/settings/webuntis", json=form, headers=match, timeout=10).raise_for_status()
        body = users_body(school.users)
        session.put(f"{place}/users", json=body, headers=admin, timeout=30).raise_for_status()


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
        with local(folder, untis_port=port + 1, identity_port=port + 2, webuntis=real) as world:
            server = start(world.app, port)
            base = f"http://127.0.0.1:{port}"
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
            ticking.join(5)
            clearing.join(5)
            refreshing.join(5)
    except OSError as err:
        say(
            f"Poort {port}, {port + 1} of {port + 2} is bezet / a port is taken: PORT=9080 make run  ({err.strerror})\n"
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


def freshen(app: App, message: Message) -> None:
    """As `work`, for a timetable week."""
    timetable_jobs.refresh_message(app, message)


def tell(base: str, world: Local, school: PracticeSchool, began: float) -> None:
    """What happened, where the API is, how to get a token, and how to read the log."""
    say(f"Profijt koppelingen: {base}/v1  ({time.perf_counter() - began:.1f} s)\n")
    if world.untis:
        last = read_state(world.app, school.id).last
        say(f"Oefenschool «{school.display_name}» ({school.id}): {len(school.users)} gebruikers in Profijt, ")
        say(f"{len(school.persons)} personen in WebUntis ({world.untis.url})\n")
        if last:
            words = ", ".join(f"{name} {count}" for name, count in last.counts.items())
            say(f"Laatste synchronisatie {last.id}: {last.outcome}; {words}\n")
    say(
        "\nEen token / a token (persona: admin, teacher, student, support):\n"
        f"  TOKEN=$(curl -s -X POST '{world.identity.url}/token?persona=admin' | "
        "python3 -c 'import json,sys;print(json.load(sys.stdin)[\"access_token\"])')\n"
        f"  van een gekoppelde docent of leerling / of a linked teacher or student: {_linked(world.app, school.id)}\n"
        "Het laatste log / the last log:\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" {base}/v1/schools/{school.id}/runs/latest/log.csv\n'
        "Het rooster van de school, deze week / the school's timetable, this week:\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" {base}/v1/schools/{school.id}/timetable\n'
        "Ctrl-C stopt / stops.\n"
    )


def _linked(app: App, school: str) -> str:
    """What makes the token of somebody with a timetable, for each role."""
    found = read_directories(app, school)
    return " · ".join(
        f"persona={role}&sub={decision.user}"
        for role in (Role.TEACHER, Role.STUDENT)
        for decision in [each for each in found[role].decisions if each.state is State.LINKED][:1]
    )


if __name__ == "__main__":
    sys.exit(main())
