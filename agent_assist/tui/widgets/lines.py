"""A widget that shows lines made elsewhere and repaints only when they differ; setting them never moves the layout."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget


class Lines(Widget, can_focus=False):
    """Lines from the top; what does not fit is not drawn."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []

    @property
    def lines(self) -> list[Content]:
        """What is shown now."""
        return self._lines

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines from now on."""
        if len(lines) == len(self._lines) and all(a.is_same(b) for a, b in zip(lines, self._lines, strict=True)):
            return
        self._lines = list(lines)
        self.refresh()

    def draw(self) -> None:
        """Make the lines again for the present size; for widgets that know what they show."""

    def on_resize(self) -> None:
        self.draw()

    def render(self) -> Content:
        return Content("\n").join(self._lines)


def set_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """Put content into a widget's border, as it is; only when it differs, because that repaints the border."""
    if str(widget.border_title or "") != title.plain:
        widget.border_title = title
    if subtitle is not None and str(widget.border_subtitle or "") != subtitle.plain:
        widget.border_subtitle = subtitle
