"""Many callers in one thread: raw HTTP/1.1 over kept-alive connections, so that the client costs next to nothing."""

import re
import selectors
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ETAG = re.compile(rb'\r\netag: *("[^"]*")', re.IGNORECASE)


@dataclass(slots=True)
class Asking:
    """What came of some requests: seconds and status of each, in order of arrival; `cpu` is the client's own seconds
    of `wall`. `head` (without its end), `body` and `etag` are the last answer's."""

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    head: bytes = b""
    body: bytes = b""
    etag: str = ""
    cpu: float = 0.0
    wall: float = 0.0


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """A GET as it goes over the line."""
    lines = [f"GET {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def ask(port: int, requests: Iterable[bytes], *, callers: int) -> Asking:
    """Send all of them, each caller one after the other, over loopback. Raises OSError when the server is gone."""
    waiting, done = iter(requests), Asking()
    wall, cpu = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as ready:
        lines = [_Line(port) for _ in range(callers)]
        for line in lines:
            ready.register(line.socket, selectors.EVENT_READ, line)
        busy = sum(line.send(next(waiting, b"")) for line in lines)
        while busy:
            for key, _ in ready.select():
                line = key.data
                if not line.read():
                    ready.unregister(line.socket)
                    line.again()
                    ready.register(line.socket, selectors.EVENT_READ, line)
                elif line.complete:
                    line.tell(done)
                    busy -= not line.send(next(waiting, b""))
    for line in lines:
        line.socket.close()
    done.wall, done.cpu = time.perf_counter() - wall, time.process_time() - cpu
    return done


class _Line:
    """One caller's connection, with at most one question under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = socket.create_connection(("127.0.0.1", port))
        self._sent = b""
        self._began = 0.0
        self._head = b""
        self._parts: list[bytes] = []
        self._missing = -1  # bytes of the body; -1: its length is not known yet

    @property
    def complete(self) -> bool:
        return self._missing == 0

    @property
    def _status(self) -> int:
        return int(self._head[9:12])

    def send(self, sent: bytes) -> bool:
        """Whether there was something to ask."""
        self._head, self._parts, self._missing, self._sent = b"", [], -1, sent
        self._began = time.perf_counter()
        if sent:
            self.socket.sendall(sent)
        return bool(sent)

    def read(self) -> bool:
        """Take what is there; False when the server has hung up."""
        try:
            came = self.socket.recv(1 << 20)
        except ConnectionError:
            came = b""
        if not came:
            return False
        if self._missing < 0:
            self._head, end, came = (self._head + came).partition(b"\r\n\r\n")
            if end:
                length = _LENGTH.search(self._head)
                self._missing = int(length[1]) if length and self._status != 304 else 0
        if self._missing >= 0:
            self._parts.append(came)
            self._missing -= len(came)
        return True

    def again(self) -> None:
        """A server may close an idle connection at any time: ask the same on a new one, on the same clock."""
        if self._head or self._parts:
            raise ConnectionError("the server hung up within an answer")
        self.socket.close()
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        if self._sent:
            self.socket.sendall(self._sent)

    def tell(self, done: Asking) -> None:
        done.seconds.append(time.perf_counter() - self._began)
        done.statuses.append(self._status)
        found = _ETAG.search(self._head)
        done.head, done.body, done.etag = self._head, b"".join(self._parts), found[1].decode() if found else ""
