"""The keys under which entries are found: small integers for characters, sounds, initials and words.

An entry's head (title, keywords, tags) is found by characters and pairs of characters, by blurred syllables and pairs
of them, by pairs and triples of initials, and by the stems of its words; its text only by pairs of characters and by
stems. Keys choose the candidates, not the order: `rank` compares the exact spelling afterwards, so a key may be
coarse (all readings of a character, confusable sounds joined, a 32-bit checksum for a word).
"""

from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from agent_assist.search import pinyin
from agent_assist.search.normalise import FIRST, LAST, units
from agent_assist.search.words import stem

HAN, HAN_PAIR, SOUND, SOUND_PAIR, INITIAL_PAIR, INITIAL_TRIPLE, WORD, TEXT_PAIR, TEXT_WORD = (n << 32 for n in range(9))


@lru_cache(16384)
def sounds(character: str) -> tuple[tuple[int, int], ...]:
    """Return each reading of a character as the number of its blurred syllable and the code of its initial."""
    numbers = pinyin.syllables()
    return tuple({(numbers[s], ord(s[0])): None for s in pinyin.readings().get(character, ())})


@lru_cache(65536)
def word_key(word: str) -> int:
    """Return the key of a word in a head."""
    return WORD | crc32(stem(word).encode())


def head_keys(head: str) -> set[int]:
    """Return the keys of a folded title with its keywords and tags, each on its line."""
    keys: set[int] = set()
    for line in head.split("\n"):
        keys |= _line_keys(line)
    return keys


@lru_cache(4096)
def _line_keys(line: str) -> frozenset[int]:
    """Return keys of one line; both languages of a phrase share most lines, and phrases share tags."""
    keys: set[int] = set()
    add = keys.add
    last = 0
    before: tuple[tuple[int, int], ...] = ()
    initials: set[int] = set()
    for unit in units(line):
        if not FIRST <= unit <= LAST:
            add(word_key(unit))
            last, before, initials = 0, (), set()
            continue
        code = ord(unit)
        add(HAN | code)
        if last:
            add(HAN_PAIR | last << 16 | code)
        here = sounds(unit)
        pairs = set()
        for number, letter in here:
            add(SOUND | number)
            for earlier, initial in before:
                add(SOUND_PAIR | earlier << 16 | number)
                add(INITIAL_PAIR | initial << 8 | letter)
                pairs.add(initial << 8 | letter)
            for pair in initials:
                add(INITIAL_TRIPLE | pair << 8 | letter)
        last, before, initials = code, here, pairs
    return frozenset(keys)


def length_norm(head: str, text: str) -> tuple[float, float]:
    """Return the factors of a match in a folded head and text: of equal matches the shorter is ahead."""
    return 1 + 0.1 / (1 + _length(head) / 12), 1 + 0.1 / (1 + _length(text) / 60)


def _length(folded: str) -> float:
    """About how many units a text has, without looking at each."""
    return len(folded) / 5.0 if folded.isascii() else float(len(folded))


def text_keys(text: str) -> set[int]:
    """Return the keys of a reply's folded text, coarser: it is long, and counts less."""
    found = units(text)
    keys = {
        TEXT_PAIR | ord(a) << 16 | ord(b) for a, b in set(pairwise(found)) if FIRST <= a <= LAST and FIRST <= b <= LAST
    }
    for unit in set(found):
        if not FIRST <= unit <= LAST and unit != "\n":
            keys.add(word_key(unit) - WORD + TEXT_WORD)
    return keys
