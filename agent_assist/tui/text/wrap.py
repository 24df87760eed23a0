"""Lines of a text for the screen, as both scripts expect; see `agent_assist.terminal_text` for where a line breaks."""

from functools import lru_cache

from textual.content import Content

from agent_assist import terminal_text
from agent_assist.tui.text.content import SCREEN, content


@lru_cache(256)
def wrap(text: str, cells: int) -> tuple[tuple[int, int], ...]:
    """Return the lines as (start, end) in characters of `text`; spaces at a break belong to no line."""
    return tuple(terminal_text.wrap(text, cells, SCREEN))


def wrapped(text: str, cells: int, spans: tuple[tuple[int, int, str], ...] = (), style: str = "") -> list[Content]:
    """Return the lines as content; `spans` are (start, end, style) in characters of the whole text."""
    return [
        content(
            text[first:last],
            style,
            [(max(a, first) - first, min(b, last) - first, how) for a, b, how in spans if a < last and b > first],
        )
        for first, last in wrap(text, cells)
    ]
