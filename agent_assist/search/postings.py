"""Which rows hold which key, in plain Python: enough for a team's book, and the part of a large one that changed.

A row is one language of one phrase. A `Store` holds the rows before `first`; numbers are never used twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest

from agent_assist.search.vocabulary import Vocabulary

AT_LEAST = 0.45
"""The part of the largest sum below which a row is not looked at; pinyin is vaguer than words, so less is asked."""
AT_LEAST_BY_SOUND = 0.25


class Postings:
    """Rows by key, growing."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.vocabulary = Vocabulary()
        self.removed: set[int] = set()
        self._lists: defaultdict[int, list[int]] = defaultdict(list)
        self._shares: tuple[list[float], list[float]] = [], []

    def add(self, row: int, keys: Iterable[int], shares: tuple[float, float]) -> None:
        """Note the keys of the next row, and what a match in its head and text counts."""
        self._shares[0].append(shares[0])
        self._shares[1].append(shares[1])
        lists = self._lists
        for key in keys:
            lists[key].append(row)

    def count(self, key: int) -> int:
        """How many rows hold the key."""
        return len(self._lists.get(key, ()))

    def sums(self, wanted: Mapping[int, float], *, in_text: bool = False) -> dict[int, float]:
        """For each row that holds wanted keys, their weights, shorter rows a little ahead."""
        sums: dict[int, float] = {}
        lists = self._lists
        for key in lists.keys() & wanted.keys():
            weight, rows = wanted[key], lists[key]
            if sums:
                for row in rows:
                    sums[row] = sums[row] + weight if row in sums else weight
            else:
                sums = dict.fromkeys(rows, weight)
        if not sums:
            return sums
        for row in self.removed & sums.keys():
            del sums[row]
        shares, first = self._shares[in_text], self.first
        return {row: weight * shares[row - first] for row, weight in sums.items()}

    def largest(self, sums: Mapping[int, float], most: int, at_least: float = AT_LEAST) -> Iterable[int]:
        """The rows with the largest sums, in no order."""
        if len(sums) <= most:
            return sums
        floor = at_least * max(sums.values(), default=0.0)
        rows = [row for row, weight in sums.items() if weight > floor]
        return rows if len(rows) <= most else nlargest(most, rows, key=sums.__getitem__)

    def at(self, sums: Mapping[int, float], row: int) -> float:
        """One of the sums."""
        return sums.get(row, 0.0)
