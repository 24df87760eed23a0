"""Folds text to the form that is searched, and finds the way back to the original characters for highlighting.

Rules: Unicode NFKC (full width, ligatures, ㎏), lower case, no accents on Latin letters, traditional and variant
characters to simplified (OpenCC, see `tables`), no apostrophes (can't = cant), no underscores. Folding is idempotent.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"
_APOSTROPHES = "'’‘ʼ`´"

FIRST, LAST = "\u3400", "\u9fff"
"""The Chinese characters: a unit between these is one."""
UNIT = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[\uac00-\ud7af]|[^\\W\u3040-\u9fff\uac00-\U0010ffff]+|\n")
"""What search counts as one: a Chinese character, kana or hangul by itself, a Latin word or number as a whole; a line
end stands between the parts of an entry. (Sets of more than two ranges would take ten times as long to compile.)"""

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def fold(text: str) -> str:
    """Return the form in which entries and queries are compared."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "").replace("_", " ")
    folded = unicodedata.normalize("NFKC", text).lower().translate(_folding())
    if _has_marks(folded):
        folded = _without_marks(folded)
    return folded


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """As `fold`, character by character, with the index in `text` that each folded character came from."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, list(range(len(text)))
    parts: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        part = fold(character)
        parts.append(part)
        places += [index] * len(part)
    return "".join(parts), places


def units(folded: str) -> list[str]:
    """Return the units of a folded text in order; punctuation and spaces only separate words."""
    return UNIT.findall(folded)


def words(folded: str) -> list[str]:
    """Return the units of a folded text that are not Chinese characters."""
    return [unit for unit in UNIT.findall(folded) if not FIRST <= unit <= LAST and unit != "\n"]


def without_placeholders(template: str) -> str:
    """Return the words of a reply template: what Liquid prints or decides is not searched."""
    return _PLACEHOLDER.sub(" ", template) if "{" in template else template


def is_han(unit: str) -> bool:
    """Whether this unit may have a pinyin reading."""
    return FIRST <= unit <= LAST


@cache
def _folding() -> dict[int, str | None]:
    traditional, simplified = (_TABLES / "simplified.txt").read_text(encoding="utf-8").splitlines()
    table: dict[int, str | None] = dict(zip(map(ord, traditional), simplified, strict=True))
    table.update(dict.fromkeys(map(ord, _APOSTROPHES)))
    table[ord("_")] = " "
    return table


_MARK = re.compile("[\u0300-\u036f\u00c0-\u024f\u1e00-\u1eff]")


def _has_marks(folded: str) -> bool:
    return _MARK.search(folded) is not None


def _without_marks(folded: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", bare)
