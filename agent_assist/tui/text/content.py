"""The one way from text to the screen.

Textual reads `[A123]` in a string as markup: `订单[A123]已发` would lose its number, `[/退款]` would crash the screen.
So every text that is not a literal of ours goes through `content`, which cleans it and never parses it.
Widths are counted in terminal cells: a Chinese character takes two.
"""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content, Span

from agent_assist.cleaning import clean

ELLIPSIS = "…"


def content(text: str, style: str = "", spans: Iterable[tuple[int, int, str]] = ()) -> Content:
    """Text as it is, optionally styled as a whole and in parts; `spans` are (start, end, style) in characters."""
    safe = clean(text)
    if len(safe) != len(text):  # a line end of two characters became one: offsets no longer hold
        spans = ()
    marks = [Span(start, end, how) for start, end, how in spans if 0 <= start < end <= len(safe)]
    if style:
        marks.insert(0, Span(0, len(safe), style))
    return Content(safe, spans=marks)


def fit(text: str, cells: int) -> str:
    """The text cut to at most `cells` terminal cells, with an ellipsis where something is missing."""
    line = clean(text).replace("\n", " ")
    if cell_len(line) <= cells:
        return line
    return set_cell_size(line, max(0, cells - 1)).rstrip() + ELLIPSIS if cells > 0 else ""


def pad(text: str, cells: int) -> str:
    """The text cut or filled with spaces to exactly `cells` terminal cells."""
    fitted = fit(text, cells)
    return fitted + " " * max(0, cells - cell_len(fitted))
