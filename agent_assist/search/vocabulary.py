"""The words that stand in heads, and which of them a typed word may mean: cut off, with a slip, or glued to others."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from heapq import nsmallest
from typing import TYPE_CHECKING

from agent_assist.search.words import letters, one_slip, slip_in_beginning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_COMPLETIONS = 24
"""How many words, the most common, one typed beginning may stand for."""

MAX_SCANNED = 600
"""How many words that begin as typed are compared."""

NUMPY_FROM_SETS = 1000
"""Different sets of letters from which numpy compares them faster, and is imported already."""


class Vocabulary:
    """Words in order, with their sets of letters as a fast filter before the edit distance."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = sorted(words)
        self._known = set(self._words)
        self._sizes: dict[int, dict[int, list[str]]] | None = None
        self._sets: dict[int, NDArray[np.int64]] = {}

    @property
    def words(self) -> list[str]:
        """All words, in order."""
        return self._words

    def add(self, words: Iterable[str]) -> None:
        """Add words; those that are known already change nothing."""
        new = set(words) - self._known
        if new:
            self._known |= new
            self._words = sorted(self._known)
            self._sizes = None

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def expand(self, typed: str, *, unfinished: bool, idf: Callable[[str], float]) -> dict[str, float]:
        """Return words that may be meant, surest first, with how surely; an `unfinished` word may go on."""
        fidelities: dict[str, float] = {typed: 1.0} if typed in self._known else {}
        if unfinished or (typed not in self._known and len(typed) > 1):
            for word in nsmallest(MAX_COMPLETIONS, self._completions(typed, MAX_SCANNED), key=idf):
                fidelities.setdefault(word, 0.85)
        if len(typed) > 3 and typed not in self._known:
            for word in self._within_one_slip(typed):
                fidelities.setdefault(word, 0.8)
            if len(typed) > 4:
                for word in self._beginnings_within_one_slip(typed):
                    fidelities.setdefault(word, 0.6)
                for word in self._split_into_words(typed):
                    fidelities.setdefault(word, 0.8)
        return fidelities

    def _completions(self, typed: str, limit: int) -> list[str]:
        start = bisect_left(self._words, typed)
        stop = bisect_left(self._words, typed + "\U0010ffff", start, min(len(self._words), start + limit))
        return self._words[start:stop]

    def _within_one_slip(self, typed: str) -> Iterator[str]:
        if self._sizes is None:
            self._sizes, self._sets = {}, {}
            for word in self._words:
                self._sizes.setdefault(len(word), {}).setdefault(letters(word), []).append(word)
        for size in (len(typed) - 1, len(typed), len(typed) + 1):
            every = self._sizes.get(size, {})
            for its in self._near(every, size, letters(typed)):
                for word in every[its]:
                    if one_slip(typed, word):
                        yield word

    def _near(self, every: dict[int, list[str]], size: int, bits: int) -> Iterable[int]:
        """Return sets of letters that differ in two at most, of words of one size."""
        if len(every) < NUMPY_FROM_SETS:
            return [its for its in every if (bits ^ its).bit_count() <= 2]
        import numpy as np  # loaded already where there are so many words

        if size not in self._sets:
            self._sets[size] = np.fromiter(every, dtype=np.int64, count=len(every))
        differing = self._sets[size] ^ bits
        differing &= differing - 1
        differing &= differing - 1
        near: list[int] = self._sets[size][differing == 0].tolist()
        return near

    def _beginnings_within_one_slip(self, typed: str) -> Iterator[str]:
        for word in self._completions(typed[:2], 2000):
            if len(word) > len(typed) and slip_in_beginning(typed, word):
                yield word

    def _split_into_words(self, typed: str) -> Iterator[str]:
        """Yield words that, put together, were typed without spaces; the last may be cut off. Fewest words first."""
        fewest: list[tuple[str, ...] | None] = [()] + [None] * len(typed)
        for end in range(2, len(typed) + 1):
            for start in range(max(0, end - 16), end - 1):
                before = fewest[start]
                if before is None or (start == 0 and end == len(typed)):
                    continue
                word = typed[start:end]
                if word not in self._known:
                    if end < len(typed) or not (completed := self._completions(word, 1)):
                        continue
                    word = completed[0]
                shortest = fewest[end]
                if shortest is None or len(before) + 1 < len(shortest):
                    fewest[end] = (*before, word)
        yield from fewest[-1] or ()
