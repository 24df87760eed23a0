"""Every use of Textual's private API, under plain names.

Each has a test that fails with "Textual changed: …", so that a new version of Textual shows what it moved. Nothing else
in the program may use what Textual marks as private; `tests/architecture/private_api.py` finds it.
"""

from agent_assist.tui.textual_private.app_faults import CapturesFault, crash, crash_from_thread
from agent_assist.tui.textual_private.inputs import FixedSizeInput
from agent_assist.tui.textual_private.key_parser import KeyParser, give_alt_to_digits, now
from agent_assist.tui.textual_private.leftovers import (
    RemovesEmptyToasts,
    forget_closed,
    is_notice_shown,
    withdraw_message,
)
from agent_assist.tui.textual_private.linux_terminal import BytesReplaced, TerminalClosed, terminal_driver
from agent_assist.tui.textual_private.pending_work import PagesWhenShown, is_gathering, is_settled, provider_type
from agent_assist.tui.textual_private.screen_guards import IgnoresLateMessages, IgnoresStaleResizes
from agent_assist.tui.textual_private.styles import style_of

__all__ = [
    "BytesReplaced",
    "CapturesFault",
    "FixedSizeInput",
    "IgnoresLateMessages",
    "IgnoresStaleResizes",
    "KeyParser",
    "PagesWhenShown",
    "RemovesEmptyToasts",
    "TerminalClosed",
    "crash",
    "crash_from_thread",
    "forget_closed",
    "give_alt_to_digits",
    "is_gathering",
    "is_notice_shown",
    "is_settled",
    "now",
    "provider_type",
    "style_of",
    "terminal_driver",
    "withdraw_message",
]
