"""A server on loopback that answers exactly what a test tells it to, well-formed or not, and keeps the questions."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class ScriptedServer:
    """`script` gives a whole answer by `reply` (the connection stays open), or raw bytes, at once or in pieces."""

    script: Callable[[Asked], "Whole | bytes | Iterable[bytes]"]
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        with suppress(OSError), connection, connection.makefile("rb") as reader:
            while asked := _read(reader):
                self.asked.append(asked)
                answer = self.script(asked)
                if isinstance(answer, Whole):
                    connection.sendall(answer.data)
                    continue
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    if self.over.is_set():
                        return
                    connection.sendall(piece)
                return


@dataclass(frozen=True)
class Whole:
    data: bytes


def reply(status: int = 200, body: object = b"", **headers: str) -> Whole:
    """A complete answer; a body that is not bytes goes as JSON. Header names with _ for -."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content_Type": "application/json", "Content_Length": str(len(content))} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return Whole(f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + content)


def _read(reader) -> Asked | None:
    line = reader.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers = {}
    while (header := reader.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(line[0], line[1], headers, reader.read(int(headers.get("content-length", 0))))


@contextmanager
def serving(script, *, tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    server = ScriptedServer(script)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=_start, args=(server, connection, tls), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _start(server: ScriptedServer, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
    if tls is not None:
        try:
            connection = tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
    server.serve(connection)
