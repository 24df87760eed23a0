"""How the review feels over a large log: `python tests/benchmarks/review.py [--entries N] [--pairs N] [--home DIR]`.

From key to painted page in a real pseudo-terminal, against what cannot be saved: the page's own SQL on the bare driver
plus the echo of a key in an empty Textual app, taken in turn in the same run. Prints one line of JSON a step. What the
store itself costs beside its SQL is measured by `tests/benchmarks/offers.py`.
"""

import argparse
import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.desk import EMPTY, ENGLISH
from tests.benchmarks.offer_log import make
from tests.terminal import Terminal, program

MADE = "FROM offer_entries m WHERE m.event = 'offered'"
PAGE = "SELECT * FROM offer_entries WHERE offer_seq IN ({of}) ORDER BY seq"
NEWEST = f"SELECT m.seq {MADE} {{and_}} ORDER BY m.seq DESC LIMIT 200"


def rows(screen: str) -> list[str]:
    """The rows of offers in sight."""
    return [row[:94] for row in screen.split("\n") if re.match(r"[▸ ] [■ ] \d\d-\d\d \d\d:\d\d", row)]


def incidents(screen: str) -> set[str]:
    """The incidents of the rows."""
    return {found[0] for row in rows(screen) if (found := re.findall(r"INC-\d+", row))}


STEPS: dict[str, tuple[str, Callable[[str], bool], str | None]] = {
    "open": ("\x1bv", lambda screen: len(rows(screen)) > 5, ""),
    "move": ("\x1b[B", lambda screen: rows(screen)[1].startswith("▸"), None),
    "only this incident": ("i", lambda screen: len(incidents(screen)) == 1, "AND m.incident = 'INC-3'"),
    "all again": ("r", lambda screen: len(incidents(screen)) > 1, ""),
    "only today": ("t", lambda screen: "Filter ▸ Today" in screen and len(rows(screen)) > 5, "AND m.at >= 0"),
}
"""Key, when the page is painted, and the condition of the page's SQL; None asks the database nothing."""


def bare(connection: sqlite3.Connection, condition: str | None) -> float:
    """Seconds for the page and its texts by the driver alone."""
    if condition is None:
        return 0.0
    started = time.perf_counter()
    rows = connection.execute(PAGE.format(of=NEWEST.format(and_=condition))).fetchall()
    marks = ", ".join("?" * len(rows))
    seqs = [row[0] for row in rows]
    connection.execute(f"SELECT * FROM offer_texts WHERE seq IN ({marks})", seqs).fetchall()  # noqa: S608
    return time.perf_counter() - started


def pressed(terminal: Terminal, key: str, is_painted: Callable[[str], bool]) -> float:
    """Seconds from the key until the screen shows it, once nothing else is being painted."""
    terminal.settle(0.4)
    before = time.perf_counter()
    terminal.send(key)
    while time.perf_counter() - before < 20:
        if terminal.read(1.0):
            now = time.perf_counter()
            if is_painted(terminal.screen()):
                return now - before
    raise TimeoutError(terminal.screen())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--home", type=Path, help="a desk made by offer_log.py; default: a new one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        if given.home is None:
            make(home, given.entries)
        env = {**ENGLISH, "AGENT_ASSIST_HOME": str(home), "AGENT_ASSIST_AGENT": "lead"}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in STEPS}
        with closing(sqlite3.connect(home / "desk.db")) as connection, Terminal(EMPTY) as empty:
            empty.wait_for("READY")
            for _pair in range(given.pairs):
                with Terminal(program(), env=env) as terminal:
                    terminal.wait_for(r"SEV")
                    for name, (key, is_painted, condition) in STEPS.items():
                        echo = pressed(empty, "x", lambda screen: "x" in screen)
                        floor = bare(connection, condition) + echo
                        found[name].append((pressed(terminal, key, is_painted), floor))
                        if name == "open":
                            terminal.wait_for("Together")
    for name, times in found.items():
        ours, floors = zip(*times, strict=True)
        print(
            json.dumps(
                {
                    "what": name,
                    "ms": round(statistics.median(ours) * 1000, 1),
                    "floor_ms": round(statistics.median(floors) * 1000, 1),
                    "ratio": round(statistics.median(mine / floor for mine, floor in times), 2),
                }
            )
        )


if __name__ == "__main__":
    main()
