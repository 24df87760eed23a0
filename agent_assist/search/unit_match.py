"""Which pieces of a query one unit of an entry can explain, and how faithfully.

A character explains itself, a homophone (the usual slip of the Chinese input methods) and what its pinyin may look
like (`slips`). A word explains itself, its inflections, its beginning, itself with a slip, and its part of words typed
without a space. Fidelity is 1 for what is written as it is; the other values say how willingly the same letters should
be read that way, and were fitted on synthetic slips of every kind.
"""

from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter

from agent_assist.search import pinyin, pinyin_typos
from agent_assist.search.indexed_title import IndexedTitle
from agent_assist.search.normalise import FIRST, LAST
from agent_assist.search.query import Query, Token
from agent_assist.search.words import one_slip, shape, slip_in_beginning

Move = tuple[int, int, float]
"""From where to where in the query, and what that gains: the weight of the piece, times how faithful the reading is."""

SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING, KIN = 0.95, 0.9, 0.85, 0.8, 0.65, 0.5
NONE: Sequence[Move] = ()
_FIRST = itemgetter(0)


class _Typed:
    """A typed run of letters, ready to be compared with words."""

    __slots__ = ("bits", "first", "known", "long", "root", "token")

    def __init__(self, token: Token, known: bool) -> None:
        self.token, self.known = token, known
        self.first = token.text[0]
        self.root, self.bits = shape(token.text)
        self.long = len(token.text) > 4 if known else len(token.text) > 3
        """Whether it may be read as words that begin otherwise or with a slip."""


class UnitMatcher(dict[str, Sequence[Move]]):
    """The moves of the units of entries for one query. Holds words and characters that have any, once they were
    asked for; characters with one reading are in `sounds` instead, by it, so that most units are never looked at."""

    def __init__(self, query: Query, sums: Sequence[float]) -> None:
        """`sums[i]` is the weight of the query before position i."""
        super().__init__()
        self._sums = sums
        self._seen: set[str] = set()
        self._readings = pinyin.readings()
        self.sounds: dict[str, list[Move]] = {}
        self._begin: set[str] = set()
        """The syllables the query may begin with."""
        for token in query.sounded:
            self._read(query.text, token)
        same: dict[str, list[Move]] = {}
        for token in query.tokens:
            if token.han:
                same.setdefault(token.text, []).append(self._move(token, SAME))
                self._hear(token)
        self._typed = [_Typed(t, t.text in query.known) for t in query.runs]
        self._firsts = frozenset(one.first for one in self._typed)
        self._long = any(one.long for one in self._typed)
        for unit, moves in same.items():
            self[unit] = _best([*self._sounded(unit), *moves])
            self._seen.add(unit)

    def at(self, entry: IndexedTitle) -> list[tuple[int, Sequence[Move]]]:
        """The places in an entry that may explain something, in order, with their moves."""
        fresh = entry.others - self._seen
        if fresh:
            self._look(fresh)
        found: dict[int, Sequence[Move]] = {}
        for sound in self.sounds.keys() & entry.sounds.keys():
            found.update(dict.fromkeys(entry.sounds[sound], self.sounds[sound]))
        for unit in self.keys() & entry.places.keys():
            found.update(dict.fromkeys(entry.places[unit], self[unit]))
        return sorted(found.items(), key=_FIRST)

    def begin(self, unit: str) -> bool:
        """Whether the unit may be what the query begins with."""
        if FIRST <= unit <= LAST and unit not in self:
            begin = self._begin
            return not begin.isdisjoint(self._readings.get(unit, ()))
        if unit not in self._seen:
            self._look((unit,))
        return any(not start for start, _end, _gain in self.get(unit, NONE))

    def _look(self, units: Collection[str]) -> None:
        """Work out the moves of words and characters not seen before."""
        self._seen.update(units)
        long, firsts = self._long, self._firsts
        for unit in units:
            if FIRST <= unit <= LAST:
                moves = self._sounded(unit) if self.sounds else NONE
            elif long or unit[0] in firsts:
                moves = self._of_word(unit)
            else:
                continue
            if moves:
                self[unit] = moves

    def _read(self, text: str, token: Token) -> None:
        sounds, sums, limit = self.sounds, self._sums, token.end
        for start in range(token.start, limit):
            for end in range(start + 1, min(start + pinyin_typos.LONGEST, limit) + 1):
                weight = sums[end] - sums[start]
                for sound, fidelity in pinyin_typos.heard(text[start:end], ends=end == limit):
                    if sound in sounds:
                        sounds[sound].append((start, end, weight * fidelity))
                    else:
                        sounds[sound] = [(start, end, weight * fidelity)]
            if not start:
                self._begin.update(sounds)

    def _hear(self, token: Token) -> None:
        """Note what a typed character explains of those that sound like it."""
        nearest: dict[str, float] = {}
        for said in self._readings.get(token.text, ()):
            for sound in pinyin.alike(said):
                nearest[sound] = max(HOMOPHONE if sound == said else NEAR_HOMOPHONE, nearest.get(sound, 0.0))
        if not token.start:
            self._begin.update(nearest)
        for sound, fidelity in nearest.items():
            self.sounds.setdefault(sound, []).append(self._move(token, fidelity))

    def _sounded(self, unit: str) -> Sequence[Move]:
        readings = self._readings.get(unit, ())
        if len(readings) == 1:
            return self.sounds.get(readings[0], NONE)
        return _best([move for sound in readings for move in self.sounds.get(sound, NONE)])

    def _of_word(self, word: str) -> Sequence[Move]:
        moves: list[Move] = []
        root, bits = shape(word)
        first, begins = word[0], word[:2]
        for one in self._typed:
            token, typed = one.token, one.token.text
            if one.first == first:
                if typed == word:
                    moves.append(self._move(token, SAME))
                    continue
                if one.root == root:
                    moves.append(self._move(token, STEM))
                    continue
                if word.startswith(typed):
                    moves.append(self._move(token, BEGINNING))
                    continue
            if not one.long:
                continue
            if one.known:
                if typed[:5] == word[:5]:
                    moves.append(self._move(token, KIN))
            elif (one.bits & ~bits).bit_count() <= 1 and one_slip(typed, word):
                moves.append(self._move(token, SLIP))
            elif (one.bits & ~bits).bit_count() <= 1 and len(typed) > 4 and slip_in_beginning(typed, word):
                moves.append(self._move(token, SLIP_IN_BEGINNING))
            elif begins in typed:
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
