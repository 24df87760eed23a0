"""The last line: what works now, with its key; as much as fits, most important first."""

from collections.abc import Sequence
from typing import Any

import msgspec
from textual.content import Content

from agent_assist.locale import _
from agent_assist.tui.command import Action
from agent_assist.tui.text.line import line


class FooterLine(msgspec.Struct, frozen=True):
    """The line and where each action stands on it, as (first cell, last cell, action id)."""

    text: Content
    places: tuple[tuple[int, int, str], ...]

    def at(self, cell: int) -> str:
        """The action under this cell, or ""."""
        return next((action_id for first, last, action_id in self.places if first <= cell < last), "")


def footer_line(actions: Sequence[Action[Any]], cells: int, keep: Sequence[str] = ("command_palette",)) -> FooterLine:
    """Return the actions side by side. Those in `keep` always have a place: they lead to all others."""
    kept = [action for action in actions if action.id in keep]
    room = cells - sum(_one(action).cell_length + 2 for action in kept)
    shown = []
    for action in actions:
        if action in kept:
            shown.append(action)
            continue
        width = _one(action).cell_length + 2
        if width <= room:
            room -= width
            shown.append(action)
    parts: list[Content] = []
    places: list[tuple[int, int, str]] = []
    at = 1
    for action in shown:
        text = _one(action)
        parts += [text, line("  ")]
        places.append((at, at + text.cell_length, action.id))
        at += text.cell_length + 2
    return FooterLine(line(" ", *parts), tuple(places))


def _one(action: Action[Any]) -> Content:
    return line((action.key, ".key"), " ", _(action.label))
