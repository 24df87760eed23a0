"""Which pieces of a query one unit of an entry can explain, and how faithfully.

A character explains itself, a homophone (the usual slip of the Chinese input methods) and what its pinyin may look
like (`slips`). A word explains itself, its inflections, its beginning, itself with a slip, and its part of words typed
without a space. Fidelity is 1 for what is written as it is; the other values say how willingly the same letters should
be read that way, and were fitted on synthetic slips of every kind.
"""

from collections.abc import Iterable, Iterator

from agent_assist.search import pinyin, slips
from agent_assist.search.normalise import is_han
from agent_assist.search.query import Query, Token
from agent_assist.search.words import letters, one_slip, slip_in_beginning, stem

Move = tuple[int, int, float]
"""From where to where in the query, and how faithfully."""

SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING, KIN = 0.95, 0.9, 0.85, 0.8, 0.65, 0.5
NONE: tuple[Move, ...] = ()


class Moves(dict[str, tuple[Move, ...]]):
    """The moves of each unit for one query, worked out when first asked for."""

    def __init__(self, query: Query) -> None:
        super().__init__({"\n": NONE})
        self._same: dict[str, list[Move]] = {}
        self._sounds: dict[str, list[Move]] = {}
        self._blurred: dict[str, list[tuple[int, str]]] = {}
        for token in query.tokens:
            if token.han:
                self._same.setdefault(token.text, []).append((token.start, token.end, SAME))
                for sound in pinyin.readings().get(token.text, ()):
                    self._blurred.setdefault(pinyin.blur(sound), []).append((token.start, sound))
        for token in query.sounded:
            self._read(query.text, token)
        self._words = [(t, letters(t.text), stem(t.text), t.text in query.known) for t in query.runs]

    def __missing__(self, unit: str) -> tuple[Move, ...]:
        if is_han(unit):
            moves = self._of_character(unit)
        elif self._words:
            moves = _best(self._of_word(unit))
        else:
            moves = NONE
        self[unit] = moves
        return moves

    def _read(self, text: str, token: Token) -> None:
        sounds, limit = self._sounds, token.end
        for start in range(token.start, limit):
            for end in range(start + 1, min(start + slips.LONGEST, limit) + 1):
                for sound, fidelity in slips.heard(text[start:end], ends=end == limit):
                    known = sounds.get(sound)
                    if known is None:
                        sounds[sound] = [(start, end, fidelity)]
                    else:
                        known.append((start, end, fidelity))

    def _of_character(self, unit: str) -> tuple[Move, ...]:
        readings = pinyin.readings().get(unit, ())
        moves = [move for sound in readings for move in self._sounds.get(sound, ())]
        if self._same:
            moves += self._same.get(unit, ())
            for sound in readings:
                for place, said in self._blurred.get(pinyin.blur(sound), ()):
                    moves.append((place, place + 1, HOMOPHONE if said == sound else NEAR_HOMOPHONE))
            return _best(moves)
        return tuple(moves) if len(readings) == 1 else _best(moves)

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
    if word[0] not in typed:
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
