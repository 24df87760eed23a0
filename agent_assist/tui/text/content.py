"""The one way from text to the screen.

Textual reads `[A123]` in a string as markup: `订单[A123]已发` would lose its number, `[/退款]` would crash the screen.
So every text that is not a literal of ours goes through `content`, which cleans it and never parses it.
Widths are counted in terminal cells, as Textual counts them: see `SCREEN`.
"""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content, Span

from agent_assist import terminal_text
from agent_assist.cleaning import clean
from agent_assist.terminal_text import CellMetrics, graphemes

SCREEN = CellMetrics(cell_len, graphemes)
"""The cells that rich counts, by which Textual lays out and paints; where another library disagrees, rich is right
here, or what stands to the right of a text would not line up."""


def content(text: str, style: str = "", spans: Iterable[tuple[int, int, str]] = ()) -> Content:
    """Return text as it is, styled as a whole and in parts; `spans` are (start, end, style) in characters."""
    safe = clean(text)
    if len(safe) != len(text):  # a line end of two characters became one: offsets no longer hold
        spans = ()
    marks = [Span(start, end, how) for start, end, how in spans if 0 <= start < end <= len(safe)]
    if style:
        marks.insert(0, Span(0, len(safe), style))
    return Content(safe, spans=marks)


def fit(text: str, cells: int) -> str:
    """Return the text cut to at most `cells` terminal cells, with an ellipsis where something is missing."""
    return terminal_text.fit(clean(text).replace("\n", " "), cells, SCREEN)


def pad(text: str, cells: int) -> str:
    """Return the text cut or filled with spaces to exactly `cells` terminal cells."""
    return terminal_text.pad(fit(text, cells), cells, SCREEN)
