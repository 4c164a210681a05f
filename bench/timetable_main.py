"""main.py's `timetable` as the timetable bench deploys it, and the bare function it is measured against.

The target itself is the deployed one, with its logs. Only the door lets loopback in, where the issuer's keys and
WebUntis are here, and BENCH_SQLITE puts a file in the place of Firestore.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import functions_framework
from flask import Request, Response

if TYPE_CHECKING:  # the floor is to stay bare
    from shared.config import Config
    from shared.ports import Store

_OF_THE_SERVER = {"server", "date", "connection", "content-length", "transfer-encoding"}

# The answer to repeat, as it came over the line: its head, an empty line, its body. None: an empty 304.
_HEAD, _, BODY = (
    Path(os.environ["BENCH_ANSWER"]).read_bytes() if "BENCH_ANSWER" in os.environ else b"HTTP/1.1 304 -"
).partition(b"\r\n\r\n")
STATUS = int(_HEAD[9:12])
HEADERS = [
    (name, value)
    for name, _, value in (line.partition(": ") for line in _HEAD.decode("latin-1").split("\r\n")[1:])
    if name.lower() not in _OF_THE_SERVER
]


@functions_framework.http
def timetable(request: Request) -> Response:
    from functions.timetable import target

    return target()(request)


@functions_framework.http
def floor(request: Request) -> Response:  # noqa: ARG001  every function is given one
    return Response(BODY, STATUS, HEADERS)


def _on_loopback() -> None:
    from shared import wiring
    from shared.adapters.http.address import PublicAndLoopback
    from shared.adapters.http.door import Door

    wiring._public_door = lambda: Door(PublicAndLoopback())
    if "BENCH_SQLITE" in os.environ:
        from shared.adapters.sqlite import SqliteStore

        def sqlite(settings: "Config") -> "Store":  # noqa: ARG001  the file is the bench's own
            return SqliteStore(Path(os.environ["BENCH_SQLITE"]))

        wiring._firestore = sqlite


if os.environ["FUNCTION_TARGET"] == "timetable":
    _on_loopback()
