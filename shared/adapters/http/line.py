"""The wire under the door: connects to the addresses the rule has just checked, and hangs up when the time is up.

requests and urllib3 keep doing TLS, framing and connection reuse. The host's name stays the name that certificate,
SNI and Host header are about; only where the socket goes is ours, so no second DNS answer can change it.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.retry import Retry

from shared.adapters.http.address import AddressRule

Dial = Callable[[str, int, float], socket.socket]  # address, port, seconds → a connected socket; OSError

# A frozen cloud instance may wake up with a connection that a NAT forgot long ago: what lay idle this long is not used.
IDLE_SECONDS = 20.0


class NotConnected(Exception):
    """Nothing was sent: the name was not found, or no address answered. `code` is "http.dns" and the like."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def dial_tcp(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to this very address (text of an IP, so nothing is resolved here)."""
    connection = socket.create_connection((address, port), timeout=seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Watch:
    """Ends one exchange at its deadline, however slowly the other side drips: timeouts alone only bound each wait."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._held: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(seconds, 0.0), self._expire)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._held = None  # the connection may serve another exchange from here on

    def hold(self, connection: socket.socket | None) -> None:
        """This is the socket to hang up. Raises TimeoutError when the time was up before it was there."""
        with self._lock:
            self._held = connection
            if self.expired:
                raise TimeoutError

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            if self._held is not None:
                with contextlib.suppress(OSError):
                    # Past SSLSocket.shutdown, which would take the TLS state away under the reading thread.
                    socket.socket.shutdown(self._held, socket.SHUT_RDWR)


class Line(HTTPAdapter):
    """A requests adapter bound to an address rule. No proxies, cookies, redirects, netrc or retries: those live in
    requests.Session, which is not used. Safe under threads."""

    def __init__(self, rule: AddressRule, dial: Dial) -> None:
        self._rule = rule
        self._dial = dial
        self._of_thread = threading.local()
        # False, not 0: 0 wraps every failure in a message that quotes the URL with its query.
        super().__init__(max_retries=Retry(total=False), pool_connections=16, pool_maxsize=8)

    @contextlib.contextmanager
    def watched(self, seconds: float) -> Iterator[Watch]:
        """What this thread sends inside ends after `seconds`; `Watch.expired` tells whether it had to."""
        with Watch(seconds) as watch:
            self._of_thread.watch = watch
            try:
                yield watch
            finally:
                del self._of_thread.watch

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        line = self

        class Checked(HTTPConnection):
            _used = 0.0

            def _new_conn(self) -> socket.socket:
                return line.connect(self.host, self.port, self.timeout)

            @property
            def is_connected(self) -> bool:
                return super().is_connected and time.monotonic() - self._used < IDLE_SECONDS

            def connect(self) -> None:
                super().connect()
                line.watch.hold(self.sock)

            def request(self, *args: Any, **kwargs: Any) -> None:
                line.watch.hold(self.sock)  # a kept connection does not pass `connect`
                self._used = time.monotonic()
                super().request(*args, **kwargs)

        class CheckedTLS(Checked, HTTPSConnection):
            pass

        class Pool(HTTPConnectionPool):
            ConnectionCls = Checked

        class PoolTLS(HTTPSConnectionPool):
            ConnectionCls = CheckedTLS

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": PoolTLS}

    @property
    def watch(self) -> Watch:
        watch: Watch = self._of_thread.watch
        return watch

    def connect(self, host: str, port: int, seconds: Any) -> socket.socket:
        """Resolve, check, and dial what was checked. AddressRefused or NotConnected."""
        try:
            addresses = self._rule.addresses(host)
        except OSError as err:
            raise NotConnected("http.dns") from err
        failed: OSError = OSError()
        for address in addresses[:4]:
            if self.watch.expired:
                break
            try:
                return self._dial(address, port, float(seconds))
            except OSError as err:
                failed = err
        timed_out = isinstance(failed, TimeoutError) or self.watch.expired
        raise NotConnected("http.connect_timeout" if timed_out else "http.connect") from failed
