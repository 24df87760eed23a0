"""All keys and what they do, in groups."""

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from agent_assist.locale import _
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.forms.reading import ReadingScreen

HelpGroup = tuple[str, Sequence[tuple[str, str, str]]]
"""A group's title and its rows: keys, label, help."""


class HelpScreen(ReadingScreen):
    """Shows `groups`; texts are already in the interface language."""

    def __init__(self, groups: Sequence[HelpGroup]) -> None:
        super().__init__()
        self.groups = groups

    @property
    def heading(self) -> str:
        return _("Keys and what they do")

    def body(self) -> Iterable[Widget]:
        for title, rows in self.groups:
            yield Paragraph(title, classes="help-group")
            for keys, label, explained in rows:
                yield Horizontal(
                    Paragraph(keys, classes="help-keys"),
                    Paragraph(label, classes="help-label"),
                    Paragraph(explained, classes="help-text"),
                    classes="help-row",
                )
