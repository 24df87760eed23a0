"""How well an entry explains what was typed: an alignment of the query with the units of the entry.

The query is taken as the entry's words sent through a noisy keyboard. Each unit of the entry explains certain pieces
of the query (`moves`). Pieces explained by neighbouring units join into a segment; segments may come from anywhere and
in any order, but each costs a `JUMP`. The best cover of the query by segments is its score.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent_assist.search.moves import Move

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


def align(
    parts: Sequence[str],
    moves: Mapping[str, tuple[Move, ...]],
    sums: Sequence[float],
    jumps: Sequence[float],
    other: Mapping[tuple[int, int], tuple[float, int, int]] | None = None,
) -> tuple[float, list[Segment]]:
    """The gain of the best cover of the query by this entry, and its segments, last first.

    `sums[i]` is the weight of the query before position i, `jumps[i]` what a segment costs that starts there;
    `other` holds pieces that are explained in another way, as their gain and the first and last unit.
    """
    best = dict(other) if other else {}
    chains: dict[int, tuple[int, float, int]] = {}
    for index, part in enumerate(parts):
        options = moves[part]
        if not options:
            if chains:
                chains = {}
            continue
        longer: dict[int, tuple[int, float, int]] = {}
        for start, end, fidelity in options:
            gain = (sums[end] - sums[start]) * fidelity
            chain = chains.get(start)
            if chain is None:
                begun, first = start, index
            else:
                begun, before, first = chain
                gain += before
            known = longer.get(end)
            if known is None or gain > known[1]:
                longer[end] = begun, gain, first
                piece = begun, end
                rival = best.get(piece)
                if rival is None or gain > rival[0]:
                    best[piece] = gain, first, index
        chains = longer
    return _cover(best, jumps)


def _cover(
    found: Mapping[tuple[int, int], tuple[float, int, int]], jumps: Sequence[float]
) -> tuple[float, list[Segment]]:
    if not found:
        return 0.0, []
    top = [0.0] * (len(jumps) + 1)
    chosen: dict[int, Segment] = {}
    reached = 0
    for end, start, gain, first, last in sorted(
        (end, start, gain, first, last) for (start, end), (gain, first, last) in found.items()
    ):
        while reached < end:
            reached += 1
            top[reached] = top[reached - 1]
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
