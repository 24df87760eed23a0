"""What a person can do on a screen, as data: keys, footer, palette, help and the table of keys come from one registry.

A screen has one `ActionRegistry`; the functions that do the actions are handed to it as a `CommandLoader`, so that a
screen imports none of them and their import waits until after the first paint.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from textual.binding import Binding

from agent_assist.locale import N_, _

State = TypeVar("State")

Commands = Mapping[str, Callable[[Any], Awaitable[None]]]
"""The commands of a screen by the id of their action; each takes the screen."""

CommandLoader = Callable[[], Commands]
"""Imports the commands of a screen and returns them."""

KeyHelp = tuple[str, str, str]
"""A row of the help: keys, label, explanation."""


def never_disabled(_state: object) -> str:
    """Return "": the action always works."""
    return ""


class Action(msgspec.Struct, Generic[State], frozen=True, kw_only=True):
    """One thing a person can do. The first of `keys` is the one shown; `footer` orders the footer, 0 stays out.

    `disabled_reason` says in a sentence why it does not work in this state, "" when it does: a key that does nothing
    would leave people guessing.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    disabled_reason: Callable[[State], str] = never_disabled
    footer: int = 0

    @property
    def key(self) -> str:
        """The first key as people write it; "" without one."""
        return key_name(self.keys[0]) if self.keys else ""

    @property
    def key_names(self) -> list[str]:
        """All keys as people write them, each once."""
        return list(dict.fromkeys(key_name(key) for key in self.keys))


class ActionRegistry(Generic[State]):
    """All actions of one screen, in the order of the help and the palette."""

    def __init__(
        self,
        groups: Mapping[str, str],
        actions: Sequence[Action[State]],
        other_keys: Mapping[str, KeyHelp] | None = None,
    ) -> None:
        """`groups` has the title of each group; `other_keys` a further row of its help for keys without an action."""
        self._groups = groups
        self._actions = tuple(actions)
        self._by_id = {action.id: action for action in actions}
        self._by_key = {key: action for action in actions for key in action.keys}
        self._other_keys = other_keys or {}

    def __iter__(self) -> Iterator[Action[State]]:
        return iter(self._actions)

    def __getitem__(self, action_id: str) -> Action[State]:
        return self._by_id[action_id]

    def by_key(self, key: str) -> Action[State]:
        """Return the action that has this key. Raises KeyError when none has."""
        return self._by_key[key]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all actions."""
        return frozenset(self._by_key)

    def bindings(self) -> list[Binding]:
        """Return all keys as Textual binds them. None has priority: it would overtake letters typed just before it."""
        return [Binding(key, f"do('{action.id}')", action.label, show=False) for action in self for key in action.keys]

    def footer(self, state: State) -> list[Action[State]]:
        """Return what works in this state and belongs into the footer, most important first."""
        working = [action for action in self if action.footer and not action.disabled_reason(state)]
        return sorted(working, key=lambda action: action.footer)

    def help_groups(self) -> list[tuple[str, list[KeyHelp]]]:
        """Return title and rows of each group, in the interface language; actions without a key are left out."""
        groups = []
        for group, title in self._groups.items():
            rows = [
                (" ".join(action.key_names), _(action.label), _(action.help))
                for action in self
                if action.group == group and action.keys
            ]
            if other := self._other_keys.get(group):
                keys, label, explanation = other
                rows.append((keys, _(label), _(explanation)))
            groups.append((_(title), rows))
        return groups


PALETTE: Action[Any] = Action(
    id="command_palette",
    keys=("ctrl+p",),
    label=N_("All commands"),
    group="program",
    footer=11,
    help=N_("Find any command by its name"),
)
HELP: Action[Any] = Action(
    id="help",
    keys=("ctrl+underscore", "ctrl+slash", "f1", "question_mark"),
    label=N_("Help"),
    group="program",
    footer=12,
    help=N_("All keys of this screen"),
)
QUIT: Action[Any] = Action(
    id="quit", keys=("ctrl+q",), label=N_("Quit"), group="program", help=N_("Leave; chats and drafts are kept")
)

_KEY_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "ctrl+underscore": "^/",
    "ctrl+slash": "^/",
    "ctrl+home": "^Home",
    "ctrl+end": "^End",
    "ctrl+pageup": "^PgUp",
    "ctrl+pagedown": "^PgDn",
    "shift+up": "Shift+↑",
    "shift+down": "Shift+↓",
    "ctrl+up": "^↑",
    "ctrl+down": "^↓",
    "space": "Space",
    "slash": "/",
    "question_mark": "?",
    "asterisk": "*",
}


def key_name(key: str) -> str:
    """Return a key as people write it: ^O, Alt+W, F2."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    *modifiers, last = key.split("+")
    prefix = "".join("^" if modifier == "ctrl" else f"{modifier.title()}+" for modifier in modifiers)
    return prefix + (last.upper() if len(last) == 1 or last[0] == "f" else last)
