"""Which rows hold which key, in plain Python: enough for a team's book, and the part of a large one that changed.

A row is one language of one phrase. `ArrayPostings` hold the rows before `first`; numbers are never used twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest

from agent_assist.search.vocabulary import Vocabulary

MIN_SHARE_OF_BEST = 0.45
"""The part of the largest sum below which a row is no candidate."""

MIN_SHARE_BY_SOUND = 0.25
"""The same for pinyin, which is vaguer than words."""


class Postings:
    """Rows by key, to which rows can be added."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.vocabulary = Vocabulary()
        self.removed: set[int] = set()
        self._lists: defaultdict[int, list[int]] = defaultdict(list)
        self._shares: tuple[list[float], list[float]] = [], []

    def add(self, row: int, keys: Iterable[int], length_norm: tuple[float, float]) -> None:
        """Add the next row: its keys, and the length norms of its head and text."""
        self._shares[0].append(length_norm[0])
        self._shares[1].append(length_norm[1])
        lists = self._lists
        for key in keys:
            lists[key].append(row)

    def count(self, key: int) -> int:
        """Return how many rows hold the key."""
        return len(self._lists.get(key, ()))

    def sums(self, weights: Mapping[int, float], *, in_text: bool = False) -> dict[int, float]:
        """For each row that holds wanted keys, their weights, shorter rows a little ahead."""
        sums: dict[int, float] = {}
        lists = self._lists
        for key in lists.keys() & weights.keys():
            weight, rows = weights[key], lists[key]
            if sums:
                for row in rows:
                    sums[row] = sums[row] + weight if row in sums else weight
            else:
                sums = dict.fromkeys(rows, weight)
        if not sums:
            return sums
        for row in self.removed & sums.keys():
            del sums[row]
        length_norm, first = self._shares[in_text], self.first
        return {row: weight * length_norm[row - first] for row, weight in sums.items()}

    def largest(self, sums: Mapping[int, float], most: int, at_least: float = MIN_SHARE_OF_BEST) -> Iterable[int]:
        """Return the rows with the largest sums, in no order."""
        if len(sums) <= most:
            return sums
        floor = at_least * max(sums.values(), default=0.0)
        rows = [row for row, weight in sums.items() if weight > floor]
        return rows if len(rows) <= most else nlargest(most, rows, key=sums.__getitem__)

    def at(self, sums: Mapping[int, float], row: int) -> float:
        """Return one of the sums."""
        return sums.get(row, 0.0)
