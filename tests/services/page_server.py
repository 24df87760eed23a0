"""A status page on this machine that behaves as badly as a test wants."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def page_server(behaviour: Behaviour) -> Iterator[str]:
    """The address of a server that answers every request with this behaviour."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def answer(body: bytes, *, status: int = 200, **headers: str) -> Behaviour:
    """Send this body; `Content_Type` is the header Content-Type."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return behave


def cut_off(request: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent, and hang up."""
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(b'{"page": {')
    request.wfile.flush()
    request.connection.close()


def drip(request: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for ever."""
    request.send_response(200)
    request.end_headers()
    try:
        for _turn in range(1000):
            request.wfile.write(b" ")
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def endless(request: BaseHTTPRequestHandler) -> None:
    """Send as much as anybody takes."""
    request.send_response(200)
    request.end_headers()
    try:
        for _turn in range(2000):
            request.wfile.write(b" " * 100_000)
    except OSError:
        return
