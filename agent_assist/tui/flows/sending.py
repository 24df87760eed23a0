"""The way of one reply: ask for what is missing, check, copy by the best way that works, remember that it went out.

Each step names the customer it is for, and works on the chat it began with, whatever is on the screen meanwhile.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.chats import Chat, Sent
from agent_assist.locale import _
from agent_assist.tui.flows.offering import say_offered
from agent_assist.tui.flows.promising import Leaving, settle_promise
from agent_assist.tui.flows.recording import record
from agent_assist.tui.incident_news import title_of
from agent_assist.tui.text.chats import chat_name

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.desk import Reply
    from agent_assist.tui.screens.desk_screen import DeskScreen


async def send(screen: "DeskScreen") -> None:
    """Fill, or copy when nothing is missing."""
    screen.run_flow(_send(screen))


async def _send(screen: "DeskScreen") -> None:
    sitting = screen.sitting
    chat, shown = sitting.chat, screen.reply_shown
    if screen.has_just_moved:
        screen.tell(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    screen.show_reply()  # a time may have passed since it was painted
    reply = screen.reply_shown
    if reply is None:
        return
    if shown is not None and shown.phrase.id == reply.phrase.id and shown.text != reply.text:
        screen.tell(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    if reply.gaps:
        await fill_gaps(screen, reply, chat)
        return
    if not await _is_meant(screen, reply, chat):
        return
    if sitting.has_moved(reply, chat):  # while the question stood
        screen.tell(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    leaving = await settle_promise(screen, reply, chat) if reply.phrase.makes_offer else Leaving(reply.text)
    if leaving is None:
        return
    outcome = await _copy(screen, leaving.text)
    if outcome.route == "shown":
        from agent_assist.tui.dialogs.shown import ShownTextScreen

        await screen.ask(ShownTextScreen(leaving.text, _why_shown(chat, outcome.detail)))
    sent = replace(screen.desk.leaving(reply, outcome.route), text=leaving.text)
    _leave_the_desk(screen, chat, sent)
    _say_copied(screen, chat, outcome.route)
    if leaving.logged is not None:
        say_offered(screen, leaving.logged, chat_name(chat))
    screen.run_worker(record(screen, chat, reply, sent, leaving.to_log), group="record")


async def fill_gaps(screen: "DeskScreen", reply: "Reply", chat: Chat) -> None:
    """Ask for everything that is missing, once; what was typed stays with the chat either way."""
    from agent_assist.tui.dialogs.fill import FillScreen

    desk = screen.desk

    def keep(values: Mapping[str, str]) -> None:
        screen.sitting.fill_in(chat.id, values)
        screen.keeping.soon()

    currency = desk.settings.currency
    asked = FillScreen(reply, chat.values, clock=desk.clock, tz=desk.tz, currency=currency, keep=keep)
    values = await screen.ask(asked)
    if values is not None:
        keep(values)
        screen.show_all()


async def _is_meant(screen: "DeskScreen", reply: "Reply", chat: Chat) -> bool:
    """Whether it may go out: nothing stands against it, or the person decided so."""
    against = [warning.message for warning in reply.blockers]
    if reply.is_edited and chat.drafted_incident:
        written = screen.sitting.board.histories.get(chat.drafted_incident)
        about = title_of(written[-1]) if written else chat.drafted_incident
        against.append(_("You changed this text while the chat was about another incident: {title}.", title=about))
    if reply.phrase.confirm:
        against.append(_("This phrase touches sensitive data or a major loss. Has somebody responsible seen it?"))
    if not against:
        return True
    from agent_assist.tui.dialogs.confirm import ConfirmScreen

    question = _("Copy this reply for {name} all the same?", name=chat_name(chat))
    sure = await screen.ask(ConfirmScreen(question, "\n".join(against), _("Copy it"), _("Go back")))
    return sure is True


async def _copy(screen: "DeskScreen", text: str) -> "Outcome":
    terminal = screen.app.copy_to_clipboard
    return await asyncio.to_thread(screen.desk.copy, text, terminal)


def _leave_the_desk(screen: "DeskScreen", chat: Chat, sent: Sent) -> None:
    """The chat as it is after sending: nothing in progress."""
    sitting = screen.sitting
    now = sitting.slots.get(chat.id)
    if now is None:
        return
    sitting.put(now.answered(sent))
    sitting.sent(sent.phrase_id, chat.query)
    screen.keeping.soon()
    if sitting.chat.id == chat.id:
        sitting.cleared = ""
        screen.go(lambda: sitting.find())


def _say_copied(screen: "DeskScreen", chat: Chat, route: str) -> None:
    name = chat_name(chat)
    screen.app.clear_notifications()  # a message about the customer before would stand beside this one
    match route:
        case "native":
            screen.tell(_("Copied for {name}.", name=name))
        case "osc52":
            screen.tell(
                _("Sent to the terminal for {name}, unconfirmed: check when you paste. ^Y shows the text.", name=name),
                "warning", 8,
            )  # fmt: skip
        case "tmux":
            screen.tell(
                _("In tmux's buffer for {name} and sent on to the terminal, unconfirmed: check when you paste.",
                  name=name),
                "warning", 8,
            )  # fmt: skip
        case _:
            screen.tell(_("Shown for {name}; ^Y shows it again.", name=name))


def _why_shown(chat: Chat, detail: str) -> str:
    why = _("For {name}. No clipboard works here, so copy the text by hand.", name=chat_name(chat))
    return f"{why} ({detail})" if detail else why
