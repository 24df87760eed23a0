"""Every private name of Textual that the program uses exists; nothing here imports what would break without it.

That the names also do what they are used for is tested by test_private_input, test_private_widgets and
test_textual_private.
"""

import ast
import asyncio
import importlib
import inspect
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import WrappedDocument

CHANGED = "Textual changed: "
FOLDER = Path(__file__).parents[2] / "agent_assist/tui/textual_private"

IMPORTED = (
    "textual._time.get_time",
    "textual._ansi_sequences.ANSI_SEQUENCES_KEYS",
    "textual._xterm_parser.XTermParser._parse_extended_key",
    "textual._xterm_parser.XTermParser._sequence_to_key_events",
    "textual._styles_cache.StylesCache.get_inner_outer.cache_clear",
    "textual.widgets._toast.ToastHolder",
)
METHODS: dict[type, tuple[str, ...]] = {
    App: ("_handle_exception", "_close_messages_no_wait", "_refresh_notifications", "_unnotify"),
    MessagePump: ("_message_queue", "_on_message"),
    Screen: ("_on_message",),
    Widget: ("_get_style",),
    TextArea: ("_set_document", "_rewrap_and_refresh_virtual_size"),
    CommandPalette: ("_GATHER_COMMANDS_GROUP",),
    LinuxDriver: ("_run_input_thread", "_sigcont_application"),
}
STORED: dict[type, tuple[str, ...]] = {
    App: ("_notifications", "_return_code", "_loop"),
    MessagePump: ("_closing", "_closed"),
    Widget: ("_pending_children",),
    Signal: ("_subscriptions",),
    LinuxDriver: ("_auto_restart", "_must_signal_resume"),
    LinuxDriver.__mro__[1]: ("_app", "_debug", "_loop"),
    WrappedDocument: (
        "_width",
        "_tab_width",
        "_wrap_offsets",
        "_offset_to_line_info",
        "_line_index_to_offsets",
        "_tab_width_cache",
    ),
    asyncio.Event: ("_waiters",),
}
"""Attributes that objects get when they are made."""


def pairs(table: dict[type, tuple[str, ...]]) -> list[Any]:
    return [pytest.param(owner, name, id=f"{owner.__name__}.{name}") for owner in table for name in table[owner]]


@pytest.mark.parametrize("name", IMPORTED)
def test_what_is_imported_exists(name: str) -> None:
    parts = name.split(".")
    module_parts = next(number + 1 for number, part in enumerate(parts) if part.startswith("_"))
    try:
        reduce(getattr, parts[module_parts:], importlib.import_module(".".join(parts[:module_parts])))
    except (ImportError, AttributeError) as error:
        pytest.fail(f"{CHANGED}{name}: {error}")


@pytest.mark.parametrize(("owner", "name"), pairs(METHODS))
def test_what_is_called_or_overridden_exists(owner: type, name: str) -> None:
    assert hasattr(owner, name), f"{CHANGED}{owner.__name__}.{name}"


@pytest.mark.parametrize(("owner", "name"), pairs(STORED))
def test_what_is_read_from_an_object_is_stored_there(owner: type, name: str) -> None:
    assert f"self.{name}" in inspect.getsource(owner), f"{CHANGED}{owner.__name__}.{name}"


def test_every_private_name_in_use_is_looked_for_here() -> None:
    ours, used = set(), set()
    for node in (node for path in FOLDER.glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                ours.add(name)
            case ast.Attribute(attr=name) if name.startswith("_") and not name.startswith("__"):
                used.add(name)
    known = {name for table in (METHODS, STORED) for names in table.values() for name in names}
    known |= {part for name in IMPORTED for part in name.split(".")}
    assert used - known - ours - {"_line_breaks"} == set(), "add them to the tables above"
