"""A small HTTP server on 127.0.0.1 that can also misbehave: answer late, in drips, by half, or not at all.

It runs in threads of its own between `start` and `stop`, or inside `with`; after `stop` nothing listens any more.
"""

import gzip
import json
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in. `path` is still percent-encoded; header names are lower-case.

    `query` has the first value of each name, `every` all of them.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    every: Mapping[str, list[str]] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body as a form, the first value of each field; empty when it is no form."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer and in which manner: `delay` seconds first, `drip` seconds after each byte, `half` of the body
    although Content-Length promises all of it, or `hang_up` without a word."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    half: bool = False
    hang_up: bool = False


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """`value` as a JSON reply, in UTF-8 without escapes."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers or {})


class LoopbackServer(ABC):
    """Serves `answer` on `url`. `seen` holds the last 1,000 requests, oldest first."""

    def __init__(self, port: int = 0) -> None:
        self.seen: deque[Request] = deque(maxlen=1000)
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """Base address without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """The reply to one request; called from many threads at once."""

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Ends at once, also while an answer is still dripping."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # close() alone does not wake a thread that waits to read

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left early is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | ValueError):
            super().handle_error(request, client_address)


def _handler(server: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body leave at once; else every answer costs 40 ms on loopback
        wbufsize = 1 << 16

        def setup(self) -> None:
            super().setup()
            server._connections.add(self.connection)

        def finish(self) -> None:
            server._connections.discard(self.connection)
            super().finish()

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            every = parse_qs(parts.query, keep_blank_values=True)
            request = Request(
                method=self.command,
                path=parts.path,
                query={name: values[0] for name, values in every.items()},
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                every=every,
            )
            server.seen.append(request)
            self.send(_compressed(server.answer(request), request))

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any  # noqa: N815 (http.server's names)

        def send(self, reply: Reply) -> None:
            server.stopping.wait(reply.delay)
            if reply.hang_up:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            if reply.status != HTTPStatus.NO_CONTENT:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            body = b"" if self.command == "HEAD" else reply.body
            if reply.half:
                body = body[: len(body) // 2]
                self.close_connection = True
            if reply.drip:
                for at in range(len(body)):
                    self.wfile.write(body[at : at + 1])
                    self.wfile.flush()
                    if server.stopping.wait(reply.drip):
                        return
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: `seen` remembers."""

    return Handler


def _compressed(reply: Reply, request: Request) -> Reply:
    """gzip for clients that accept it, as the real servers do; not when a reply brings its own encoding."""
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    if not accepts or len(reply.body) < 1000 or "Content-Encoding" in reply.headers:
        return reply
    return replace(reply, body=gzip.compress(reply.body, 1), headers={**reply.headers, "Content-Encoding": "gzip"})
