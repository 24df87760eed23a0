"""A part of a form that opens with one key: fields that are needed rarely stay out of the way."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from agent_assist.tui.forms.field import FormField
from agent_assist.tui.text.content import content


class CollapsibleHeading(Static, can_focus=True):
    """The line that opens and closes the part."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "turn", show=False)]

    class Turned(Message):
        """It was asked to open or close."""

    def action_turn(self) -> None:
        self.post_message(self.Turned())

    def on_click(self) -> None:
        self.post_message(self.Turned())


class CollapsibleSection(Vertical):
    """`fields` under a heading that says how many are filled; while closed they are not even on the screen."""

    def __init__(self, title: str, *fields: FormField, is_open: bool = False) -> None:
        super().__init__()
        self.title = title
        self.fields = fields
        self.is_open = is_open
        self._heading = CollapsibleHeading()
        self._inside = Vertical(*fields, classes="section-fields")

    def compose(self) -> ComposeResult:
        self._count()
        yield self._heading
        if self.is_open:
            yield self._inside

    async def turn(self, *, is_open: bool) -> None:
        """Open or close it; once open, its fields can take the cursor."""
        self.is_open = is_open
        self._count()
        self._inside.display = is_open
        if is_open and not self._inside.is_attached:
            await self.mount(self._inside)

    def on_form_field_changed(self) -> None:
        self._count()

    async def on_collapsible_heading_turned(self, event: CollapsibleHeading.Turned) -> None:
        event.stop()
        await self.turn(is_open=not self.is_open)
        if self.is_open:
            self.fields[0].focus_answer()

    def _count(self) -> None:
        filled = sum(bool(field.text.strip()) for field in self.fields)
        self._heading.update(content(f"{'▾' if self.is_open else '▸'} {self.title} ({filled}/{len(self.fields)})"))
