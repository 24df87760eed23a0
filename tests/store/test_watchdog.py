"""A second handle shuts a connection of any family."""

import socket

import pytest

from agent_assist.store.engines.watchdog import Watchdog, dup_socket


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6])
def test_a_twin_is_of_the_family_of_its_connection_and_shuts_it(family: socket.AddressFamily) -> None:
    """One that takes every connection for IPv4 works by luck where the server is reached by a socket file."""
    if family == socket.AF_UNIX:
        near, far = socket.socketpair()
    else:
        with socket.create_server(("localhost" if family == socket.AF_INET else "::1", 0), family=family) as server:
            near = socket.create_connection(server.getsockname()[:2])
            far = server.accept()[0]
    watchdog = Watchdog(0.2)
    with near, far, dup_socket(near.fileno()) as dup:
        assert dup.family == family
        far.settimeout(10)
        with watchdog.deadline(dup):
            assert far.recv(1) == b""  # shut when it was late
    watchdog.stop()
