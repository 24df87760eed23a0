"""What a few letters may stand for as one syllable of pinyin, and how faithfully.

A syllable is typed whole, by its initial, cut off, with a sound that is confused with it, or with a slip of the
fingers. The table is asked piece by piece, so a query that grew by a letter finds all but its newest pieces known.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from agent_assist.search import pinyin

SPELT, BLURRED, CUT_AT_END, CUT, INITIAL, SLIPPED = 0.95, 0.8, 0.85, 0.6, 0.66, 0.6
LONGEST = 7
"""Letters of the longest syllable, and one that slipped in."""


@lru_cache(32768)
def heard(piece: str, *, ends: bool) -> tuple[tuple[str, float], ...]:
    """The syllables that the piece may stand for; `ends` is the end of a run, where the last one is often cut off."""
    found: dict[str, float] = {}
    if len(piece) > 1:
        for sound in pinyin.slipped(piece):
            found[sound] = SLIPPED
    for sound in _begun().get(piece, ()):
        if len(piece) == 1 or (len(piece) == 2 and piece[1] == "h" and sound[1] == "h"):
            fidelity = INITIAL
        else:
            fidelity = CUT_AT_END if ends else CUT
        found[sound] = max(fidelity, found.get(sound, 0.0))
    for sound in _confused().get(piece, ()):
        found[sound] = max(BLURRED, found.get(sound, 0.0))
    if piece in pinyin.spelt():
        found[piece] = SPELT
    return tuple(found.items())


@cache
def _begun() -> Mapping[str, tuple[str, ...]]:
    begun: dict[str, list[str]] = {}
    for sound in pinyin.spelt():
        for size in range(1, len(sound)):
            begun.setdefault(sound[:size], []).append(sound)
    return {piece: tuple(sounds) for piece, sounds in begun.items()}


@cache
def _confused() -> Mapping[str, tuple[str, ...]]:
    confused: dict[str, list[str]] = {}
    for sound in pinyin.spelt():
        for form in pinyin.confusable(sound):
            if form != sound:
                confused.setdefault(form, []).append(sound)
    return {piece: tuple(sounds) for piece, sounds in confused.items()}
