"""What the person can do, one function an action: `STEPS` maps the ids of `actions.ACTIONS` to them.

A step gets the desk's screen. What asks or waits runs as a worker, one at a time; dialogs only ask and answer.
"""

from typing import TYPE_CHECKING

from agent_assist.tui.flows import chatting, finding, informing, leaving, replying, reviewing, sending

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from agent_assist.tui.screens.desk_screen import DeskScreen

STEPS: "Mapping[str, Callable[[DeskScreen], Awaitable[None]]]" = {
    "send": sending.send,
    "edit": replying.edit,
    "offer": replying.offer,
    "language": replying.language,
    "last_sent": replying.last_sent,
    "pin": finding.pin,
    "preview_down": finding.preview_down,
    "preview_up": finding.preview_up,
    "next_phrase": finding.next_phrase,
    "previous_phrase": finding.previous_phrase,
    "page_down": finding.page_down,
    "page_up": finding.page_up,
    "first_phrase": finding.first_phrase,
    "last_phrase": finding.last_phrase,
    "back": finding.back,
    "turn": finding.turn,
    "new_chat": chatting.new_chat,
    "next_chat": chatting.next_chat,
    "previous_chat": chatting.previous_chat,
    "customer": chatting.customer,
    "close_chat": chatting.close_chat,
    "reopen_chat": chatting.reopen_chat,
    "facts": informing.facts,
    "update_facts": informing.update_facts,
    "new_incident": informing.new_incident,
    "timeline": informing.timeline,
    "next_incident": informing.next_incident,
    "review": reviewing.review,
    "command_palette": leaving.command_palette,
    "help": leaving.help_keys,
    "change_theme": leaving.change_theme,
    "quit": leaving.leave,
}
