"""A widget that shows lines made elsewhere. Setting them never moves the layout, and only rows that differ are painted.

Each key press repaints up to forty such rows, so a line is turned into terminal cells once and kept: painting it again,
or scrolling it, costs a look-up.
"""

from collections.abc import Sequence

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from agent_assist.tui.textual_private import style_of

MAX_CACHED_STRIPS = 300
"""Painted lines in the cache before it is emptied."""


class Lines(Widget, can_focus=False):
    """Lines from the top; what does not fit is not drawn."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []
        self._strips: dict[tuple[object, ...], Strip] = {}
        self._styles_seen: dict[str | Style, Style] = {}

    @property
    def lines(self) -> list[Content]:
        """What is shown now."""
        return self._lines

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines from now on."""
        before, self._lines = self._lines, list(lines)
        both = min(len(before), len(self._lines))
        changed = [y for y in range(both) if not before[y].is_same(self._lines[y])]
        changed += range(both, max(len(before), len(self._lines)))
        if changed:
            self.refresh(Region(0, changed[0], self.size.width, changed[-1] - changed[0] + 1))

    def draw(self) -> None:
        """Make the lines again for the present size, where a widget knows what it shows."""

    def on_resize(self) -> None:
        self.draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._styles_seen.clear()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.visual_style.rich_style)
        text = self._lines[y]
        key = (text.plain, tuple(text.spans), width)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= MAX_CACHED_STRIPS:
                self._strips.clear()
            strip = self._strips[key] = self._painted(text, width)
        return strip

    def _painted(self, text: Content, width: int) -> Strip:
        base = self.visual_style
        segments = [Segment(part, style.rich_style) for part, style in text.render(base, "", self._style)]
        return Strip(segments, text.cell_length).adjust_cell_length(width, base.rich_style)

    def _style(self, style: str | Style) -> Style:
        if style not in self._styles_seen:
            self._styles_seen[style] = style_of(self, style)
        return self._styles_seen[style]


def set_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """Put content into a widget's border, as it is; only when it differs, because that repaints the widget."""
    if str(widget.border_title or "") != title.plain:
        widget.border_title = title
    if subtitle is not None and str(widget.border_subtitle or "") != subtitle.plain:
        widget.border_subtitle = subtitle
