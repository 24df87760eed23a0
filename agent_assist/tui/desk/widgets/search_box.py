"""The search box: it has the focus whenever no dialog is open."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from agent_assist.cleaning import clean_line_after
from agent_assist.tui.desk.actions import ACTIONS, CHAT_KEYS
from agent_assist.tui.textual_private import FixedSizeInput

MAX_QUERY_LENGTH = 500
"""Characters. More is not a question but a document; what is cut is said."""


_DESK_KEYS = frozenset([*CHAT_KEYS, *(key for action in ACTIONS for key in action.keys)])


def _without_desk_keys(binding: Binding) -> list[Binding]:
    """Return a binding of Input without the keys that mean something else at the desk."""
    left = [key for key in binding.key.split(",") if key not in _DESK_KEYS]
    return [replace(binding, key=",".join(left))] if left else []


class SearchBox(FixedSizeInput, inherit_bindings=False):
    """One line. A paste of many lines becomes one; what is too long is cut with a message.

    It knows the editing keys of Input but none that the desk uses; those it hands on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        kept for binding in Input.BINDINGS if isinstance(binding, Binding) for kept in _without_desk_keys(binding)
    ]

    def __init__(
        self,
        typed: Callable[[str], object],
        pressed: Callable[[events.Key], Awaitable[None]],
        *,
        placeholder: str,
        id: str,  # noqa: A002 - Textual's name
    ) -> None:
        """`typed` is called with each change and `pressed` with each key of the desk, at once and not by a message.

        So a letter and the list it leads to are one picture.
        """
        super().__init__(placeholder=placeholder, compact=True, id=id)
        self._typed = typed
        self._pressed = pressed
        self._is_quiet = False

    @dataclass
    class PasteCut(Message):
        """Only the first `kept` of `pasted` characters went into the box."""

        kept: int
        pasted: int

    @dataclass
    class HelpAsked(Message):
        """A question mark was typed into the empty box."""

    async def on_key(self, event: events.Key) -> None:
        if event.key in _DESK_KEYS:
            event.stop()
            event.prevent_default()
            await self._pressed(event)
            return
        if event.character in ("?", "？") and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.HelpAsked())

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        self._take(self.app.clipboard)

    def _take(self, text: str) -> None:
        room = MAX_QUERY_LENGTH - len(self.value) + len(self.selected_text)
        line = clean_line_after(self.value[: self.cursor_position], text[: MAX_QUERY_LENGTH * 4])
        taken = line[: max(0, room)]
        if taken:
            self.replace(taken, *self.selection)
        if len(taken) < len(line) or len(text) > MAX_QUERY_LENGTH * 4:
            self.post_message(self.PasteCut(len(taken), len(text)))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()  # `typed` has told everybody; climbing up to the screen would only cost time

    def watch_value(self, value: str) -> None:
        if not self._is_quiet:
            self._typed(value)

    def set_quietly(self, value: str) -> None:
        """Show another chat's query without reporting it as typed."""
        self._is_quiet = True
        try:
            self.value = value
            self.cursor_position = len(value)
        finally:
            self._is_quiet = False
