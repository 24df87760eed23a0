"""Running text in a dialog, wrapped as Chinese and Latin scripts expect."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from agent_assist.cleaning import clean
from agent_assist.tui.text.wrap import wrap, wrapped


class Paragraph(Widget):
    """Any text, shown whole and without markup, as high as it needs to be."""

    def __init__(self, text: str = "", *, classes: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(classes=classes, id=id)
        self.text = clean(text)
        self.display = bool(text)
        self.error = ""

    def update(self, text: str, error: str = "") -> None:
        """Show another text, and after it an error that stands out; hide the widget when both are empty."""
        self.error = clean(error)
        text = "\n".join(part for part in (clean(text), self.error) if part)
        if text == self.text and self.display == bool(text):
            return
        self.text = text
        self.display = bool(text)
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return len(wrap(self.text, width))

    def render(self) -> Content:
        start = len(self.text) - len(self.error)
        error_spans = ((start, len(self.text), "bold $text-error"),) if self.error else ()
        return Content("\n").join(wrapped(self.text, self.content_size.width, error_spans))
