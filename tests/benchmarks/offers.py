"""What the offer log costs beside the bare driver: `python -m tests.benchmarks.offers [--entries N] [--writers N]`.

Two questions, each answered as a ratio from pairs taken in turn in the same run, so that a busy machine slows both:
writers that add offers through the store against writers that insert the same rows with sqlite3 or psycopg alone, and
a page or filter of the review against its own SQL, fetched by the bare driver. Prints one line of JSON a measurement.
"""

import argparse
import datetime as dt
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from agent_assist.offers import Money, OfferFilter
from agent_assist.offers.chain import Head, chain_entry, commit_texts, offer_entry, values
from agent_assist.offers.offer import Entry
from agent_assist.store import Store, open_store
from tests.offers.samples import AT, an_offer

SALT = "00112233445566778899aabbccddeeff"
AGENTS = [f"客服{number}" for number in range(20)]
EVENTS = ("approved", "declined", "voided", "adjusted", "delivered")


def entries(count: int) -> Iterator[Entry]:
    """A log of four weeks: every third entry is about an earlier offer."""
    chance, head, open_ones = random.Random(4), Head(), [0]
    for number in range(count):
        at = AT + dt.timedelta(seconds=24 * number)
        if number % 3 == 2:
            event: Any = EVENTS[number // 3 % 5]
            entry = chain_entry(
                Entry(
                    seq=0,
                    op_id=f"e{number}",
                    event=event,
                    offer_seq=open_ones.pop(0),
                    at=at,
                    agent="老周",
                    role="lead",
                    incident=f"INC-{number % 40}",
                    kind="coupon" if event == "adjusted" else "",
                    money=Money(500, "CNY") if event == "adjusted" else None,
                    texts=commit_texts({"note": "同意"}, lambda: SALT),
                ),
                head,
            )
        else:
            new = an_offer(
                f"o{number}",
                at=at,
                agent=AGENTS[chance.randrange(20)],
                incident_id=f"INC-{chance.randrange(40)}",
                kind=("coupon", "refund", "credit")[number % 3],
                money=Money(chance.randrange(100, 20000), "CNY"),
                customer=f"客户{chance.randrange(20000)}",
                order=f"A{number}",
                tier=("", "VIP")[number % 2],
            )
            entry = offer_entry(
                new, head, lambda: SALT, pending=number % 50 == 0, rule="each" if number % 50 == 0 else ""
            )
            open_ones.append(entry.seq)
        if open_ones[0] == 0:
            open_ones.pop(0)
        head = Head(entry.seq, entry.hash)
        yield entry


def filled(store: Store, count: int) -> None:
    """Write the log with plain inserts: the store would take a commit for each entry."""
    from agent_assist.store.schema import offer_entries, offer_texts

    with store.database.write(exclusive=True) as connection:  # type: ignore[attr-defined]
        for entry in entries(count):
            row = {**values(entry), "format": entry.format, "hash": entry.hash}
            connection.execute(offer_entries.insert(), row)
            texts = [
                {"seq": entry.seq, "name": name, "salt": text.salt, "text": text.text}
                for name, text in entry.texts.items()
            ]
            connection.execute(offer_texts.insert(), texts)


def raw(url: str) -> Any:
    """A connection of the driver alone, with the settings of the store."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA secure_delete = ON")
        return connection
    import psycopg

    return psycopg.connect(url, autocommit=True)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def review(url: str, home: Path, pairs: int) -> Iterator[dict[str, object]]:
    """First page and each filter, through the store and as bare SQL."""
    store, driver = open_store(url, home=home), raw(url)
    since = AT + dt.timedelta(days=3)
    questions: dict[str, OfferFilter] = {
        "first page": OfferFilter(),
        "incident": OfferFilter(incident="INC-7"),
        "agent": OfferFilter(agent=AGENTS[3]),
        "kind": OfferFilter(kind="refund"),
        "tier": OfferFilter(tier="VIP"),
        "amount": OfferFilter(least=10000, currency="CNY"),
        "a day": OfferFilter(since=since, until=since + dt.timedelta(days=1)),
        "customer": OfferFilter(customer="客户77"),
        "text": OfferFilter(text="客户777"),
        **{
            f"state {state}": OfferFilter(state=state)
            for state in ("offered", "pending", "approved", "declined", "voided", "delivered", "given")
        },
    }
    for name, wanted in questions.items():
        yield compared(f"page: {name}", lambda wanted=wanted: store.page(wanted), store, driver, pairs)  # type: ignore[misc]
    for by in ("incident", "kind", "agent", "day", "tier", "state"):
        yield compared(f"sums by {by}", lambda by=by: store.sums(OfferFilter(state="given"), by), store, driver, pairs)  # type: ignore[misc]
    yield compared("medians", lambda: store.medians(OfferFilter()), store, driver, pairs)
    yield compared("count", lambda: store.count(OfferFilter()), store, driver, pairs)
    store.close()
    driver.close()


def compared(name: str, ask: Callable[[], object], store: Store, driver: Any, pairs: int) -> dict[str, object]:
    """The median of each, and of the ratios of the pairs."""
    said: list[tuple[str, Any]] = []
    engine = store.database._engine  # type: ignore[attr-defined]

    def heard(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT 1")):
            said.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", heard)
    ask()
    sa.event.remove(engine, "before_cursor_execute", heard)

    def bare() -> None:
        for statement, parameters in said:
            driver.execute(statement, parameters).fetchall()

    ours: list[float] = []
    bares: list[float] = []
    for number in range(pairs):
        for work, times in ((ask, ours), (bare, bares)) if number % 2 else ((bare, bares), (ask, ours)):
            times.append(milliseconds(work))
    ratio = statistics.median(mine / its for mine, its in zip(ours, bares, strict=True))
    return {
        "what": name,
        "ms": round(statistics.median(ours), 2),
        "bare_ms": round(statistics.median(bares), 2),
        "ratio": round(ratio, 2),
        "statements": len(said),
    }


def adding(url: str, home: Path, writer: int, count: int) -> None:
    """One writer through the store."""
    store = open_store(url, home=home)
    for number in range(count):
        store.add_offer(an_offer(f"{os.getpid()}-{writer}-{number}", customer=f"c{writer}-{number}"))
    store.close()


def inserting(url: str, _home: Path, writer: int, count: int) -> None:
    """One writer with the bare driver: one durable transaction an offer, under a lock, with all columns of the entry
    and each of its texts. Without a chain, op_id look-up, change token, notice to other desks and head outside.
    """
    driver = raw(url)
    entry = next(entries(1))
    row = {**values(entry), "format": entry.format, "hash": entry.hash}
    mark = "?" if url.startswith("sqlite") else "%s"
    names = ", ".join(f'"{name}"' for name in row)
    add_entry = f"INSERT INTO offer_entries ({names}) VALUES ({', '.join([mark] * len(row))})"  # noqa: S608
    add_text = f"INSERT INTO offer_texts VALUES ({', '.join([mark] * 4)})"  # noqa: S608
    cursor = driver.cursor()
    for number in range(count):
        cursor.execute("BEGIN IMMEDIATE" if mark == "?" else "BEGIN")
        if mark == "%s":
            cursor.execute("SELECT pg_advisory_xact_lock(1)")
        last = cursor.execute("SELECT coalesce(max(seq), 0) FROM offer_entries").fetchone()[0]
        row |= {"seq": last + 1, "offer_seq": last + 1, "op_id": f"{os.getpid()}-{writer}-{number}"}
        cursor.execute(add_entry, list(row.values()))
        for name, text in entry.texts.items():
            cursor.execute(add_text, (last + 1, name, text.salt, text.text))
        cursor.execute("COMMIT")
    driver.close()


def throughput(make: Callable[[], str], home: Path, writers: int, each: int, pairs: int) -> dict[str, object]:
    """Offers a second of all writers together, through the store and bare, on fresh databases in turn."""
    ratios, rates = [], []
    for number in range(pairs):
        took: dict[str, float] = {}
        ways = [("store", adding), ("bare", inserting)]
        for name, way in ways if number % 2 else ways[::-1]:
            url = make()
            open_store(url, home=None).close()
            took[name] = milliseconds(lambda url=url, way=way: _at_once(url, home, way, writers, each))  # type: ignore[misc]
        ratios.append(took["bare"] / took["store"])
        rates.append(writers * each / took["store"] * 1000)
    return {
        "what": f"{writers} writers",
        "offers_per_second": round(statistics.median(rates)),
        "ratio": round(statistics.median(ratios), 2),
        "pairs": pairs,
        "offers": writers * each,
    }


def _at_once(url: str, home: Path, way: Callable[[str, Path, int, int], None], writers: int, each: int) -> None:
    children = []
    for writer in range(writers):
        child = os.fork()
        if child == 0:
            failed = 1
            try:
                way(url, home, writer, each)
                failed = 0
            finally:
                os._exit(failed)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):  # noqa: C419 - wait for each of them
        raise SystemExit("A writer failed: these times would say nothing.")


@contextmanager
def engine_urls(name: str, home: Path) -> Iterator[Callable[[], str]]:
    """Makes new databases of the engine."""
    if name == "sqlite":
        numbers = iter(range(1000))
        yield lambda: f"sqlite:///{home / f'{next(numbers)}.db'}"
        return
    from tests.store.engines import running_postgres

    with running_postgres() as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.run(f"ALTER SYSTEM SET {setting} = on")
        server.run("SELECT pg_reload_conf()")
        yield server.url
        server.drop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--only", choices=["review", "writers"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="agent-assist-") as folder, engine_urls(asked.engine, Path(folder)) as make:
        home = Path(folder)
        if asked.only != "review":
            found = throughput(make, home, asked.writers, asked.each, min(asked.pairs, 5))
            print(json.dumps({"engine": asked.engine} | found))
        if asked.only != "writers":
            url = make()
            store = open_store(url, home=home)
            filled(store, asked.entries)
            store.close()
            for line in review(url, home, asked.pairs):
                print(json.dumps({"engine": asked.engine} | line), flush=True)


if __name__ == "__main__":
    main()
