"""Stands between one desk and the server and counts the desk's transactions on the wire, whatever began them."""

import socket
import struct
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

_SOCKET = ".s.PGSQL.5432"
_READY, _IDLE = b"Z", b"I"


class CountingProxy:
    """A server's socket for one desk. Each "ready for query, no transaction open" of the server ends a transaction.

    `looks` are single statements of the connection that waits for news: the head of the log while the review is open,
    and the like. What is read on it in a transaction, while it is lent, counts as any other.
    """

    def __init__(self, url: str) -> None:
        self._target = make_url(url)
        self._folder = tempfile.TemporaryDirectory(prefix="aa-proxy-")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(Path(self._folder.name) / _SOCKET))
        self._server.listen(16)
        self.transactions = 0
        self.looks = 0
        self.url = self._target.update_query_dict({"host": self._folder.name}).render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()
        self._folder.cleanup()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._server.accept()
                upstream = socket.socket(socket.AF_UNIX)
                upstream.connect(str(Path(str(self._target.query["host"])) / _SOCKET))
                sign_in = client.recv(4096)  # it names the program that connects
                upstream.sendall(sign_in)
                counting = (upstream, client, b"listening" in sign_in)
                threading.Thread(target=_copy, args=(client, upstream), daemon=True).start()
                threading.Thread(target=self._copy_counting, args=counting, daemon=True).start()

    def _copy_counting(self, upstream: socket.socket, client: socket.socket, is_listening: bool) -> None:
        waiting, is_started, was_open = b"", False, False
        with suppress(OSError):
            while data := upstream.recv(65536):
                waiting += data
                while len(waiting) >= 5:
                    (size,) = struct.unpack("!I", waiting[1:5])
                    if len(waiting) < size + 1:
                        break
                    kind, body, waiting = waiting[:1], waiting[5 : size + 1], waiting[size + 1 :]
                    if kind == _READY and body == _IDLE:
                        is_look = is_listening and not was_open
                        self.looks += is_started and is_look
                        self.transactions += is_started and not is_look
                        is_started = True  # the first one ends the sign-in
                    if kind == _READY:
                        was_open = body != _IDLE
                client.sendall(data)
        _end(client)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _end(target)


def _end(target: socket.socket) -> None:
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
