"""Which rows hold which key, in plain Python: enough for a team's book, and the part of a large one that changed.

A row is one language of one phrase. A `Store` holds the rows before `first`; numbers are never used twice.
"""

from collections.abc import Iterable, Mapping
from heapq import nlargest

from agent_assist.search.vocabulary import Vocabulary


class Postings:
    """Rows by key, growing."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.vocabulary = Vocabulary()
        self.removed: set[int] = set()
        self._lists: dict[int, list[int]] = {}
        self._shares: dict[int, tuple[float, float]] = {}

    def add(self, row: int, keys: Iterable[int], shares: tuple[float, float]) -> None:
        """Note the keys of a new row, and what a match in its head and text counts."""
        self._shares[row] = shares
        lists = self._lists
        for key in keys:
            known = lists.get(key)
            if known is None:
                lists[key] = [row]
            else:
                known.append(row)

    def count(self, key: int) -> int:
        """How many rows hold the key."""
        return len(self._lists.get(key, ()))

    def best(
        self, head: Mapping[int, float], text: Mapping[int, float], most: int, by_text: int
    ) -> list[tuple[int, float, float]]:
        """The rows whose heads, or else texts, hold the wanted keys of most weight, with both weights."""
        named, written = self._sums(head, 0), self._sums(text, 1)
        rows = dict.fromkeys(_largest(named, most))
        rows.update(dict.fromkeys(_largest(written, by_text)))
        return [(row, named.get(row, 0.0), written.get(row, 0.0)) for row in rows]

    def _sums(self, wanted: Mapping[int, float], place: int) -> dict[int, float]:
        sums: dict[int, float] = {}
        for key, weight in wanted.items():
            for row in self._lists.get(key, ()):
                sums[row] = sums.get(row, 0.0) + weight
        return {row: weight * self._shares[row][place] for row, weight in sums.items() if row not in self.removed}


def _largest(sums: Mapping[int, float], most: int) -> Iterable[int]:
    return sums if len(sums) <= most else nlargest(most, sums, key=sums.__getitem__)
