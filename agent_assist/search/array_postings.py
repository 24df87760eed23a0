"""Which rows hold which key, for a large book: sorted arrays that can lie in a file and be mapped into memory.

`keys` ascending; the rows of `keys[i]` are `rows[starts[i]:starts[i + 1]]`, ascending. Scoring adds a key's weight to
all its rows at once.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from agent_assist.search.array_keys import ROW_BITS, keyed_rows
from agent_assist.search.keys import length_norm
from agent_assist.search.postings import MIN_SHARE_OF_BEST
from agent_assist.search.vocabulary import Vocabulary

Sums = NDArray[np.float32]


class ArrayPostings:
    """The postings of many rows. They never change: `Postings` hold what is added later."""

    def __init__(
        self,
        keys: NDArray[np.int64],
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        length_norms: NDArray[np.float32],
        words: list[str],
    ) -> None:
        self.keys, self.starts, self.rows = keys, starts, rows
        self.length_norms = length_norms
        self._slices: dict[int, slice] = {}
        self.size = length_norms.shape[1]
        self.vocabulary = Vocabulary(words)
        self.removed = np.zeros(self.size, dtype=np.bool_)

    @classmethod
    def of(
        cls, entries: Iterable[tuple[str, str]], progress: Callable[[int], None] = lambda _: None
    ) -> "ArrayPostings":
        """Index folded heads and texts, in row order from 0; `progress` is called with the number of rows done."""
        words: set[str] = set()
        norm_pairs: list[tuple[float, float]] = []

        def with_norms() -> Iterable[tuple[str, str]]:
            for head, text in entries:
                norm_pairs.append(length_norm(head, text))
                yield head, text

        parts: list[NDArray[np.int64]] = []
        for part in keyed_rows(with_norms(), words):
            parts.append(part)
            progress(len(norm_pairs))
        keyed = np.concatenate(parts)
        parts.clear()
        keyed.sort()
        is_first = np.ones(len(keyed), dtype=np.bool_)
        np.not_equal(keyed[1:], keyed[:-1], out=is_first[1:])
        keyed = keyed[is_first]
        rows = (keyed & ((1 << ROW_BITS) - 1)).astype(np.int32)
        keyed >>= ROW_BITS
        is_first = np.ones(len(keyed), dtype=np.bool_)
        np.not_equal(keyed[1:], keyed[:-1], out=is_first[1:])
        first = np.flatnonzero(is_first)
        norms = np.ascontiguousarray(np.array(norm_pairs, dtype=np.float32).T)
        return cls(keyed[first], np.append(first, len(keyed)), rows, norms, sorted(words))

    def _held(self, key: int) -> NDArray[np.int32]:
        known = self._slices.get(key)
        if known is None:
            if len(self._slices) > 50_000:
                self._slices.clear()
            at = int(self.keys.searchsorted(key))
            held = at < len(self.keys) and self.keys[at] == key
            known = self._slices[key] = slice(*self.starts[at : at + 2].tolist()) if held else slice(0)
        return self.rows[known]

    def count(self, key: int) -> int:
        """Return how many rows hold the key."""
        return len(self._held(key))

    def sums(self, wanted: Mapping[int, float], *, in_text: bool = False) -> Sums | None:
        """For each row, the weights of the wanted keys it holds, shorter rows a little ahead; None when none are."""
        if not wanted:
            return None
        sums: Sums = np.zeros(self.size, dtype=np.float32)
        for key, weight in wanted.items():
            sums[self._held(key)] += weight
        sums *= self.length_norms[int(in_text)]
        sums[self.removed] = 0
        return sums

    def largest(self, sums: Sums | None, most: int, at_least: float = MIN_SHARE_OF_BEST) -> list[int]:
        """Return the rows with the largest sums, in no order."""
        if sums is None:
            return []
        found = np.flatnonzero(sums > sums.max(initial=0.0) * at_least)
        if len(found) > most:
            found = found[np.argpartition(sums[found], -most)[-most:]]
        return [int(row) for row in found]

    def at(self, sums: Sums | None, row: int) -> float:
        """Return one of the sums."""
        return 0.0 if sums is None else float(sums[row])
