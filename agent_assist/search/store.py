"""Which rows hold which key, for a large book: sorted arrays that can lie in a file and be mapped into memory.

`keys` ascending; the rows of `keys[i]` are `rows[starts[i]:starts[i + 1]]`, ascending. Scoring adds a key's weight to
all its rows at once.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from agent_assist.search.batch import ROW_BITS, keyed_rows
from agent_assist.search.keys import shares
from agent_assist.search.vocabulary import Vocabulary

Candidate = tuple[int, float, float]
"""A row with the weights of its head and its text."""


class Store:
    """The postings of many rows. Never changes: what is added later lives beside it."""

    def __init__(
        self, keys: NDArray[np.int64], starts: NDArray[np.int64], rows: NDArray[np.int32], shares_of_rows: NDArray[np.float32], words: list[str]
    ) -> None:
        self.keys, self.starts, self.rows = keys, starts, rows
        self.shares = shares_of_rows
        self.size = shares_of_rows.shape[1]
        self.vocabulary = Vocabulary(words)
        self.removed = np.zeros(self.size, dtype=np.bool_)

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]]) -> "Store":
        """Index folded heads and texts, in row order from 0."""
        words: set[str] = set()
        measured: list[tuple[float, float]] = []

        def measure() -> Iterable[tuple[str, str]]:
            for head, text in entries:
                measured.append(shares(head, text))
                yield head, text

        keyed = np.concatenate(list(keyed_rows(measure(), words)))
        keyed.sort()
        fresh = np.ones(len(keyed), dtype=np.bool_)
        np.not_equal(keyed[1:], keyed[:-1], out=fresh[1:])
        keyed = keyed[fresh]
        rows = (keyed & ((1 << ROW_BITS) - 1)).astype(np.int32)
        keyed >>= ROW_BITS
        fresh = np.ones(len(keyed), dtype=np.bool_)
        np.not_equal(keyed[1:], keyed[:-1], out=fresh[1:])
        first = np.flatnonzero(fresh)
        return cls(keyed[first], np.append(first, len(keyed)), rows, np.array(measured, dtype=np.float32).T, sorted(words))

    def _held(self, key: int) -> NDArray[np.int32]:
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or self.keys[at] != key:
            return self.rows[:0]
        return self.rows[self.starts[at] : self.starts[at + 1]]

    def count(self, key: int) -> int:
        """How many rows hold the key."""
        return len(self._held(key))

    def best(self, head: Mapping[int, float], text: Mapping[int, float], most: int, by_text: int) -> list[Candidate]:
        """The rows whose heads, or else texts, hold the wanted keys of most weight, with both weights."""
        named, rows = self._sums(head, 0, most)
        written, more = self._sums(text, 1, by_text)
        return [(row, float(named[row]), float(written[row])) for row in dict.fromkeys((*rows, *more))]

    def _sums(self, wanted: Mapping[int, float], place: int, most: int) -> tuple[NDArray[np.float32], list[int]]:
        sums = np.zeros(self.size, dtype=np.float32)
        for key, weight in wanted.items():
            sums[self._held(key)] += weight
        sums *= self.shares[place]
        sums[self.removed] = 0
        found = np.flatnonzero(sums)
        if len(found) > most:
            found = found[np.argpartition(sums[found], -most)[-most:]]
        return sums, found.tolist()
