"""Widths as a terminal counts them: a Chinese character takes two cells, a combining mark none.

The command line has its own few lines for this, because the screen's come with libraries that `search` must not load.
"""

import unicodedata
from collections.abc import Iterable, Sequence

_BREAK_AFTER = frozenset(" ，。、；：？！）》”,.;:?!)/|")


def cells(text: str) -> int:
    """How many terminal cells the line takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """The line with spaces up to `width` cells; never cut."""
    return text + " " * (width - cells(text))


def columns(rows: Iterable[Sequence[str]], gap: int = 2) -> list[str]:
    """Rows as aligned lines. Cells of a row hold one line each; the last column is not padded."""
    table = [list(row) for row in rows]
    if not table:
        return []
    most = max(len(row) for row in table)
    widths = [max(cells(row[column]) for row in table if column < len(row)) for column in range(most)]
    return [
        (" " * gap).join(pad(cell, width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in table
    ]


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken after spaces, punctuation and Chinese characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and cells(line) + cells(piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Where a line may end: after each piece. Closing punctuation stays with what it closes."""
    pieces: list[str] = []
    for character in text:
        wide = _cell(character) == 2 and character not in _BREAK_AFTER
        closes = character in _BREAK_AFTER and (character == " " or not pieces or pieces[-1][-1] != " ")
        joins = pieces and (closes or not (wide or _is_end(pieces[-1])))
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_end(piece: str) -> bool:
    return piece[-1] == " " or _cell(piece[-1]) == 2
