"""Which pieces of a query one unit of an entry can explain, and how faithfully.

A character explains itself, a homophone (the usual slip of the Chinese input methods) and what its pinyin may look
like (`pinyin_typos`). A word explains itself, its inflections, its beginning, itself with a slip, and its part of words
typed without a space. Fidelity is 1 for what is written as it is; the other values say how willingly the same letters
should be read that way, and were fitted on synthetic slips of every kind.
"""

from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter

from agent_assist.search import pinyin, pinyin_typos
from agent_assist.search.indexed_title import IndexedTitle
from agent_assist.search.normalise import FIRST, LAST
from agent_assist.search.query import Query, Token
from agent_assist.search.words import one_slip, shape, slip_in_beginning

Move = tuple[int, int, float]
"""Start and end in the query, and the gain: the weight of the piece, times the fidelity of the reading."""

SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING, KIN = 0.95, 0.9, 0.85, 0.8, 0.65, 0.5
NO_MOVES: Sequence[Move] = ()
"""Fidelities of the ways in which a unit explains a piece, fitted on synthetic slips."""
_FIRST = itemgetter(0)


class _Typed:
    """A typed run of letters, ready to be compared with words."""

    __slots__ = ("bits", "first", "is_known", "is_long", "root", "token")

    def __init__(self, token: Token, is_known: bool) -> None:
        self.token, self.is_known = token, is_known
        self.first = token.text[0]
        self.root, self.bits = shape(token.text)
        self.is_long = len(token.text) > 4 if is_known else len(token.text) > 3
        """Whether it may be read as words that begin otherwise or with a slip."""


class UnitMatcher(dict[str, Sequence[Move]]):
    """The moves of units of entries for one query, computed when a unit is first met.

    Words and characters without moves are left out; characters with one reading are in `sounds` instead, by it, so that
    most units are never looked at.
    """

    def __init__(self, query: Query, weight_before: Sequence[float]) -> None:
        """`weight_before[i]` is the weight of the query before position i."""
        super().__init__()
        self._weight_before = weight_before
        self._resolved: set[str] = set()
        self._readings = pinyin.readings()
        self.sounds: dict[str, list[Move]] = {}
        self._first_sounds: set[str] = set()
        """The syllables that the query may begin with."""
        for token in query.pinyin_runs:
            self._add_pinyin(query.text, token)
        same: dict[str, list[Move]] = {}
        for token in query.tokens:
            if token.is_han:
                same.setdefault(token.text, []).append(self._move(token, SAME))
                self._add_homophones(token)
        self._typed = [_Typed(t, t.text in query.known) for t in query.runs]
        self._firsts = frozenset(run.first for run in self._typed)
        self._has_long_run = any(run.is_long for run in self._typed)
        for unit, moves in same.items():
            self[unit] = _best([*self._moves_of_character(unit), *moves])
            self._resolved.add(unit)

    def moves(self, title: IndexedTitle) -> list[tuple[int, Sequence[Move]]]:
        """Return the places in an entry that may explain something, in order, with their moves."""
        if unresolved := title.others - self._resolved:
            self._resolve(unresolved)
        by_place: dict[int, Sequence[Move]] = {}
        for sound in self.sounds.keys() & title.sounds.keys():
            by_place.update(dict.fromkeys(title.sounds[sound], self.sounds[sound]))
        for unit in self.keys() & title.places.keys():
            by_place.update(dict.fromkeys(title.places[unit], self[unit]))
        return sorted(by_place.items(), key=_FIRST)

    def can_start(self, unit: str) -> bool:
        """Whether the unit may be what the query begins with."""
        if FIRST <= unit <= LAST and unit not in self:
            return not self._first_sounds.isdisjoint(self._readings.get(unit, ()))
        if unit not in self._resolved:
            self._resolve((unit,))
        return any(not start for start, _end, _gain in self.get(unit, NO_MOVES))

    def _resolve(self, units: Collection[str]) -> None:
        """Compute the moves of words and characters not met before."""
        self._resolved.update(units)
        has_long_run, firsts = self._has_long_run, self._firsts
        for unit in units:
            if FIRST <= unit <= LAST:
                moves = self._moves_of_character(unit) if self.sounds else NO_MOVES
            elif has_long_run or unit[0] in firsts:
                moves = self._moves_of_word(unit)
            else:
                continue
            if moves:
                self[unit] = moves

    def _add_pinyin(self, text: str, token: Token) -> None:
        """Add the moves of the syllables that each piece of a run of letters may stand for."""
        sounds, weight_before, limit = self.sounds, self._weight_before, token.end
        for start in range(token.start, limit):
            for end in range(start + 1, min(start + pinyin_typos.MAX_PIECE_LENGTH, limit) + 1):
                weight = weight_before[end] - weight_before[start]
                for sound, fidelity in pinyin_typos.syllable_candidates(text[start:end], ends=end == limit):
                    if sound in sounds:
                        sounds[sound].append((start, end, weight * fidelity))
                    else:
                        sounds[sound] = [(start, end, weight * fidelity)]
            if not start:
                self._first_sounds.update(sounds)

    def _add_homophones(self, token: Token) -> None:
        """Add the moves of the characters that sound like a typed one."""
        nearest: dict[str, float] = {}
        for reading in self._readings.get(token.text, ()):
            for sound in pinyin.same_sounding(reading):
                nearest[sound] = max(HOMOPHONE if sound == reading else NEAR_HOMOPHONE, nearest.get(sound, 0.0))
        if not token.start:
            self._first_sounds.update(nearest)
        for sound, fidelity in nearest.items():
            self.sounds.setdefault(sound, []).append(self._move(token, fidelity))

    def _moves_of_character(self, unit: str) -> Sequence[Move]:
        readings = self._readings.get(unit, ())
        if len(readings) == 1:
            return self.sounds.get(readings[0], NO_MOVES)
        return _best([move for sound in readings for move in self.sounds.get(sound, NO_MOVES)])

    def _moves_of_word(self, word: str) -> Sequence[Move]:
        moves: list[Move] = []
        root, bits = shape(word)
        first, first_two = word[0], word[:2]
        for run in self._typed:
            token, typed = run.token, run.token.text
            if run.first == first:
                if typed == word:
                    moves.append(self._move(token, SAME))
                    continue
                if run.root == root:
                    moves.append(self._move(token, STEM))
                    continue
                if word.startswith(typed):
                    moves.append(self._move(token, BEGINNING))
                    continue
            if not run.is_long:
                continue
            if run.is_known:
                if typed[:5] == word[:5]:
                    moves.append(self._move(token, KIN))
            elif (run.bits & ~bits).bit_count() <= 1 and one_slip(typed, word):
                moves.append(self._move(token, SLIP))
            elif (run.bits & ~bits).bit_count() <= 1 and len(typed) > 4 and slip_in_beginning(typed, word):
                moves.append(self._move(token, SLIP_IN_BEGINNING))
            elif first_two in typed:
                moves += self._part(token, word)
        return moves

    def _part(self, token: Token, word: str) -> Iterator[Move]:
        """Yield the word inside a longer run, or its beginning at the end of one."""
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
        return start, end, (self._weight_before[end] - self._weight_before[start]) * fidelity


def _best(moves: Sequence[Move]) -> Sequence[Move]:
    if len(moves) < 2:
        return moves
    best: dict[tuple[int, int], float] = {}
    for start, end, gain in moves:
        piece = start, end
        if piece not in best or gain > best[piece]:
            best[piece] = gain
    return [(start, end, gain) for (start, end), gain in best.items()]
