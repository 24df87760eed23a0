"""A section of a form that opens with one key, for fields that are needed rarely.

Not Textual's `Collapsible`: that one composes its contents also while it is closed, which makes the incident form a
third slower to open, takes Enter but not Space, and scrolls to its heading when it opens instead of to the cursor.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from agent_assist.tui.forms.field import FormField
from agent_assist.tui.text.content import content


class CollapsibleHeading(Static, can_focus=True):
    """The line that opens and closes the section, with Enter, Space or a click."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "toggle_section", show=False)]

    class Toggled(Message):
        """The section is to be opened or closed."""

    def action_toggle_section(self) -> None:
        self.post_message(self.Toggled())

    def on_click(self) -> None:
        self.post_message(self.Toggled())


class CollapsibleSection(Vertical):
    """Fields under a heading that says how many are filled; they are mounted when the section opens first."""

    def __init__(self, title: str, *fields: FormField, is_open: bool = False) -> None:
        super().__init__()
        self.title = title
        self.fields = fields
        self.is_open = is_open
        self._heading = CollapsibleHeading()
        self._inside = Vertical(*fields, classes="section-fields")

    def compose(self) -> ComposeResult:
        self._update_heading()
        yield self._heading
        if self.is_open:
            yield self._inside

    async def set_open(self, *, is_open: bool) -> None:
        """Open or close the section; when it returns, the fields can take the cursor."""
        self.is_open = is_open
        self._update_heading()
        self._inside.display = is_open
        if is_open and not self._inside.is_attached:
            await self.mount(self._inside)

    def on_form_field_changed(self) -> None:
        self._update_heading()

    async def on_collapsible_heading_toggled(self, event: CollapsibleHeading.Toggled) -> None:
        event.stop()
        await self.set_open(is_open=not self.is_open)
        if self.is_open:
            self.fields[0].focus_answer()

    def _update_heading(self) -> None:
        filled = sum(bool(field.text.strip()) for field in self.fields)
        self._heading.update(content(f"{'▾' if self.is_open else '▸'} {self.title} ({filled}/{len(self.fields)})"))
