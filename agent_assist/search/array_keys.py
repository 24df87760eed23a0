"""The keys of many entries at once, with numpy: what `keys` says for one entry, forty times faster.

Characters are numbers in an array here; pairs and sounds are lookups and shifts. Words stay with Python, because each
distinct word is looked at once. `tests/search` holds that both ways give the same keys.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from agent_assist.search.keys import (
    HAN,
    HAN_PAIR,
    INITIAL_PAIR,
    INITIAL_TRIPLE,
    SOUND,
    SOUND_PAIR,
    TEXT_PAIR,
    TEXT_WORD,
    WORD,
    sounds,
    word_key,
)
from agent_assist.search.normalise import UNIT, words

Numbers = NDArray[np.int64]
ROWS_AT_ONCE = 4096
ROW_BITS = 24
"""A key and a row share 64 bits: up to 16 million rows."""


class _WordKeys(dict[bytes | str, int]):
    """The key of each word, worked out once."""

    def __missing__(self, word: bytes | str) -> int:
        self[word] = key = word_key(word.decode() if isinstance(word, bytes) else word)
        return key


def keyed_rows(entries: Iterable[tuple[str, str]], words: set[str]) -> Iterator[Numbers]:
    """For folded heads and texts in row order, arrays of `key << ROW_BITS | row`, unsorted, some twice.

    The words of the heads are added to `words`.
    """
    word_keys = _WordKeys()
    first = 0
    rest = iter(entries)
    while chunk := list(islice(rest, ROWS_AT_ONCE)):
        heads, texts = [head for head, _ in chunk], [text for _, text in chunk]
        yield np.concatenate(
            [
                *_characters(heads, first, sound=True),
                *_characters(texts, first, sound=False),
                _words(heads, first, word_keys, WORD, words),
                _words(texts, first, word_keys, TEXT_WORD, set()),
            ]
        )
        first += len(chunk)


_APART = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def _words(texts: list[str], first: int, word_keys: _WordKeys, family: int, seen: set[str]) -> Numbers:
    every: list[bytes | str] = []
    counts: list[int] = []
    for text in texts:
        its = set(text.encode().translate(_APART).split()) if text.isascii() else set(words(text))
        every += its
        counts.append(len(its))
    seen.update(word.decode() if isinstance(word, bytes) else word for word in set(every))
    keys = np.fromiter(map(word_keys.__getitem__, every), dtype=np.int64, count=len(every)) + (family - WORD)
    return keys << ROW_BITS | np.repeat(np.arange(first, first + len(texts)), counts)


def _characters(texts: list[str], first: int, *, sound: bool) -> Iterator[Numbers]:
    joined = "\0".join(text.replace("\0", " ") for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    rows = np.cumsum(codes == 0) + first
    kept = _is_unit()[np.minimum(codes, 0xFFFF)] & (codes <= 0xFFFF)
    codes, rows = codes[kept], rows[kept]
    han = (codes >= 0x3400) & (codes <= 0x9FFF)
    two = np.flatnonzero(han[:-1] & han[1:])
    if not sound:
        yield (TEXT_PAIR | codes[two] << 16 | codes[two + 1]) << ROW_BITS | rows[two]
        return
    one = np.flatnonzero(han)
    yield (HAN | codes[one]) << ROW_BITS | rows[one]
    yield (HAN_PAIR | codes[two] << 16 | codes[two + 1]) << ROW_BITS | rows[two]
    three = two[:-1][np.diff(two) == 1]
    numbers, initials = _sounds()
    for number in numbers:
        readings = one[number[codes[one]] > 0]
        yield (SOUND | number[codes[readings]]) << ROW_BITS | rows[readings]
    for a, b in product(numbers, repeat=2):
        readings = two[(a[codes[two]] > 0) & (b[codes[two + 1]] > 0)]
        yield (SOUND_PAIR | a[codes[readings]] << 16 | b[codes[readings + 1]]) << ROW_BITS | rows[readings]
    for a, b in product(initials, repeat=2):
        readings = two[(a[codes[two]] > 0) & (b[codes[two + 1]] > 0)]
        yield (INITIAL_PAIR | a[codes[readings]] << 8 | b[codes[readings + 1]]) << ROW_BITS | rows[readings]
    for a, b, c in product(initials, repeat=3):
        readings = three[(a[codes[three]] > 0) & (b[codes[three + 1]] > 0) & (c[codes[three + 2]] > 0)]
        key = INITIAL_TRIPLE | a[codes[readings]] << 16 | b[codes[readings + 1]] << 8 | c[codes[readings + 2]]
        yield key << ROW_BITS | rows[readings]


@cache
def _is_unit() -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    table[0] = True
    every = "".join(map(chr, (*range(1, 0xD800), *range(0xE000, 0x10000))))
    for match in UNIT.finditer(every):
        start, end = (ord(every[at]) for at in (match.start(), match.end() - 1))
        table[start : end + 1] = True
    return table


@cache
def _sounds() -> tuple[list[Numbers], list[Numbers]]:
    """For each place in the list of readings, the syllable number and the initial of every character."""
    every = {code: sounds(chr(code)) for code in range(0x3400, 0xA000)}
    most = max(map(len, every.values()))
    numbers = [np.zeros(0x10000, dtype=np.int64) for _ in range(most)]
    initials = [np.zeros(0x10000, dtype=np.int64) for _ in range(most)]
    for code, readings in every.items():
        for place, (number, _) in enumerate(readings):
            numbers[place][code] = number
        for place, letter in enumerate(dict.fromkeys(letter for _, letter in readings)):
            initials[place][code] = letter
    return numbers, initials
