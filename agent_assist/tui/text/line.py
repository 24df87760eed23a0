"""Building one line of the screen from parts with styles; styles are component classes of the desk, as ".warn"."""

from collections.abc import Iterable

from textual.content import Content

from agent_assist.tui.text.content import content

Part = str | tuple[str, str] | Content

STYLE_NAMES = frozenset(
    {"title", "dim", "key", "accent", "chosen", "match", "value", "gap", "ok", "warn", "danger", "bar", "current"}
)
"""Every style that a line may use; app.tcss defines their looks."""


def line(*parts: Part) -> Content:
    """Return the parts one after another; a part is text, (text, style) or content made elsewhere."""
    made = [
        part if isinstance(part, Content) else content(part) if isinstance(part, str) else content(*part)
        for part in parts
        if part != ""
    ]
    return Content("").join(made)


def joined(parts: Iterable[Part], between: str = " · ") -> Content:
    """Return the parts that are not empty, with a dim separator."""
    kept = [line(part) for part in parts if part != "" and not (isinstance(part, tuple) and not part[0])]
    return content(between, ".dim").join(kept)


def cut(text: Content, cells: int) -> Content:
    """Return the line cut to at most this many terminal cells, with an ellipsis where something is missing."""
    return text if text.cell_length <= cells else text.truncate(max(0, cells), ellipsis=True)


def ends(left: Content, right: Content, cells: int) -> Content:
    """Return one line with content at both ends; the left side is cut first."""
    right = cut(right, cells)
    left = cut(left, cells - right.cell_length - 1) if cells > right.cell_length + 1 else Content("")
    return line(left, " " * max(0, cells - left.cell_length - right.cell_length), right)
