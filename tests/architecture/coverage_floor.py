"""How much of each room the quick loop runs through: `python -m tests.architecture.coverage_floor coverage.json`.

Prints the branches taken, room by room, beside the floor in coverage_floor.toml, and fails below it. The rooms of the
ground floor are values and pure functions: their floor is 90 %. That of the others is what was measured once, since
their tests open screens, databases and processes, which the quick loop does not. `--keep` raises floors to one below
what is measured now.
"""

import argparse
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_suffix(".toml")
GROUND_FLOOR = ("chats", "incidents", "offers", "phrasebook", "replies")
LOWEST = 90
"""Percent of the branches of a room of the ground floor."""


def room_of(path: str) -> str:
    """Return the folder below the package; what lies in none is the ground."""
    parts = Path(path).parts
    return parts[1] if len(parts) > 2 else "ground"


def measured(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the percentage of branches taken in each room, from what `coverage json` wrote."""
    taken: defaultdict[str, int] = defaultdict(int)
    existing: defaultdict[str, int] = defaultdict(int)
    for path, file in report["files"].items():
        room = room_of(path)
        taken[room] += file["summary"]["covered_branches"]
        existing[room] += file["summary"]["num_branches"]
    return {room: 100 * taken[room] / existing[room] if existing[room] else 100.0 for room in sorted(existing)}


def floors() -> dict[str, int]:
    """Return the lowest percentage that is accepted, by room."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def raised(now: Mapping[str, float], before: Mapping[str, int]) -> dict[str, int]:
    """Return floors one below what is measured, none lower than before and none of the ground floor below its own."""
    lowest = dict.fromkeys(GROUND_FLOOR, LOWEST)
    return {room: max(int(percent) - 1, before.get(room, 0), lowest.get(room, 0)) for room, percent in now.items()}


def table(now: Mapping[str, float], floor: Mapping[str, int]) -> str:
    """Return one line a room: what is measured, the floor, and a word where it is below."""
    rows = (f"{room:12}{percent:7.1f} %{_floor_words(percent, floor.get(room))}" for room, percent in now.items())
    return "\n".join(["branches that the quick loop takes", *rows])


def _floor_words(percent: float, floor: int | None) -> str:
    if floor is None:
        return "  no floor: --keep writes one"
    return f"  floor {floor:3} %{'  BELOW' if percent < floor else ''}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, help="what `coverage json` wrote")
    parser.add_argument("--keep", action="store_true", help="raise the floors to one below what is measured")
    options = parser.parse_args()
    now, floor = measured(json.loads(options.report.read_text("utf-8"))), floors()
    if options.keep:
        floor = raised(now, floor)
        FLOORS.write_text("".join(f"{room} = {percent}\n" for room, percent in floor.items()), "utf-8")
    print(table(now, floor))
    return int(any(percent < floor.get(room, 101) for room, percent in now.items()))


if __name__ == "__main__":
    sys.exit(main())
