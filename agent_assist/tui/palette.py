"""A list of commands to find by name, in the words of the interface: Textual's own palette says some things in English.

Imported when it is opened; the desk does without it until then.
"""

from collections.abc import Iterable
from typing import Any

from textual.command import CommandListItem, CommandPalette, Hit, Hits, SimpleProvider
from textual.screen import Screen

from agent_assist.locale import _
from agent_assist.tui.content import content, fit

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


def palette(screen: Screen[Any], commands: Iterable[CommandListItem], placeholder: str) -> CommandPalette:
    """The screen that lists `commands`; choosing one closes it and runs the command."""
    # Textual calls what it is given to get a provider; an instance answers with itself.
    return CommandPalette(providers=[Named(screen, [*commands])], placeholder=placeholder)  # type: ignore[list-item]


def _nothing() -> None:
    """What the line does that stands for no command."""
