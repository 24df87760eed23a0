"""Which pieces of a query one unit of an entry can explain, and how faithfully.

A character explains itself, a homophone (the usual slip of the Chinese input methods) and what its pinyin may look
like (`slips`). A word explains itself, its inflections, its beginning, itself with a slip, and its part of words typed
without a space. Fidelity is 1 for what is written as it is; the other values say how willingly the same letters should
be read that way, and were fitted on synthetic slips of every kind.
"""

from collections.abc import Iterator, Sequence

from agent_assist.search import pinyin, slips
from agent_assist.search.normalise import FIRST, LAST
from agent_assist.search.query import Query, Token
from agent_assist.search.words import one_slip, shape, slip_in_beginning

Move = tuple[int, int, float]
"""From where to where in the query, and what that gains: the weight of the piece, times how faithful the reading is."""

SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING, KIN = 0.95, 0.9, 0.85, 0.8, 0.65, 0.5
NONE: Sequence[Move] = ()


class Moves(dict[str, Sequence[Move]]):
    """The moves of each unit for one query, worked out when first asked for."""

    def __init__(self, query: Query, sums: Sequence[float]) -> None:
        """`sums[i]` is the weight of the query before position i."""
        super().__init__({"\n": NONE})
        self._sums = sums
        self._same: dict[str, list[Move]] = {}
        self._sounds: dict[str, list[Move]] = {}
        self._blurred: dict[str, list[tuple[int, str]]] = {}
        self._readings = pinyin.readings()
        for token in query.tokens:
            if token.han:
                self._same.setdefault(token.text, []).append(self._move(token, SAME))
                for sound in self._readings.get(token.text, ()):
                    self._blurred.setdefault(pinyin.blur(sound), []).append((token.start, sound))
        for token in query.sounded:
            self._read(query.text, token)
        self._typed = [(t, t.text[0], *shape(t.text), t.text in query.known) for t in query.runs]

    def __missing__(self, unit: str) -> Sequence[Move]:
        if FIRST <= unit <= LAST:
            moves = self._of_character(unit) if self._sounds or self._same else NONE
        else:
            moves = self._of_word(unit) if self._typed else NONE
        self[unit] = moves
        return moves

    def _read(self, text: str, token: Token) -> None:
        sounds, sums, limit = self._sounds, self._sums, token.end
        for start in range(token.start, limit):
            for end in range(start + 1, min(start + slips.LONGEST, limit) + 1):
                weight = sums[end] - sums[start]
                for sound, fidelity in slips.heard(text[start:end], ends=end == limit):
                    if sound in sounds:
                        sounds[sound].append((start, end, weight * fidelity))
                    else:
                        sounds[sound] = [(start, end, weight * fidelity)]

    def _of_character(self, unit: str) -> Sequence[Move]:
        readings = self._readings.get(unit, ())
        if not self._same:
            if len(readings) == 1:
                return self._sounds.get(readings[0], NONE)
            return _best([move for sound in readings for move in self._sounds.get(sound, NONE)])
        moves = [move for sound in readings for move in self._sounds.get(sound, NONE)]
        for sound in readings:
            for place, said in self._blurred.get(pinyin.blur(sound), ()):
                weight = self._sums[place + 1] - self._sums[place]
                moves.append((place, place + 1, weight * (HOMOPHONE if said == sound else NEAR_HOMOPHONE)))
        if unit in self._same:
            moves += self._same[unit]
        return _best(moves)

    def _of_word(self, word: str) -> Sequence[Move]:
        moves: list[Move] = []
        root, bits = shape(word)
        for token, first, typed_root, typed_bits, known in self._typed:
            typed = token.text
            if first == word[0]:
                if typed == word:
                    moves.append(self._move(token, SAME))
                    continue
                if typed_root == root:
                    moves.append(self._move(token, STEM))
                    continue
                if word.startswith(typed):
                    moves.append(self._move(token, BEGINNING))
                    continue
            if known or len(typed) < 4:
                if len(typed) > 4 and typed[:5] == word[:5]:
                    moves.append(self._move(token, KIN))
            elif (typed_bits & ~bits).bit_count() <= 1 and one_slip(typed, word):
                moves.append(self._move(token, SLIP))
            elif (typed_bits & ~bits).bit_count() <= 1 and len(typed) > 4 and slip_in_beginning(typed, word):
                moves.append(self._move(token, SLIP_IN_BEGINNING))
            elif word[0] in typed:
                moves += self._part(token, word)
        return moves

    def _part(self, token: Token, word: str) -> Iterator[Move]:
        """The word inside a longer run, or its beginning at the end of one."""
        typed = token.text
        place = typed.find(word)
        if place >= 0 and len(word) > 1:
            yield self._piece(token.start + place, token.start + place + len(word), PART)
            return
        for size in range(min(len(word), len(typed)) - 1, 1, -1):
            if typed.endswith(word[:size]):
                yield self._piece(token.end - size, token.end, PART * BEGINNING)
                return

    def _move(self, token: Token, fidelity: float) -> Move:
        return self._piece(token.start, token.end, fidelity)

    def _piece(self, start: int, end: int, fidelity: float) -> Move:
        return start, end, (self._sums[end] - self._sums[start]) * fidelity


def _best(moves: Sequence[Move]) -> Sequence[Move]:
    if len(moves) < 2:
        return moves
    best: dict[tuple[int, int], float] = {}
    for start, end, gain in moves:
        piece = start, end
        if piece not in best or gain > best[piece]:
            best[piece] = gain
    return [(start, end, gain) for (start, end), gain in best.items()]
