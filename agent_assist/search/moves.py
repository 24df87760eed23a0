"""Which pieces of a query one unit of an entry can explain, and how faithfully.

A character explains itself, a homophone (the usual slip of the Chinese input methods), its pinyin whole, blurred, cut
off or with a slip of the fingers, and its initial. A word explains itself, its inflections, its beginning, itself with
a slip, and its part of words typed without a space. Fidelity is 1 for what is written as it is; the other values say
how willingly the same letters should be read that way, and were fitted on synthetic slips of every kind.
"""

from collections.abc import Iterable, Iterator

from agent_assist.search import pinyin
from agent_assist.search.normalise import is_han
from agent_assist.search.query import Query, Token
from agent_assist.search.words import letters, one_slip, slip_in_beginning, stem

Move = tuple[int, int, float]
"""From where to where in the query, and how faithfully."""

SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
SPELT, BLURRED, CUT_AT_END, CUT, INITIAL, SLIPPED = 0.95, 0.8, 0.85, 0.6, 0.66, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING, KIN = 0.95, 0.9, 0.85, 0.8, 0.65, 0.5


class Moves(dict[str, tuple[Move, ...]]):
    """The moves of each unit for one query, worked out when first asked for."""

    def __init__(self, query: Query) -> None:
        super().__init__({"\n": ()})
        self._text = query.text
        self._sound_moves: dict[str, list[Move]] = {}
        self._characters: dict[str, list[int]] = {}
        self._heard: dict[str, list[tuple[int, str]]] = {}
        for token in query.tokens:
            if token.han:
                self._characters.setdefault(token.text, []).append(token.start)
                for sound in pinyin.readings().get(token.text, ()):
                    self._heard.setdefault(pinyin.blur(sound), []).append((token.start, sound))
        self._words = [(t, letters(t.text), stem(t.text), t.text in query.known) for t in query.runs]
        self._letters: dict[str, list[tuple[int, int]]] = {}
        self._slipped: dict[str, list[tuple[int, int]]] = {}
        for token in query.sounded:
            self._read(token)

    def __missing__(self, unit: str) -> tuple[Move, ...]:
        self[unit] = moves = _best(self._of_character(unit) if is_han(unit) else self._of_word(unit))
        return moves

    def _read(self, token: Token) -> None:
        for start in range(token.start, token.end):
            self._letters.setdefault(self._text[start], []).append((start, token.end))
            for end in range(start + 2, min(start + 7, token.end) + 1):
                for sound in pinyin.slipped(self._text[start:end]):
                    self._slipped.setdefault(sound, []).append((start, end))

    def _of_character(self, unit: str) -> list[Move]:
        moves = [(start, start + 1, SAME) for start in self._characters.get(unit, ())]
        for sound in pinyin.readings().get(unit, ()):
            known = self._sound_moves.get(sound)
            if known is None:
                known = self._sound_moves[sound] = list(self._of_sound(sound))
            moves += known
        return moves

    def _of_sound(self, sound: str) -> Iterator[Move]:
        for place, heard in self._heard.get(pinyin.blur(sound), ()):
            yield place, place + 1, HOMOPHONE if heard == sound else NEAR_HOMOPHONE
        if not self._letters:
            return
        for form in pinyin.confusable(sound):
            if form != sound:
                for start, limit in self._letters.get(form[0], ()):
                    if start + len(form) <= limit and self._text.startswith(form, start):
                        yield start, start + len(form), BLURRED
        for start, limit in self._letters.get(sound[0], ()):
            yield from self._spelt(sound, start, limit)
        for start, end in self._slipped.get(sound, ()):
            yield start, end, SLIPPED

    def _spelt(self, sound: str, start: int, limit: int) -> Iterator[Move]:
        text, whole = self._text, start + len(sound)
        yield start, start + 1, SPELT if len(sound) == 1 else INITIAL
        for end in range(start + 2, min(limit, whole) + 1):
            if text[end - 1] != sound[end - 1 - start]:
                return
            if end == whole:
                yield start, end, SPELT
            elif end == start + 2 and sound[1] == "h":
                yield start, end, INITIAL
            else:
                yield start, end, CUT_AT_END if end == limit else CUT

    def _of_word(self, word: str) -> Iterator[Move]:
        root, bits = stem(word), letters(word)
        for token, typed_bits, typed_root, known in self._words:
            typed, start, end = token.text, token.start, token.end
            if typed == word:
                yield start, end, SAME
            elif typed_root == root:
                yield start, end, STEM
            elif word.startswith(typed):
                yield start, end, BEGINNING
            elif known or len(typed) < 3:
                if len(typed) > 4 and typed[:5] == word[:5]:
                    yield start, end, KIN
            elif (typed_bits & ~bits).bit_count() <= 1 and len(typed) > 3 and one_slip(typed, word):
                yield start, end, SLIP
            elif (typed_bits & ~bits).bit_count() <= 1 and len(typed) > 4 and slip_in_beginning(typed, word):
                yield start, end, SLIP_IN_BEGINNING
            elif len(typed) > 3:
                yield from _part(token, word)


def _part(token: Token, word: str) -> Iterator[Move]:
    """The word inside a longer run, or its beginning at the end of one."""
    typed = token.text
    place = typed.find(word)
    if place >= 0 and len(word) > 1:
        yield token.start + place, token.start + place + len(word), PART
        return
    for size in range(min(len(word), len(typed)) - 1, 1, -1):
        if typed.endswith(word[:size]):
            yield token.end - size, token.end, PART * BEGINNING
            return


def _best(moves: Iterable[Move]) -> tuple[Move, ...]:
    best: dict[tuple[int, int], float] = {}
    for start, end, fidelity in moves:
        if fidelity > best.get((start, end), 0.0):
            best[start, end] = fidelity
    return tuple((start, end, fidelity) for (start, end), fidelity in best.items())
