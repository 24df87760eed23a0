"""What was typed, taken apart: tokens, their positions, and the keys to look up for each reading of them."""

from collections.abc import Callable
from typing import NamedTuple

from agent_assist.search import pinyin
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
from agent_assist.search.message import LONG, QUIET, quiet_places
from agent_assist.search.normalise import fold, is_han, units
from agent_assist.search.words import FUNCTION, FUNCTION_WORDS

ENGLISH_FROM = 3
"""So many words of letters, most of them known, are English."""
LONGEST_RUN = 40
"""Letters without a space that are still read as pinyin."""


class Token(NamedTuple):
    """A Chinese character or a run of letters, with its place in the query without spaces."""

    text: str
    start: int
    end: int
    glued: bool
    """Follows the token before it without a space."""
    loud: float = 1.0
    """How much it says about the question; little for courtesy in a message."""

    @property
    def han(self) -> bool:
        return is_han(self.text)


class Query(NamedTuple):
    """A folded query. `text` has no spaces; tokens point into it."""

    text: str
    tokens: tuple[Token, ...]
    runs: tuple[Token, ...] = ()
    """The tokens of letters."""
    known: frozenset[str] = frozenset()
    """The runs that are words of entries."""
    sounded: tuple[Token, ...] = ()
    """The runs that may be pinyin."""


def take_apart(typed: str, knows: Callable[[str], bool] = lambda _: False) -> Query:
    """The query in tokens. `knows` tells the words that entries use; enough of them make the query English."""
    folded = fold(typed)
    parts = [unit for unit in units(folded) if unit != "\n"]
    quiet = quiet_places(folded) if len(parts) >= LONG else []
    tokens: list[Token] = []
    position, spot = 0, 0
    for unit in parts:
        found = folded.index(unit, spot)
        while quiet and quiet[0][1] <= found:
            quiet.pop(0)
        loud = (
            QUIET
            if quiet and quiet[0][0] <= found
            else FUNCTION
            if len(parts) >= ENGLISH_FROM and unit in FUNCTION_WORDS
            else 1.0
        )
        tokens.append(Token(unit, position, position + len(unit), bool(tokens) and found == spot, loud))
        position += len(unit)
        spot = found + len(unit)
    runs = tuple(token for token in tokens if not token.han)
    known = frozenset(filter(knows, {token.text for token in runs}))
    english = len(runs) == len(tokens) >= ENGLISH_FROM and 5 * sum(t.text in known for t in runs) >= 3 * len(runs)
    sounded = tuple(token for token in runs if not english and _may_be_pinyin(token.text, token.text in known))
    return Query("".join(t.text for t in tokens), tuple(tokens), runs, known, sounded)


def _may_be_pinyin(run: str, known: bool) -> bool:
    """A known word is pinyin only when it falls into whole syllables."""
    if not run.isascii() or not run.isalpha() or len(run) > LONGEST_RUN:
        return False
    return not known or len(run) == 1 or all(piece in pinyin.syllables() for piece in pinyin.parses(run)[0])


_HAN, _HAN_PAIR, _HEARD_PAIR = 0.5, 1.0, 0.35
_SLIPPED = 0.3
_SOUND, _SOUND_PAIR, _INITIAL_PAIR, _INITIAL_TRIPLE = 0.5, 1.0, 0.35, 0.6


def character_keys(query: Query) -> dict[int, float]:
    """Keys for the characters as typed and as they sound, with weights."""
    keys: dict[int, float] = {}
    last = None
    for token in query.tokens:
        if not token.han:
            last = None
            continue
        code = ord(token.text)
        keys[HAN | code] = _HAN * token.loud
        if last is not None:
            keys[HAN_PAIR | ord(last.text) << 16 | code] = _HAN_PAIR * min(last.loud, token.loud)
            for earlier, _ in sounds(last.text)[:1]:
                for number, _ in sounds(token.text)[:1]:
                    keys[SOUND_PAIR | earlier << 16 | number] = _HEARD_PAIR * min(last.loud, token.loud)
        last = token
    return keys


def sound_keys(query: Query) -> dict[int, float]:
    """Keys for what the letters of the query mean as pinyin, together with the characters they touch."""
    keys: dict[int, float] = {}
    if not query.sounded:
        return keys
    known = pinyin.syllables()
    group: list[list[tuple[str, ...]]] = []
    groups = [group]
    for token in query.tokens:
        if not token.glued and group:
            group = []
            groups.append(group)
        if token.han:
            group.append([(token.text,)])
        elif token in query.sounded:
            group.append(list(pinyin.parses(token.text)))
        else:
            group = []
            groups.append(group)
    for parts in groups:
        if all(len(p[0]) == 1 and is_han(p[0][0]) for p in parts if p):
            continue
        for way in range(4):
            pieces = [piece for part in parts for piece in (part[way] if way < len(part) else part[0] if part else ())]
            share = (1.0, 0.5, 0.35, 0.35)[way]
            before: list[tuple[int, int]] = []
            pairs: list[int] = []
            for piece in pieces:
                if is_han(piece):
                    now = list(sounds(piece))
                else:
                    now = [(known.get(piece, 0) if len(piece) > 1 else 0, ord(piece[0]))]
                next_pairs = []
                for number, letter in now:
                    if number and not is_han(piece):
                        keys[SOUND | number] = max(keys.get(SOUND | number, 0), _SOUND * share)
                    for earlier, begun in before:
                        if number and earlier:
                            key = SOUND_PAIR | earlier << 16 | number
                            keys[key] = max(keys.get(key, 0), _SOUND_PAIR * share)
                        next_pairs.append(begun << 8 | letter)
                        key = INITIAL_PAIR | begun << 8 | letter
                        keys[key] = max(keys.get(key, 0), _INITIAL_PAIR * share)
                    for pair in pairs:
                        key = INITIAL_TRIPLE | pair << 8 | letter
                        keys[key] = max(keys.get(key, 0), _INITIAL_TRIPLE * share)
                before, pairs = now, next_pairs
    for token in query.sounded:
        for sound in _slips(pinyin.parses(token.text)[0]):
            keys.setdefault(SOUND | known[sound], _SLIPPED)
    return keys


def _slips(pieces: tuple[str, ...]) -> set[str]:
    """Syllables that a slip may have torn into these pieces: where a syllable stands beside letters that form none."""
    known = pinyin.syllables()
    whole = [len(piece) > 1 and piece in known for piece in pieces]
    if all(whole) or not any(whole):
        return set()
    meant: set[str] = set()
    for first in range(len(pieces)):
        for last in range(first + 1, min(first + 4, len(pieces) + 1)):
            torn = "".join(pieces[first:last])
            if not all(whole[first:last]) and 2 <= len(torn) <= 7:
                meant.update(sound for sound in pinyin.slipped(torn) if len(sound) > 1)
    return meant


def text_keys(query: Query) -> dict[int, float]:
    """Keys for the words of the query in the texts of replies."""
    keys: dict[int, float] = {}
    last = None
    for token in query.tokens:
        if token.han:
            if last is not None and token.glued:
                keys[TEXT_PAIR | ord(last.text) << 16 | ord(token.text)] = min(last.loud, token.loud)
            last = token
        else:
            if len(token.text) > 1:
                keys[word_key(token.text) - WORD + TEXT_WORD] = token.loud
            last = None
    return keys
