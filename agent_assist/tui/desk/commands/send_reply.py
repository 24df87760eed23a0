"""The way of one reply: fill its gaps, pass the gate, settle what it promises, bring it out.

Each step names the customer it is for, and works on the chat it began with, whatever is on the screen meanwhile.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agent_assist.chats import Chat
from agent_assist.locale import _
from agent_assist.tui.desk.commands.finish_sending import finish_sending
from agent_assist.tui.desk.commands.promise import OutgoingReply, settle_promise
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from agent_assist.services import Reply
    from agent_assist.tui.desk.screen import DeskScreen


async def send_reply(screen: "DeskScreen") -> None:
    """Bring out the reply of the current chat, or ask for what is missing in it."""
    state = screen.state
    chat, read = state.chat, state.reply
    reply = state.update_reply()  # a time may have passed since it was shown
    screen.paint_reply()
    if reply is None:
        return
    is_changed = read is not None and read.phrase.id == reply.phrase.id and read.text != reply.text
    if screen.has_just_moved or is_changed:
        screen.notify_moved()
    elif reply.gaps:
        await fill_gaps(screen, reply, chat)
    elif await _is_meant(screen, reply, chat):
        if state.has_moved(reply, chat):  # while the question stood
            screen.notify_moved()
            return
        outgoing = await settle_promise(screen, reply, chat) if reply.phrase.makes_offer else OutgoingReply(reply.text)
        if outgoing is not None:
            await _bring_out(screen, reply, chat, outgoing)


async def _bring_out(screen: "DeskScreen", reply: "Reply", chat: Chat, outgoing: OutgoingReply) -> None:
    state, to_terminal = screen.state, screen.app.copy_to_clipboard
    sent, detail = await asyncio.to_thread(screen.services.send_out, reply, outgoing.text, to_terminal)
    if sent.route == "shown":
        from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen  # loaded when no clipboard works

        await screen.ask(ManualCopyScreen(sent.text, _why_shown(state.name_of(chat), detail)))
    if state.note_sent(chat, sent, is_holding=outgoing.is_holding):
        screen.sync.save_now()
        if state.chat.id == chat.id:
            screen.go(state.find)
    finish_sending(screen, chat, reply, outgoing, sent)


async def fill_gaps(screen: "DeskScreen", reply: "Reply", chat: Chat) -> None:
    """Ask for everything that is missing, once; what was typed stays with the chat either way."""
    from agent_assist.tui.desk.dialogs.gap_form import GapScreen  # loaded when it is first opened

    services = screen.services

    def keep(values: Mapping[str, str]) -> None:
        screen.state.fill_in(chat.id, values, reply.phrase.id)
        screen.sync.save_soon()

    currency = services.settings.currency
    form = GapScreen(reply, chat.values, clock=services.clock, tz=services.tz, currency=currency, keep=keep)
    values = await screen.ask(form)
    if values is not None:
        keep(values)
        screen.show_all()


async def _is_meant(screen: "DeskScreen", reply: "Reply", chat: Chat) -> bool:
    """Whether it may go out: nothing stands against it, or the person decided so."""
    objections = [warning.message for warning in reply.blockers]
    if reply.is_edited and chat.drafted_incident:
        written = screen.state.incidents.histories.get(chat.drafted_incident)
        about = title_of(written[-1]) if written else chat.drafted_incident
        objections.append(_("You changed this text while the chat was about another incident: {title}.", title=about))
    if reply.needs_consent:
        objections.append(_("This phrase touches sensitive data or a major loss. Has somebody responsible seen it?"))
    if not objections:
        return True
    question = _("Copy this reply for {name} all the same?", name=screen.state.name_of(chat))
    sure = await screen.ask(ConfirmScreen(question, "\n".join(objections), _("Copy it"), _("Go back")))
    return sure is True


def _why_shown(name: str, detail: str) -> str:
    why = _("For {name}. No clipboard works here, so copy the text by hand.", name=name)
    return f"{why} ({detail})" if detail else why
