"""Pinyin of characters, and what a run of letters can mean as pinyin.

A run is read as any mix of whole syllables, bare initials and cut syllables, because that is how Chinese input methods
are used: tuikuan, tk, tuik, tkuan. `blur` joins the sounds that speakers and input methods take for each other: the
flat and curled initials z/zh c/ch s/sh, the endings n/ng, the initials n/l ("fuzzy pinyin" settings of the common
input methods offer these first).
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "tables" / "readings.txt"
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
"""Letters a syllable can begin with: never i, u or v."""

_MAX_ABBREVIATION_LENGTH = 6
"""Up to so many letters, each an initial, are also read as initials, whatever syllables they form: andj = 按钮点击."""

_MAX_EXTRA_COST = 1.0
"""Maximum extra cost over the cheapest parse."""

_WHOLE, _INITIAL, _CUT, _STRAY = 1.0, 1.9, 1.6, 4.0
"""Costs of reading a piece as a whole syllable, a bare initial, a cut syllable, a letter that fits nothing."""


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Return the toneless syllables of each character, its default reading first."""
    table: dict[str, tuple[str, ...]] = {}
    others: list[tuple[str, str]] = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        sound, usual, sometimes = line.split("\t")
        table.update(dict.fromkeys(usual, (sound,)))
        if sometimes:
            others.append((sound, sometimes))
    for sound, characters in others:
        for character in characters:
            table[character] = (*table.get(character, ()), sound)
    return table


@cache
def syllables() -> Mapping[str, int]:
    """Return every syllable with a number; those that blur to the same sound share it."""
    numbers: dict[str, int] = {}
    result: dict[str, int] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        sound = line.split("\t")[0]
        number = numbers.setdefault(blur(sound), len(numbers) + 1)
        for form in confusable(sound):
            result.setdefault(form, number)
    return result


@lru_cache(4096)
def blur(sound: str) -> str:
    """Return the syllable without what is often confused: zh/z, ch/c, sh/s, ng/n, l/n; also lue for lve."""
    if sound[1:2] == "h":
        sound = sound[0] + sound[2:]
    if sound[0] == "l":
        sound = "n" + sound[1:]
    if sound.endswith("ng"):
        sound = sound[:-1]
    return sound.replace("ve", "ue")


@lru_cache(1024)
def confusable(sound: str) -> tuple[str, ...]:
    """Return the syllable in every spelling that blurs to the same sound."""
    forms = [sound]
    if sound[0] in "zcs":
        forms += [sound[0] + sound[2:] if sound[1] == "h" else sound[0] + "h" + sound[1:]]
    if sound[0] in "nl":
        forms += [("l" if sound[0] == "n" else "n") + sound[1:]]
    if sound.endswith("ng"):
        forms += [form[:-1] for form in forms]
    elif sound.endswith("n"):
        forms += [form + "g" for form in forms]
    return (*forms, *(form.replace("ve", "ue") for form in forms if "ve" in form))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(sound[:n] for sound in syllables() for n in range(1, len(sound)))


@lru_cache(512)
def parses(run: str, best: int = 3) -> tuple[tuple[str, ...], ...]:
    """Return the cheapest ways to read a run of letters as pieces of pinyin, cheapest first.

    A piece is a whole syllable, an initial (also zh, ch, sh), or the beginning of a syllable at the very end.
    """
    whole, beginnings = syllables(), _beginnings()
    ways: list[list[tuple[float, tuple[str, ...]]]] = [[] for _ in range(len(run) + 1)]
    ways[0].append((0.0, ()))
    for end in range(1, len(run) + 1):
        candidates: list[tuple[float, tuple[str, ...]]] = []
        for length in range(1, min(6, end) + 1):
            piece = run[end - length : end]
            if piece in whole:
                cost = _WHOLE + (0.5 if length == 1 else 0.0)
            elif length == 1:
                cost = _INITIAL if piece in INITIALS else _STRAY
            elif piece in ("zh", "ch", "sh"):
                cost = _INITIAL
            elif end == len(run) and piece in beginnings:
                cost = _CUT
            else:
                continue
            candidates += [(total + cost, (*before, piece)) for total, before in ways[end - length]]
        candidates.sort()
        ways[end] = candidates[:best]
    cheapest = ways[-1][0][0] if ways[-1] else 0.0
    kept = [way for cost, way in ways[-1] if cost <= cheapest + _MAX_EXTRA_COST]
    letters = tuple(run)
    if 1 < len(run) <= _MAX_ABBREVIATION_LENGTH and INITIALS.issuperset(run) and letters not in kept:
        kept.append(letters)
    return tuple(kept)


_KEYBOARD = (
    "qwa wqase ewsdr redft trfgy ytghu uyhji iujko oiklp pol aqwsz sawedzx dserfxc fdrtgcv gftyhvb hgyujbn jhuiknm "
    "kjiolm lkop zasx xzsdc cxdfv vcfgb bvghn nbhjm mnjk"
)
_NEIGHBOURS = {group[0]: frozenset(group[1:]) for group in _KEYBOARD.split()}
"""Each key with the keys around it."""


@lru_cache(16384)
def slipped(typed: str) -> tuple[str, ...]:
    """Return the syllables that one slip (neighbour key, swapped, dropped, doubled letter) turns into `typed`."""
    targets: set[str] = set()
    size = len(typed)
    for at, letter in enumerate(typed):
        before, after = typed[:at], typed[at + 1 :]
        if at and (typed[at - 1] == letter or typed[at - 1] in _NEIGHBOURS.get(letter, ())):
            targets.add(before + after)
        if size < 7:
            targets.update([before + key + after for key in _NEIGHBOURS.get(letter, ())])
            if at:
                targets.add(typed[: at - 1] + letter + typed[at - 1] + after)
        if size < 6:
            targets.update([before + key + typed[at:] for key in "aeghinouv"])
    if size < 6:
        targets.update([typed + key for key in "aeghinouv"])
    targets.discard(typed)
    return tuple(sorted(targets & spelt()))


@cache
def spelt() -> frozenset[str]:
    """Return every syllable as it is spelt."""
    return frozenset(line.split("\t")[0] for line in _TABLE.read_text(encoding="utf-8").splitlines())


@lru_cache(1024)
def same_sounding(sound: str) -> tuple[str, ...]:
    """Return the syllables that blur to the same sound, this one among them."""
    return _blurred()[blur(sound)]


@cache
def _blurred() -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for sound in sorted(spelt()):
        groups.setdefault(blur(sound), []).append(sound)
    return {blurred: tuple(sounds) for blurred, sounds in groups.items()}


def reads_as(typed: str, text: str) -> bool:
    """Return whether letters can be the beginning of a Chinese text in pinyin: dengl, dlu and dl are 登录."""
    if not typed:
        return True
    if not text:
        return False
    sounds = readings().get(text[0], ())
    return any(
        sound.startswith(typed)
        or (typed.startswith(sound) and reads_as(typed[len(sound) :], text[1:]))
        or (typed[0] == sound[0] and reads_as(typed[1:], text[1:]))
        for sound in sounds
    )
