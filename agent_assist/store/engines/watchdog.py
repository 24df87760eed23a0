"""Client-side deadline for calls to a server: a frozen server keeps its sockets open and runs no time-out of its own.

Each waiting call is registered with its deadline; one daemon thread shuts down the sockets of those that are late, and
the waiting call fails at once with a lost connection.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

_CHECKS_PER_DEADLINE = 20
"""A call is ended at most a twentieth of its deadline late."""


class HasFileDescriptor(Protocol):
    """A driver's connection, or a socket."""

    def fileno(self) -> int:
        """Return the descriptor of the open socket."""


def dup_socket(connection: HasFileDescriptor) -> socket.socket:
    """Return a second handle on the socket of a connection, of whatever family it is, by which it can be shut down.

    Why: a call that waits for a frozen server cannot be ended through psycopg. `cancel` asks the same server, `close`
    is not safe while another thread waits on the connection, and TCP time-outs do not run while the kernel of the
    server acknowledges. Shutting the socket down makes the waiting call fail at once with a lost connection.
    The socket belongs to libpq, so it is duplicated: closing the duplicate leaves libpq's descriptor open.
    """
    return socket.socket(fileno=socket.dup(connection.fileno()))


class Watchdog:
    """Ends the calls of one engine that take longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[int, tuple[float, socket.socket]] = {}
        self._lock = threading.Lock()
        self._awake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def deadline(self, dup: socket.socket) -> Iterator[None]:
        """Shut the socket behind `dup` down when the block takes too long."""
        self.begin(dup)
        try:
            yield
        finally:
            self.end(dup)

    def begin(self, dup: socket.socket) -> None:
        """Start the deadline of this socket."""
        with self._lock:
            self._due[id(dup)] = (time.monotonic() + self._seconds, dup)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="database deadline", daemon=True)
                self._thread.start()
        self._awake.set()

    def end(self, dup: socket.socket) -> None:
        """Cancel the deadline of this socket: the answer arrived."""
        with self._lock:
            self._due.pop(id(dup), None)

    def stop(self) -> None:
        """Stop checking; calls that wait now have no deadline any more."""
        self._stopped.set()
        self._awake.set()

    def _run(self) -> None:
        while self._awake.wait() and not self._stopped.wait(self._seconds / _CHECKS_PER_DEADLINE):
            with self._lock:
                late = [key for key, (due, _dup) in self._due.items() if due < time.monotonic()]
                for key in late:
                    with suppress(OSError):
                        self._due.pop(key)[1].shutdown(socket.SHUT_RDWR)
                if not self._due:
                    self._awake.clear()
