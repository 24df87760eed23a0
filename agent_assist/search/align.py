"""How well an entry explains what was typed: an alignment of the query with the units of the entry.

The query is taken as the entry's words sent through a noisy keyboard. Each unit of the entry (a character, a word)
explains certain pieces of the query with a certain fidelity: the character itself, a homophone chosen in the input
method, its pinyin, its initial, a word cut off or with a slip. Pieces explained by neighbouring units join into a
segment; segments may come from anywhere and in any order, but each costs a `JUMP`. The best cover of the query by
segments is its score. Work is bounded by the square of the query's length for each unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent_assist.search import pinyin
from agent_assist.search.normalise import is_han
from agent_assist.search.query import Query, Token
from agent_assist.search.words import letters, one_slip, slip_in_beginning, stem

Move = tuple[int, int, float]
"""From where to where in the query, and how faithfully (1 = as written)."""

JUMP = 0.8
SAME, HOMOPHONE, NEAR_HOMOPHONE = 1.0, 0.78, 0.6
SPELT, BLURRED, CUT_AT_END, CUT, INITIAL, SLIPPED = 0.95, 0.8, 0.85, 0.6, 0.66, 0.6
STEM, BEGINNING, PART, SLIP, SLIP_IN_BEGINNING = 0.95, 0.9, 0.85, 0.8, 0.65


@dataclass(frozen=True)
class Segment:
    """A piece of the query, and the units of the entry that explain it."""

    start: int
    end: int
    first: int
    last: int
    gain: float


class Aligner:
    """Aligns one query with many entries; what a unit can explain is worked out once a query."""

    def __init__(self, query: Query, weights: Sequence[float], *, slips: bool = True) -> None:
        self.query = query
        self.slips = slips
        self.size = len(query.text)
        self._sums = [0.0]
        for weight in weights:
            self._sums.append(self._sums[-1] + weight)
        self.total = self._sums[-1] or 1.0
        self._moves: dict[str, tuple[Move, ...]] = {"\n": ()}
        self._sound_moves: dict[str, list[Move]] = {}
        self._places: dict[str, list[int]] = {}
        for place, character in enumerate(query.text):
            self._places.setdefault(character, []).append(place)
        self._heard: dict[str, list[tuple[int, bool]]] = {}
        for token in query.tokens:
            if token.han:
                for sound in pinyin.readings().get(token.text, ()):
                    self._heard.setdefault(pinyin.blur(sound), []).append((token.start, True))
        self._starts = {token.start for token in query.tokens if not token.glued}
        self._ends = {token.end for token in query.runs}
        self._letter_at = [False] * (self.size + 1)
        self._run_end = [0] * (self.size + 1)
        for token in query.runs:
            for place in range(token.start, token.end):
                self._letter_at[place] = True
                self._run_end[place] = token.end
        self._letters = [(token, letters(token.text)) for token in query.runs]

    def align(self, units: Sequence[str]) -> tuple[float, list[Segment]]:
        """The gain of the best cover of the query by this entry, and its segments."""
        moves, sums = self._moves, self._sums
        best: dict[tuple[int, int], tuple[float, int, int]] = {}
        active: dict[int, tuple[int, float, int]] = {}
        for index, unit in enumerate(units):
            options = moves.get(unit)
            if options is None:
                options = moves[unit] = self._explained_by(unit)
            if not options:
                if active:
                    active = {}
                continue
            following: dict[int, tuple[int, float, int]] = {}
            for start, end, fidelity in options:
                gain = (sums[end] - sums[start]) * fidelity
                first, begun = index, start
                chain = active.get(start)
                if chain is not None:
                    begun, gain, first = chain[0], gain + chain[1], chain[2]
                old = following.get(end)
                if old is None or gain > old[1]:
                    following[end] = (begun, gain, first)
                    known = best.get((begun, end))
                    if known is None or gain > known[0]:
                        best[begun, end] = (gain, first, index)
            active = following
        return self._cover(best)

    def _cover(self, found: dict[tuple[int, int], tuple[float, int, int]]) -> tuple[float, list[Segment]]:
        if not found:
            return 0.0, []
        by_end: dict[int, list[Segment]] = {}
        for (start, end), (gain, first, last) in found.items():
            by_end.setdefault(end, []).append(Segment(start, end, first, last, gain))
        top: list[float] = [0.0] * (self.size + 1)
        chosen: list[Segment | None] = [None] * (self.size + 1)
        for end in range(1, self.size + 1):
            top[end] = top[end - 1]
            for segment in by_end.get(end, ()):
                value = top[segment.start] + segment.gain - JUMP
                if value > top[end]:
                    top[end], chosen[end] = value, segment
        segments: list[Segment] = []
        end = self.size
        while end > 0:
            taken = chosen[end]
            if taken is None:
                end -= 1
            else:
                segments.append(taken)
                end = taken.start
        return top[self.size], segments[::-1]

    def _explained_by(self, unit: str) -> tuple[Move, ...]:
        if not is_han(unit):
            return tuple(_best(self._word_moves(unit)))
        moves: list[Move] = [(p, p + 1, SAME) for p in self._places.get(unit, ())]
        for sound in pinyin.readings().get(unit, ()):
            known = self._sound_moves.get(sound)
            if known is None:
                known = self._sound_moves[sound] = list(self._moves_of_sound(sound))
            moves += known
        return tuple(_best(moves))

    def _moves_of_sound(self, sound: str) -> Iterable[Move]:
        for place, _ in self._heard.get(pinyin.blur(sound), ()):
            exact = sound in pinyin.readings().get(self.query.text[place], ())
            yield place, place + 1, HOMOPHONE if exact else NEAR_HOMOPHONE
        if not self.query.runs:
            return
        text = self.query.text
        for form in {sound, *pinyin.confusable(sound)}:
            faith = SPELT if form == sound else BLURRED
            for place in self._places.get(form[0], ()):
                if not self._letter_at[place]:
                    continue
                limit = min(self._run_end[place], place + len(form))
                end = place + 1
                while end < limit and text[end] == form[end - place]:
                    end += 1
                if end - place == len(form):
                    yield place, end, faith
                if form != sound:
                    continue
                yield place, place + 1, INITIAL
                for cut in range(place + 2, end if end - place == len(form) else end + 1):
                    if cut == place + 2 and text[place + 1] == "h":
                        yield place, cut, INITIAL
                    else:
                        yield place, cut, CUT_AT_END if cut == self._run_end[place] else CUT
        if self.slips and len(sound) > 1:
            yield from self._slipped_sound(sound)

    def _slipped_sound(self, sound: str) -> Iterable[Move]:
        text = self.query.text
        for token in self.query.runs:
            for start in range(token.start, token.end):
                for length in (len(sound) - 1, len(sound), len(sound) + 1):
                    end = start + length
                    if length >= 2 and end <= token.end and one_slip(text[start:end], sound):
                        yield start, end, SLIPPED

    def _word_moves(self, word: str) -> Iterable[Move]:
        bits = letters(word)
        root = stem(word)
        for token, typed_bits in self._letters:
            typed = token.text
            if typed == word:
                yield token.start, token.end, SAME
            elif stem(typed) == root:
                yield token.start, token.end, STEM
            elif word.startswith(typed):
                yield token.start, token.end, BEGINNING
            elif self.slips and len(typed) > 2 and (bits & typed_bits).bit_count() + 2 >= typed_bits.bit_count():
                if one_slip(typed, word) and len(typed) > 3:
                    yield token.start, token.end, SLIP
                elif len(typed) > 4 and slip_in_beginning(typed, word):
                    yield token.start, token.end, SLIP_IN_BEGINNING
            if len(typed) > len(word):
                yield from self._inside(token, word)
            elif len(typed) > 4 and typed != word:
                yield from self._tail(token, word)

    def _inside(self, token: Token, word: str) -> Iterable[Move]:
        place = token.text.find(word)
        if place >= 0 and (len(word) > 2 or place in (0, len(token.text) - len(word))):
            yield token.start + place, token.start + place + len(word), PART
        else:
            yield from self._tail(token, word)

    def _tail(self, token: Token, word: str) -> Iterable[Move]:
        typed = token.text
        for size in range(min(len(word), len(typed)) - 1, 1, -1):
            if typed.endswith(word[:size]):
                yield token.end - size, token.end, PART * BEGINNING
                return


def _best(moves: Iterable[Move]) -> list[Move]:
    best: dict[tuple[int, int], float] = {}
    for start, end, fidelity in moves:
        if fidelity > best.get((start, end), 0.0):
            best[start, end] = fidelity
    return [(start, end, fidelity) for (start, end), fidelity in best.items()]
