"""What an agent can do at the desk, one function an action: `COMMANDS` maps the ids of `actions.ACTIONS` to them.

A step gets the desk's screen. What asks or waits runs as a worker, one at a time; dialogs only ask and answer.
"""

from typing import TYPE_CHECKING

from agent_assist.tui.desk.commands import (
    edit_reply,
    find_phrase,
    leave_desk,
    log_offer,
    press_enter,
    switch_chat,
    update_facts,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from agent_assist.tui.desk.screen import DeskScreen

COMMANDS: "Mapping[str, Callable[[DeskScreen], Awaitable[None]]]" = {
    "send": press_enter.press_enter,
    "edit": edit_reply.edit,
    "offer": log_offer.log_offer,
    "language": edit_reply.language,
    "short_form": edit_reply.short_form,
    "last_sent": edit_reply.last_sent,
    "pin": find_phrase.pin,
    "preview_down": find_phrase.preview_down,
    "preview_up": find_phrase.preview_up,
    "next_phrase": find_phrase.next_phrase,
    "previous_phrase": find_phrase.previous_phrase,
    "page_down": find_phrase.page_down,
    "page_up": find_phrase.page_up,
    "first_phrase": find_phrase.first_phrase,
    "last_phrase": find_phrase.last_phrase,
    "back": find_phrase.step_back,
    "turn": find_phrase.toggle_reply,
    "new_chat": switch_chat.new_chat,
    "next_chat": switch_chat.next_chat,
    "previous_chat": switch_chat.previous_chat,
    "customer": switch_chat.customer,
    "close_chat": switch_chat.close_chat,
    "reopen_chat": switch_chat.reopen_chat,
    "facts": update_facts.facts,
    "update_facts": update_facts.update_facts,
    "new_incident": update_facts.new_incident,
    "announcements": update_facts.announcements,
    "timeline": update_facts.timeline,
    "next_incident": update_facts.next_incident,
    "board": leave_desk.open_board,
    "review": leave_desk.open_review,
    "change_theme": leave_desk.change_theme,
    "quit": leave_desk.leave,
}
