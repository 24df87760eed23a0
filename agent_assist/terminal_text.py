"""Text in terminal cells, for the screen and the command line: its width, and how it is cut, filled up and wrapped.

A Chinese character takes two cells, a combining mark none, an emoji of several characters two. Who says so differs:

- The command line and the checks of phrasebooks ask the library wcwidth (`TERMINAL`).
- The screen asks rich (`agent_assist.tui.text.content.SCREEN`), because Textual lays out, pads and paints by it: a line
  that was measured by anything else would push what stands right of it out of place wherever the two disagree. They
  agree on Chinese, Japanese, Korean, Latin and whole emoji; not on halves of emoji sequences (one letter of a flag, a
  skin tone by itself), on the text form of an emoji (variation selector 15), and on some signs of Indic scripts.

Characters of ambiguous width ("…", "“", "·", "①") take one cell in both. Nothing is cut inside a grapheme.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

ELLIPSIS = "…"

_NEVER_FIRST = frozenset("，。！？；：、）】》〉」』”’…·％%,.!?;:)]}>")
_NEVER_LAST = frozenset("（【《〈「『“‘([{<￥¥$")
"""Signs that no line begins or ends with (the Chinese rule is GB/T 15834; Japanese typography calls it kinsoku)."""

_WIDE_SIGNS = frozenset("，。！？；：、（）【】《》〈〉「」『』％￥～\u3000")
_NARROW_SIGNS = frozenset("…—–“”‘’·•×°¥€£─│→←▸▾●○✓✗")


class CellMetrics(msgspec.Struct, frozen=True):
    """How something measures text: the cells of a text, and the graphemes that it must not be cut inside."""

    width: Callable[[str], int]
    graphemes: Callable[[str], Iterable[str]]


@lru_cache(4096)
def width(text: str) -> int:
    """Return how many cells a line of text takes in a terminal."""
    if text.isascii():
        return len(text)
    cells = _plain_width(text)
    if cells is None:
        import wcwidth  # loaded with the first text that is more than Latin and Chinese: 65 ms

        cells = wcwidth.width(text)
    return cells


def graphemes(text: str) -> Iterable[str]:
    """Return what readers take for characters: a letter with its marks, an emoji of several characters (UAX #29)."""
    if is_plain(text):
        return text
    import wcwidth  # as above

    return wcwidth.iter_graphemes(text)


TERMINAL = CellMetrics(width, graphemes)


def is_plain(text: str) -> bool:
    """Return whether each character of a text is a grapheme whose width needs no library: Latin and common Chinese."""
    return text.isascii() or _plain_width(text) is not None


def _plain_width(text: str) -> int | None:
    cells = 0
    for character in text:
        if "\u4e00" <= character <= "\u9fff" or character in _WIDE_SIGNS:
            cells += 2
        elif " " <= character <= "~" or _is_latin(character) or character in _NARROW_SIGNS:
            cells += 1
        else:
            return None
    return cells


def _is_latin(character: str) -> bool:
    return "\u00a1" <= character <= "\u024f" and character != "\u00ad"  # the soft hyphen may have no width


def pad(text: str, cells: int, metrics: CellMetrics = TERMINAL) -> str:
    """Return a line filled with spaces up to `cells`; a longer one stays as it is."""
    return text + " " * (cells - metrics.width(text))


def clip(text: str, cells: int, metrics: CellMetrics = TERMINAL) -> str:
    """Return as much of the beginning of a line as `cells` hold."""
    if metrics.width(text) <= cells:
        return text
    used = end = 0
    for grapheme in metrics.graphemes(text):
        used += metrics.width(grapheme)
        if used > cells:
            break
        end += len(grapheme)
    return text[:end]


def fit(text: str, cells: int, metrics: CellMetrics = TERMINAL) -> str:
    """Return a line cut to at most `cells`, with an ellipsis where something is missing."""
    if metrics.width(text) <= cells:
        return text
    return clip(text, cells - 1, metrics).rstrip() + ELLIPSIS if cells > 0 else ""


def wrap_lines(text: str, cells: int, *, break_after: str = "", keeps_words: bool = False) -> list[str]:
    """Return the lines of a text for a terminal; see `wrap`."""
    spans = wrap(text, cells, break_after=break_after, keeps_words=keeps_words)
    return [text[start:end].rstrip() for start, end in spans]


def wrap(
    text: str,
    cells: int,
    metrics: CellMetrics = TERMINAL,
    *,
    break_after: str = "",
    keeps_words: bool = False,
) -> list[tuple[int, int]]:
    """Return the lines of a text as (start, end) in characters; spaces at a break belong to no line.

    A line breaks at spaces, between Chinese characters but for closing and opening punctuation, and after each of the
    signs in `break_after`. A word wider than a line is cut, or with `keeps_words` sticks out: an address or an option
    that somebody copies must stay in one piece.
    """
    cells = max(2, cells)
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        wrapped = _Wrapping(line, cells, metrics, keeps_words=keeps_words).spans(break_after)
        spans.extend((start + first, start + last) for first, last in wrapped)
        start += len(line) + 1
    return spans


_LOOKED_AT = 8
"""Characters for each cell of a line in which the end of a long word is looked for, before all of the word."""


class _Wrapping:
    """One line of a text while it is broken."""

    def __init__(self, line: str, cells: int, metrics: CellMetrics, *, keeps_words: bool) -> None:
        self._line = line
        self._cells = cells
        self._metrics = metrics
        self._keeps_words = keeps_words

    def spans(self, break_after: str) -> Sequence[tuple[int, int]]:
        line, cells, measured = self._line, self._cells, self._metrics.width
        if measured(line) <= cells:
            return [(0, len(line))]
        spans: list[tuple[int, int]] = []
        start = used = 0
        for first, last in _glued(line, _pieces(line, self._metrics, break_after)):
            unit = measured(line[first:last])
            if line[first] == " ":
                if start == first and spans:  # spaces at a break vanish
                    start = last
                else:
                    used += unit
                continue
            if used + unit > cells and first > start:
                spans.append((start, start + len(line[start:first].rstrip())))
                start, used = first, 0
            while unit > cells and not self._keeps_words:
                cut = self._cut(start, last)
                spans.append((start, start + len(line[start:cut].rstrip(" "))))
                unit -= measured(line[start:cut])
                start, used = cut, 0
                if unit <= 2 * cells:  # the parts of what was measured may come to more than the whole
                    unit = measured(line[cut:last])
            used += unit
        end = len(line.rstrip(" "))
        if start < end or not spans:
            spans.append((start, max(start, end)))
        return spans

    def _cut(self, first: int, last: int) -> int:
        """Return where a word that is wider than a line ends on this one: after one grapheme at least."""
        near = first + _LOOKED_AT * self._cells
        for end in (near, last) if near < last else (last,):
            used, position = 0, first
            for grapheme in self._metrics.graphemes(self._line[first:end]):
                used += self._metrics.width(grapheme)
                if used > self._cells and position > first:
                    return position
                position += len(grapheme)
        return last


def _pieces(line: str, metrics: CellMetrics, break_after: str) -> list[tuple[int, int]]:
    """Return runs of spaces, single Chinese graphemes and runs of others, as (start, end)."""
    pieces: list[tuple[int, int]] = []
    before = ""
    start = 0
    for grapheme in metrics.graphemes(line):
        end = start + len(grapheme)
        kind = " " if grapheme == " " else "han" if _is_han(grapheme[0]) else "word"
        if kind == before and kind != "han":
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
        before = "" if grapheme in break_after and kind == "word" else kind
        start = end
    return pieces


def _glued(line: str, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces, together with the punctuation that must stay on their line; spaces stay apart."""
    units: list[tuple[int, int]] = []
    for first, last in pieces:
        is_bound = units and (
            line[first] in _NEVER_FIRST or (line[units[-1][1] - 1] in _NEVER_LAST and line[first] != " ")
        )
        if is_bound and line[units[-1][0]] != " ":
            units[-1] = (units[-1][0], last)
        else:
            units.append((first, last))
    return units


def _is_han(character: str) -> bool:
    """Return whether lines may break on both sides of this character: ideographs, kana, full-width signs."""
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uffef"
        or "\U00020000" <= character <= "\U0003ffff"
    )
