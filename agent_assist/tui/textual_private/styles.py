"""The look that a style name has on a widget."""

from textual.style import Style
from textual.widget import Widget


def style_of(widget: Widget, style: str | Style) -> Style:
    """Return the look of a style on this widget: ".warn" is a component class of it or of a widget around it."""
    found: Style = widget._get_style(style)
    return found
