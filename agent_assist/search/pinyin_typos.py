"""The syllables that a few letters may stand for, and how faithfully.

A syllable is typed whole, by its initial, cut off, with a sound that is confused with it, or with a slip of the
fingers. Results are cached by piece, so a query that grew by a letter computes only its newest pieces.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from agent_assist.search import pinyin

SPELT, BLURRED, CUT_AT_END, CUT, INITIAL, SLIPPED = 0.95, 0.8, 0.85, 0.6, 0.66, 0.6
"""Fidelities, from 0 to 1."""

MAX_PIECE_LENGTH = 7
"""Letters of the longest syllable, and one that slipped in."""


@lru_cache(32768)
def syllable_candidates(piece: str, *, ends: bool) -> tuple[tuple[str, float], ...]:
    """Return the syllables that the piece may stand for, with fidelities.

    `ends`: the piece is the end of a run, where the last syllable is often cut off.
    """
    fidelities: dict[str, float] = {}
    if len(piece) > 1:
        for sound in pinyin.slipped(piece):
            fidelities[sound] = SLIPPED
    for sound in _by_beginning().get(piece, ()):
        if len(piece) == 1 or (len(piece) == 2 and piece[1] == "h" and sound[1] == "h"):
            fidelity = INITIAL
        else:
            fidelity = CUT_AT_END if ends else CUT
        fidelities[sound] = max(fidelity, fidelities.get(sound, 0.0))
    for sound in _by_confusable().get(piece, ()):
        fidelities[sound] = max(BLURRED, fidelities.get(sound, 0.0))
    if piece in pinyin.spelt():
        fidelities[piece] = SPELT
    return tuple(fidelities.items())


@cache
def _by_beginning() -> Mapping[str, tuple[str, ...]]:
    by_beginning: dict[str, list[str]] = {}
    for sound in pinyin.spelt():
        for size in range(1, len(sound)):
            by_beginning.setdefault(sound[:size], []).append(sound)
    return {piece: tuple(sounds) for piece, sounds in by_beginning.items()}


@cache
def _by_confusable() -> Mapping[str, tuple[str, ...]]:
    by_confusable: dict[str, list[str]] = {}
    for sound in pinyin.spelt():
        for form in pinyin.confusable(sound):
            if form != sound:
                by_confusable.setdefault(form, []).append(sound)
    return {piece: tuple(sounds) for piece, sounds in by_confusable.items()}
