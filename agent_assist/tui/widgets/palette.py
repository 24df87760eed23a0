"""A list of commands to find by name, in the words of the interface: Textual's own palette says some things in English.

Imported when it is opened; the desk does without it until then.
"""

from collections.abc import Iterable
from typing import Any

from textual.command import CommandListItem, Hit, Hits, SimpleProvider
from textual.screen import Screen
from textual.widgets import Input

from agent_assist.locale import _
from agent_assist.tui.ends_once import EndsOnce
from agent_assist.tui.ordered_input import LineEnds
from agent_assist.tui.text.content import content, fit
from agent_assist.tui.textual_private import PagesWhenShown, is_gathering, provider_type

MAX_NAME_LENGTH = 200
"""Characters; every command is compared with what is typed, letter by letter, and what is longer is none."""

_ROOM = 30
"""Cells of what was typed that are repeated when nothing has such a name."""


class Named(SimpleProvider):
    """Commands by name. When none has it, a line says so, and choosing that line only closes the list."""

    async def search(self, query: str) -> Hits:
        found = False
        async for hit in super().search(query):
            found = True
            yield hit
        if not found:
            said = content(_("Nothing is called “{name}”.", name=fit(query, _ROOM)))
            yield Hit(1.0, said, _nothing, said.plain, help=_("Type another word, or Esc to go back."))


class Palette(PagesWhenShown, EndsOnce[Any]):
    """Textual's palette, which wraps its lines at no width and falls over it in a window of a few columns."""

    DEFAULT_CSS = """
    Palette CommandList { min-width: 20; }
    """
    line_ends: LineEnds = "between"  # a word and Enter choose, a pasted text never does

    def on_mount(self) -> None:
        self.query_one(Input).max_length = MAX_NAME_LENGTH

    @property
    def is_running_command(self) -> bool:
        """Whether the list of what was typed is still being made."""
        return not self.is_over and is_gathering(self)


def palette(screen: Screen[Any], commands: Iterable[CommandListItem], placeholder: str) -> Palette:
    """Return a screen that lists `commands`; choosing one closes it and runs the command."""
    return Palette(providers=[provider_type(Named(screen, [*commands]))], placeholder=placeholder)


def _nothing() -> None:
    """Do nothing: the line stands for no command."""
