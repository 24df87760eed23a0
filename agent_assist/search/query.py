"""Parsing what was typed: tokens with their positions, and the index keys to look up for each reading of them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
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
from agent_assist.search.message import COURTESY_WEIGHT, MESSAGE_FROM_TOKENS, courtesy_spans
from agent_assist.search.normalise import fold, is_han, units
from agent_assist.search.words import FUNCTION_WORD_WEIGHT, FUNCTION_WORDS

MIN_ENGLISH_WORDS = 3
"""From so many words of letters, most of them words of entries, a query is taken for English."""

MAX_PINYIN_LENGTH = 40
"""Letters without a space that are still read as pinyin."""

MAX_TORN_LENGTH = 7
"""Letters of the longest syllable with one letter too many."""

MAX_TORN_PIECES = 4


class Token(NamedTuple):
    """A Chinese character or a run of letters, with its place in the query without spaces."""

    text: str
    start: int
    end: int
    is_glued: bool
    """Follows the token before it without a space."""
    weight: float = 1.0
    """How much it says about the question; little for courtesy in a message."""

    @property
    def is_han(self) -> bool:
        """Whether it is a Chinese character."""
        return is_han(self.text)


class Query(NamedTuple):
    """A folded query. `text` has no spaces; tokens point into it."""

    text: str
    tokens: tuple[Token, ...]
    runs: tuple[Token, ...] = ()
    """The tokens of letters."""
    known: frozenset[str] = frozenset()
    """The runs that are words of entries."""
    pinyin_runs: tuple[Token, ...] = ()
    """The runs that may be pinyin."""


def parse_query(typed: str, knows: Callable[[str], bool] = lambda _: False) -> Query:
    """Return the query in tokens. `knows` tells the words that entries use; enough of them make the query English."""
    tokens = tuple(_tokens(fold(typed)))
    runs = tuple(token for token in tokens if not token.is_han)
    known = frozenset(filter(knows, {token.text for token in runs}))
    is_english = len(runs) == len(tokens) >= MIN_ENGLISH_WORDS and 5 * sum(
        token.text in known for token in runs
    ) >= 3 * len(runs)
    pinyin_runs = tuple(token for token in runs if not is_english and _may_be_pinyin(token.text, token.text in known))
    return Query("".join(token.text for token in tokens), tokens, runs, known, pinyin_runs)


def _tokens(folded: str) -> Iterator[Token]:
    parts = [unit for unit in units(folded) if unit != "\n"]
    courtesy = courtesy_spans(folded) if len(parts) >= MESSAGE_FROM_TOKENS else []
    position, offset = 0, 0
    for unit in parts:
        at = folded.index(unit, offset)
        while courtesy and courtesy[0][1] <= at:
            courtesy.pop(0)
        if courtesy and courtesy[0][0] <= at:
            weight = COURTESY_WEIGHT
        elif len(parts) >= MIN_ENGLISH_WORDS and unit in FUNCTION_WORDS:
            weight = FUNCTION_WORD_WEIGHT
        else:
            weight = 1.0
        yield Token(unit, position, position + len(unit), position > 0 and at == offset, weight)
        position += len(unit)
        offset = at + len(unit)


def _may_be_pinyin(run: str, known: bool) -> bool:
    """A known word is pinyin only when it falls into whole syllables."""
    if not run.isascii() or not run.isalpha() or len(run) > MAX_PINYIN_LENGTH:
        return False
    return not known or len(run) == 1 or all(piece in pinyin.syllables() for piece in pinyin.parses(run)[0])


_HAN, _HAN_PAIR, _HEARD_PAIR = 0.5, 1.0, 0.35
_SLIPPED = 0.3
_SOUND, _SOUND_PAIR, _INITIAL_PAIR, _INITIAL_TRIPLE = 0.5, 1.0, 0.35, 0.6
"""Weights of the keys of each kind."""

_PARSE_SHARES = (1.0, 0.5, 0.35, 0.35)
"""What the keys of the cheapest reading of the letters weigh, of the second, and so on."""

Parses = tuple[tuple[str, ...], ...]
"""The ways to read one token, cheapest first; each is pieces of pinyin, or one Chinese character."""

Sound = tuple[int, int]
"""Number of a blurred syllable, 0 for a bare initial, and the code of the initial."""


def character_keys(query: Query) -> dict[int, float]:
    """Return the keys of the characters as typed and as they sound, with weights."""
    keys: dict[int, float] = {}
    last = None
    for token in query.tokens:
        if not token.is_han:
            last = None
            continue
        code = ord(token.text)
        keys[HAN | code] = _HAN * token.weight
        if last is not None:
            weight = min(last.weight, token.weight)
            keys[HAN_PAIR | ord(last.text) << 16 | code] = _HAN_PAIR * weight
            for (earlier, _), (number, _) in product(sounds(last.text)[:1], sounds(token.text)[:1]):
                keys[SOUND_PAIR | earlier << 16 | number] = _HEARD_PAIR * weight
        last = token
    return keys


def sound_keys(query: Query) -> dict[int, float]:
    """Return the keys of what the letters mean as pinyin, with the characters beside them, and their weights."""
    keys: dict[int, float] = {}
    for parts in _pinyin_stretches(query):
        for way, share in enumerate(_PARSE_SHARES):
            pieces = [piece for parses in parts for piece in (parses[way] if way < len(parses) else parses[0])]
            for key, weight in _keys_of_pieces(pieces):
                keys[key] = max(keys.get(key, 0), weight * share)
    for token in query.pinyin_runs:
        for key in _keys_of_torn(pinyin.parses(token.text)[0]):
            keys.setdefault(key, _SLIPPED)
    return keys


def _pinyin_stretches(query: Query) -> Iterator[list[Parses]]:
    """Yield the tokens between two spaces or words, each with its readings, where one of them is pinyin."""
    stretch: list[Parses] = []
    has_pinyin = False
    for token in query.tokens:
        is_pinyin = token in query.pinyin_runs
        if not token.is_glued or not (token.is_han or is_pinyin):
            if has_pinyin:
                yield stretch
            stretch, has_pinyin = [], False
        if token.is_han:
            stretch.append(((token.text,),))
        elif is_pinyin:
            stretch.append(pinyin.parses(token.text))
            has_pinyin = True
    if has_pinyin:
        yield stretch


def _keys_of_pieces(pieces: Iterable[str]) -> Iterator[tuple[int, float]]:
    """Yield the keys of syllables, and of pairs and triples of neighbours, with the weights of their kind."""
    before: list[Sound] = []
    pairs_before: list[int] = []
    for piece in pieces:
        here = _sounds_of(piece)
        if not is_han(piece):
            yield from ((SOUND | number, _SOUND) for number, _ in here if number)
        pairs = []
        for (number, letter), (earlier, initial) in product(here, before):
            if number and earlier:
                yield SOUND_PAIR | earlier << 16 | number, _SOUND_PAIR
            pairs.append(initial << 8 | letter)
        yield from ((INITIAL_PAIR | pair, _INITIAL_PAIR) for pair in pairs)
        triples = (pair << 8 | letter for (_, letter), pair in product(here, pairs_before))
        yield from ((INITIAL_TRIPLE | triple, _INITIAL_TRIPLE) for triple in triples)
        before, pairs_before = here, pairs


def _sounds_of(piece: str) -> list[Sound]:
    if is_han(piece):
        return list(sounds(piece))
    return [(pinyin.syllables().get(piece, 0) if len(piece) > 1 else 0, ord(piece[0]))]


def _keys_of_torn(pieces: tuple[str, ...]) -> set[int]:
    """Return the keys of syllables that a slip may have torn into some of these pieces, alone and in pairs with their
    whole neighbours: where a syllable stands beside letters that form none."""
    numbers = pinyin.syllables()
    whole = [numbers.get(piece, 0) if len(piece) > 1 else 0 for piece in pieces]
    if all(whole) or not any(whole):
        return set()
    keys: set[int] = set()
    for first in range(len(pieces)):
        before = whole[first - 1] if first else 0
        for last in range(first + 1, min(first + MAX_TORN_PIECES, len(pieces) + 1)):
            torn = "".join(pieces[first:last])
            if all(whole[first:last]) or not 2 <= len(torn) <= MAX_TORN_LENGTH:
                continue
            after = whole[last] if last < len(pieces) else 0
            for number in (numbers[sound] for sound in pinyin.slipped(torn) if len(sound) > 1):
                keys.add(SOUND | number)
                if before:
                    keys.add(SOUND_PAIR | before << 16 | number)
                if after:
                    keys.add(SOUND_PAIR | number << 16 | after)
    return keys


def text_keys(query: Query) -> dict[int, float]:
    """Return the keys of the words of the query in the texts of replies, with weights."""
    keys: dict[int, float] = {}
    last = None
    for token in query.tokens:
        if token.is_han:
            if last is not None and token.is_glued:
                keys[TEXT_PAIR | ord(last.text) << 16 | ord(token.text)] = min(last.weight, token.weight)
            last = token
        else:
            if len(token.text) > 1:
                keys[word_key(token.text) - WORD + TEXT_WORD] = token.weight
            last = None
    return keys
