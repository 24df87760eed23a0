"""Ends waits that nothing else ends: a frozen server keeps its sockets open and obeys no time-out of its own.

While a call waits it is listed here with its deadline; one daemon thread shuts the sockets of those that are late, and
the waiting call fails at once with a lost connection.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_TICKS = 20


def twin_of(handle: int) -> socket.socket:
    """A second handle on the connection of a driver, by which it can be shut; of whatever family the connection is."""
    return socket.socket(fileno=socket.dup(handle))


class Watchdog:
    """Guards the calls of one engine, each for at most `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[int, tuple[float, socket.socket]] = {}
        self._lock = threading.Lock()
        self._awake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, twin: socket.socket) -> Iterator[None]:
        """Shuts the socket behind `twin` when the block takes too long."""
        self.begin(twin)
        try:
            yield
        finally:
            self.end(twin)

    def begin(self, twin: socket.socket) -> None:
        """The clock starts for this socket."""
        with self._lock:
            self._due[id(twin)] = (time.monotonic() + self._seconds, twin)
            if self._thread is None:
                self._thread = threading.Thread(target=self._patrol, name="database deadline", daemon=True)
                self._thread.start()
        self._awake.set()

    def end(self, twin: socket.socket) -> None:
        """The answer came."""
        with self._lock:
            self._due.pop(id(twin), None)

    def stop(self) -> None:
        """No more patrols; what is waiting now waits on."""
        self._stopped.set()
        self._awake.set()

    def _patrol(self) -> None:
        while self._awake.wait() and not self._stopped.wait(self._seconds / _TICKS):
            with self._lock:
                late = [key for key, (due, _twin) in self._due.items() if due < time.monotonic()]
                for key in late:
                    with suppress(OSError):
                        self._due.pop(key)[1].shutdown(socket.SHUT_RDWR)
                if not self._due:
                    self._awake.clear()
