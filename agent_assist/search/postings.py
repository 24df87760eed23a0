"""Which rows hold which key, in plain Python: enough for a team's book, and the part of a large one that changed.

A row is one language of one phrase. Rows are numbered upwards and never reused; a removed row stays in the lists and
is skipped by the reader.
"""

from collections.abc import Iterable, Mapping
from math import log


class Postings:
    """Rows by key, with the weight of a rare key over a common one (BM25's idf)."""

    def __init__(self) -> None:
        self.rows = 0
        self._lists: dict[int, list[int]] = {}

    def add(self, row: int, keys: Iterable[int]) -> None:
        """Note the keys of a new row."""
        self.rows += 1
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

    def weight(self, key: int) -> float:
        """How much a match of this key says: high when few rows hold it."""
        held = self.count(key)
        return log(1 + (self.rows - held + 0.5) / (held + 0.5))

    def score(self, wanted: Mapping[int, float]) -> tuple[dict[int, float], float]:
        """The summed weights of the wanted keys that each row holds, and the sum of a row that holds all."""
        scores: dict[int, float] = {}
        most = 0.0
        for key, share in wanted.items():
            weight = share * self.weight(key)
            most += weight
            for row in self._lists.get(key, ()):
                scores[row] = scores.get(row, 0.0) + weight
        return scores, most
