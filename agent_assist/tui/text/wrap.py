"""Breaks text into lines that fit a number of terminal cells, as both scripts expect.

Textual breaks only at spaces, which leaves ragged holes in Chinese. Here a line may break between any two Chinese
characters, but never before closing punctuation or after opening punctuation; Latin words stay whole while they fit.
"""

import re
from functools import cache, lru_cache

from rich.cells import cell_len
from textual.content import Content

from agent_assist.tui.text.content import content

_NOT_FIRST = frozenset("，。！？；：、）】》〉」』”’…·％%,.!?;:)]}>")
_NOT_LAST = frozenset("（【《〈「『“‘([{<￥¥$")
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"


@cache
def _piece() -> re.Pattern[str]:
    """Spaces, one Chinese character or full-width sign, or a run of others. Compiling takes 8 ms: not at import."""
    return re.compile(rf" +|[{_HAN}]|[^ {_HAN}]+")


@lru_cache(256)
def wrap(text: str, cells: int) -> tuple[tuple[int, int], ...]:
    """The lines as (start, end) in characters of `text`; spaces at a break belong to no line."""
    cells = max(2, cells)
    lines: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        lines.extend((start + first, start + last) for first, last in _wrap_line(line, cells))
        start += len(line) + 1
    return tuple(lines)


def wrapped(text: str, cells: int, spans: tuple[tuple[int, int, str], ...] = (), style: str = "") -> list[Content]:
    """The lines as content; `spans` are (start, end, style) in characters of the whole text."""
    return [
        content(
            text[first:last],
            style,
            [(max(a, first) - first, min(b, last) - first, how) for a, b, how in spans if a < last and b > first],
        )
        for first, last in wrap(text, cells)
    ]


def _wrap_line(line: str, cells: int) -> list[tuple[int, int]]:
    if cell_len(line) <= cells:
        return [(0, len(line))]
    found: list[tuple[int, int]] = []
    start, width = 0, 0
    for first, last in _units(line):
        unit = cell_len(line[first:last])
        if line[first] == " ":
            if start == first and found:  # spaces at a break vanish
                start = last
            else:
                width += unit
            continue
        if width + unit > cells and first > start:
            found.append((start, start + len(line[start:first].rstrip())))
            start, width = first, 0
        while unit > cells:  # a word longer than a line: cut it where the line ends
            cut = _cut(line, start, last, cells)
            found.append((start, start + len(line[start:cut].rstrip(" "))))
            start = first = cut
            unit = cell_len(line[cut:last])
            width = 0
        width += unit
    end = len(line.rstrip(" "))
    if start < end or not found:
        found.append((start, max(start, end)))
    return found


def _units(line: str) -> list[tuple[int, int]]:
    """Runs that must stay on one line, as (start, end); runs of spaces are units of their own."""
    units: list[tuple[int, int]] = []
    for match in _piece().finditer(line):
        first, last = match.span()
        glued = units and (line[first] in _NOT_FIRST or (line[units[-1][1] - 1] in _NOT_LAST and line[first] != " "))
        if glued and line[units[-1][0]] != " ":
            units[-1] = (units[-1][0], last)
        else:
            units.append((first, last))
    return units


def _cut(line: str, first: int, last: int, cells: int) -> int:
    width = 0
    for position in range(first, last):
        width += cell_len(line[position])
        if width > cells:
            return max(position, first + 1)
    return last
