"""How well an entry explains what was typed: an alignment of the query with the units of the entry.

The query is taken as the entry's words sent through a noisy keyboard. Each unit of the entry explains certain pieces
of the query (`moves`). Pieces explained by neighbouring units join into a segment; segments may come from anywhere and
in any order, but each costs a `JUMP`. The best cover of the query by segments is its score.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from agent_assist.search.unit_match import Move

JUMP, JUMP_AT_SPACE = 0.9, 0.6
"""What a new segment costs, in the unit of the weights, in the middle and after a space; keeps scattered letters from
looking like an answer."""


class Segment(NamedTuple):
    """A piece of the query, and the units of the entry, first to last, that explain it."""

    end: int
    start: int
    gain: float
    first: int
    last: int


Piece = tuple[int, int]
"""From where to where in the query."""
Explained = tuple[float, int, int]
"""The gain of a piece, and the first and last unit that explain it."""


def align(
    moves: Iterable[tuple[int, Sequence[Move]]],
    jumps: Sequence[float],
    other: Mapping[Piece, Explained] | None = None,
) -> tuple[float, list[Segment]]:
    """Return the gain of the best cover of the query by an entry, and its segments, last first.

    `moves` are those of the units of the entry that have any, with their places, in order; `jumps[i]` is what a
    segment costs that starts at position i; `other` holds pieces that are explained in another way.
    """
    best: dict[Piece, Explained] = dict(other) if other else {}
    chains: dict[int, tuple[int, float, int]] = {}
    last = -1
    for index, options in moves:
        if index != last + 1:
            chains = {}
        last = index
        longer: dict[int, tuple[int, float, int]] = {}
        for start, end, gain in options:
            if start in chains:
                begin, before, first = chains[start]
                whole = before + gain
            else:
                begin, whole, first = start, gain, index
            if end not in longer or whole > longer[end][1]:
                longer[end] = begin, whole, first
                if whole > jumps[begin]:
                    piece = begin, end
                    if piece not in best or whole > best[piece][0]:
                        best[piece] = whole, first, index
        chains = longer
    return _cover(best, jumps) if best else (0.0, [])


def _cover(pieces: Mapping[Piece, Explained], jumps: Sequence[float]) -> tuple[float, list[Segment]]:
    top = [0.0] * (len(jumps) + 1)
    chosen: dict[int, Segment] = {}
    reached = 0
    for end, start in sorted((end, start) for start, end in pieces):
        while reached < end:
            reached += 1
            top[reached] = top[reached - 1]
        gain, first, last = pieces[start, end]
        value = top[start] + gain - jumps[start]
        if value > top[end]:
            top[end] = value
            chosen[end] = Segment(end, start, gain, first, last)
    segments: list[Segment] = []
    at = reached
    while at > 0:
        taken = chosen.get(at)
        if taken is not None and top[at] > top[at - 1]:
            segments.append(taken)
            at = taken.start
        else:
            at -= 1
    return top[reached], segments
