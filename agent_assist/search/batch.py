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
from agent_assist.search.normalise import UNIT, WORDS

Numbers = NDArray[np.int64]
ROWS_AT_ONCE = 4096
ROW_BITS = 24
"""A key and a row share 64 bits: up to 16 million rows."""


def keyed_rows(entries: Iterable[tuple[str, str]], words: set[str]) -> Iterator[Numbers]:
    """For folded heads and texts in row order, arrays of `key << ROW_BITS | row`, unsorted, some twice.

    The words of the heads are added to `words`.
    """
    known: dict[str, int] = {}
    first = 0
    rest = iter(entries)
    while chunk := list(islice(rest, ROWS_AT_ONCE)):
        yield np.concatenate([
            *_characters([head for head, _ in chunk], first, sound=True),
            *_characters([text for _, text in chunk], first, sound=False),
            _words([head for head, _ in chunk], first, known, 0, words),
            _words([text for _, text in chunk], first, known, TEXT_WORD - WORD, None),
        ])  # fmt: skip
        first += len(chunk)


def _words(texts: list[str], first: int, known: dict[str, int], family: int, seen: set[str] | None) -> Numbers:
    found: list[int] = []
    for row, text in enumerate(texts, first):
        words = set(WORDS.findall(text))
        if not words:
            continue
        if seen is not None:
            seen |= words
        for word in words:
            key = known.get(word)
            if key is None:
                key = known[word] = word_key(word)
            found.append(key + family << ROW_BITS | row)
    return np.array(found, dtype=np.int64)


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
        heard = one[number[codes[one]] > 0]
        yield (SOUND | number[codes[heard]]) << ROW_BITS | rows[heard]
    for a, b in product(numbers, repeat=2):
        heard = two[(a[codes[two]] > 0) & (b[codes[two + 1]] > 0)]
        yield (SOUND_PAIR | a[codes[heard]] << 16 | b[codes[heard + 1]]) << ROW_BITS | rows[heard]
    for a, b in product(initials, repeat=2):
        heard = two[(a[codes[two]] > 0) & (b[codes[two + 1]] > 0)]
        yield (INITIAL_PAIR | a[codes[heard]] << 8 | b[codes[heard + 1]]) << ROW_BITS | rows[heard]
    for a, b, c in product(initials, repeat=3):
        heard = three[(a[codes[three]] > 0) & (b[codes[three + 1]] > 0) & (c[codes[three + 2]] > 0)]
        key = INITIAL_TRIPLE | a[codes[heard]] << 16 | b[codes[heard + 1]] << 8 | c[codes[heard + 2]]
        yield key << ROW_BITS | rows[heard]


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
    for code, heard in every.items():
        for place, (number, _) in enumerate(heard):
            numbers[place][code] = number
        for place, letter in enumerate(dict.fromkeys(letter for _, letter in heard)):
            initials[place][code] = letter
    return numbers, initials
