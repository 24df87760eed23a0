"""Writes `readings.txt` and `simplified.txt`: `python -m agent_assist.search.tables.build [TSCharacters.txt]`.

For developers; needs pypinyin. A character keeps its default reading and those others that stand in at least one in
twenty-five of the dictionary words it is part of: 行 is xing and hang, 还 is huan and hai, but 大 is not tai. Both are
indexed, so no reading has to be chosen by context: nobody is ever shown the pinyin.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
RARELY = 0.04
"""Share of a character's dictionary words below which a reading is left out."""

VARIANTS = "帐账佔占週周裏里裡里份分妳你您你她他牠他它他馀余羣群啓启脗吻甚什麽么麼么嘛吗那哪阿啊祇只像象"
"""Pairs that people write for each other; both sides are searched as the second."""


def readings() -> str:
    """Characters that are left after folding, one line a syllable: those read so mostly, those read so sometimes."""
    from pypinyin import Style, lazy_pinyin  # only for whoever builds the tables
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin.style import convert

    def toneless(marked: str) -> str:
        return str(convert(marked, Style.NORMAL, strict=False)).replace("ü", "v")

    traditional = (HERE / "simplified.txt").read_text(encoding="utf-8").splitlines()[0]
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in PHRASES_DICT.items():
        for character, marked in zip(phrase, sounds, strict=False):
            seen[character][toneless(marked[0])] += 1
    usual: dict[str, list[str]] = defaultdict(list)
    sometimes: dict[str, list[str]] = defaultdict(list)
    for code in sorted(PINYIN_DICT):
        character = chr(code)
        default = str(lazy_pinyin(character)[0]).replace("ü", "v")
        if not (_is_common(character) or character in seen) or code > 0xFFFF or not _is_syllable(default):
            continue
        if character in traditional:
            continue
        usual[default].append(character)
        total = sum(seen[character].values())
        for other, count in seen[character].items():
            if other != default and count >= 2 and count > RARELY * total and _is_syllable(other):
                sometimes[other].append(character)
    return "".join(
        f"{sound}\t{''.join(usual[sound])}\t{''.join(sometimes[sound])}\n" for sound in sorted({*usual, *sometimes})
    )


def _is_common(character: str) -> bool:
    """Whether the everyday character set of the mainland has it (GB 2312)."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_syllable(sound: str) -> bool:
    return sound.isascii() and sound.isalpha() and any(vowel in sound for vowel in "aeiouv")


def simplified(source: Path) -> str:
    """Two lines of equal length: each character of the first is searched as the one below it."""
    pairs = dict(zip(VARIANTS[::2], VARIANTS[1::2], strict=True))
    for line in source.read_text(encoding="utf-8").splitlines():
        traditional, targets = line.split("\t")
        target = targets.split(" ")[0]
        if len(traditional) == len(target) == 1 and ord(max(traditional, target)) < 0x10000 and traditional != target:
            pairs.setdefault(traditional, pairs.get(target, target))
    return "".join(pairs) + "\n" + "".join(pairs.values()) + "\n"


def main(arguments: list[str]) -> int:
    """Write the simplified forms when OpenCC's table is given, then the readings."""
    if arguments:
        (HERE / "simplified.txt").write_text(simplified(Path(arguments[0])), encoding="utf-8")
    (HERE / "readings.txt").write_text(readings(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
