"""The way of one reply: ask for what is missing, check, copy by the best way that works, remember that it went out.

Each step names the customer it is for, and works on the chat it began with, whatever is on the screen meanwhile.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.chats import Chat, Sent
from agent_assist.locale import _
from agent_assist.tui.desk.commands.log_offer import say_offered
from agent_assist.tui.desk.commands.log_promise import Leaving, settle_promise
from agent_assist.tui.desk.commands.record_sent import record
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.last_enter import LastEnter
from agent_assist.tui.desk.render.results_text import title_in

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.services import Reply
    from agent_assist.tui.desk.screen import DeskScreen


TWICE = 1.0
"""Seconds after a copy in which another Enter copies nothing."""

BOUNCE = 0.3
"""Seconds in which a key that is held or bounces does not count as pressed again."""


async def send(screen: "DeskScreen") -> None:
    """Fill, or copy when nothing is missing; but only what was asked for and was on the screen."""
    if _is_early(screen):
        return
    if not screen.uncover_reply():
        screen.state.note_choice()  # whoever opens it has chosen it
        screen.last_enter = LastEnter(screen.state.chat.id, screen.ticks() + BOUNCE, BOUNCE, "")
    elif _is_asked_for(screen):
        screen.run_command(_send(screen))


def _is_early(screen: "DeskScreen") -> bool:
    """Whether Enter comes so shortly after the one before in this chat that it was meant for that. A key that is held
    down never becomes a second reply."""
    before, now = screen.last_enter, screen.ticks()
    if before is None or before.chat_id != screen.state.chat.id or now >= before.until:
        return False
    screen.last_enter = replace(before, until=now + before.pause)
    if before.said:
        screen.app.clear_notifications()
        screen.notify_user(before.said)
    return True


def _is_asked_for(screen: "DeskScreen") -> bool:
    """Whether somebody chose the phrase on the screen; else Enter chooses it, and the next one copies."""
    state = screen.state
    phrase = state.phrase
    if phrase is None or state.is_chosen:
        return True
    screen.choose(state.chosen)
    said = _(
        "Nothing was chosen yet. Enter copies “{title}” for {name}.",
        title=title_in(phrase),
        name=screen.state.name_of(state.chat),
    )
    screen.last_enter = LastEnter(state.chat.id, screen.ticks() + BOUNCE, BOUNCE, said)
    screen.notify_user(said)
    return False


async def _send(screen: "DeskScreen") -> None:
    state = screen.state
    chat, shown = state.chat, screen.state.reply
    if screen.has_just_moved:
        screen.notify_user(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    screen.show_reply()  # a time may have passed since it was painted
    reply = screen.state.reply
    if reply is None:
        return
    if shown is not None and shown.phrase.id == reply.phrase.id and shown.text != reply.text:
        screen.notify_user(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    if reply.gaps:
        await fill_gaps(screen, reply, chat)
        return
    if not await _is_meant(screen, reply, chat):
        return
    if state.has_moved(reply, chat):  # while the question stood
        screen.notify_user(_("The facts moved on a moment ago. Read the reply again, then press Enter."), "warning")
        return
    leaving = await settle_promise(screen, reply, chat) if reply.phrase.makes_offer else Leaving(reply.text)
    if leaving is None:
        return
    outcome = await _copy(screen, leaving.text)
    if outcome.route == "shown":
        from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen

        await screen.ask(ManualCopyScreen(leaving.text, _why_shown(screen, chat, outcome.detail)))
    sent = replace(screen.services.leaving(reply, outcome.route), text=leaving.text)
    _leave_the_desk(screen, chat, sent, is_holding=leaving.is_holding)
    title = _("words until a lead decides") if leaving.is_holding else title_in(reply.phrase)
    _say_copied(screen, chat, outcome.route, title)
    said = _(
        "“{title}” was copied for {name} a moment ago; this Enter did nothing.",
        title=title,
        name=screen.state.name_of(chat),
    )
    screen.last_enter = LastEnter(chat.id, screen.ticks() + TWICE, TWICE, said)
    if leaving.logged is not None:
        say_offered(screen, leaving.logged, screen.state.name_of(chat))
    screen.run_worker(record(screen, chat, reply, sent, leaving.to_log), group="record")


async def fill_gaps(screen: "DeskScreen", reply: "Reply", chat: Chat) -> None:
    """Ask for everything that is missing, once; what was typed stays with the chat either way."""
    from agent_assist.tui.desk.dialogs.gap_form import GapScreen

    services = screen.services

    def keep(values: Mapping[str, str]) -> None:
        screen.state.fill_in(chat.id, values, reply.phrase.id)
        screen.sync.save_soon()

    currency = services.settings.currency
    asked = GapScreen(reply, chat.values, clock=services.clock, tz=services.tz, currency=currency, keep=keep)
    values = await screen.ask(asked)
    if values is not None:
        keep(values)
        screen.show_all()


async def _is_meant(screen: "DeskScreen", reply: "Reply", chat: Chat) -> bool:
    """Whether it may go out: nothing stands against it, or the person decided so."""
    against = [warning.message for warning in reply.blockers]
    if reply.is_edited and chat.drafted_incident:
        written = screen.state.incidents.histories.get(chat.drafted_incident)
        about = title_of(written[-1]) if written else chat.drafted_incident
        against.append(_("You changed this text while the chat was about another incident: {title}.", title=about))
    if reply.needs_consent:
        against.append(_("This phrase touches sensitive data or a major loss. Has somebody responsible seen it?"))
    if not against:
        return True
    from agent_assist.tui.forms.confirm import ConfirmScreen

    question = _("Copy this reply for {name} all the same?", name=screen.state.name_of(chat))
    sure = await screen.ask(ConfirmScreen(question, "\n".join(against), _("Copy it"), _("Go back")))
    return sure is True


async def _copy(screen: "DeskScreen", text: str) -> "Outcome":
    terminal = screen.app.copy_to_clipboard
    return await asyncio.to_thread(screen.services.copy, text, terminal)


def _leave_the_desk(screen: "DeskScreen", chat: Chat, sent: Sent, *, is_holding: bool) -> None:
    """The chat as it is after sending: nothing in progress."""
    state = screen.state
    if state.chat_tabs.get(chat.id) is None:
        return
    state.answered(chat.id, sent, done="" if is_holding else sent.phrase_id)
    state.sent(sent.phrase_id, chat.query)
    screen.sync.save_soon()
    state.cleared.pop(chat.id, None)
    if state.chat.id == chat.id:
        screen.go(lambda: state.find())


def _say_copied(screen: "DeskScreen", chat: Chat, route: str, title: str) -> None:
    names = {"name": screen.state.name_of(chat), "title": title}
    screen.app.clear_notifications()  # a message about the customer before would stand beside this one
    match route:
        case "native":
            screen.notify_user(_("Copied for {name}: “{title}”.", **names))
        case "osc52":
            screen.notify_user(
                _(
                    "Sent to the terminal for {name}, unconfirmed: “{title}”. Check when you paste. ^Y shows the text.",
                    **names,
                ),
                "warning",
                8,
            )
        case "tmux":
            screen.notify_user(
                _(
                    "In tmux's buffer for {name} and sent to the terminal, unconfirmed: "
                    "“{title}”. Check when you paste.",
                    **names,
                ),
                "warning",
                8,
            )
        case _:
            screen.notify_user(_("Shown for {name}: “{title}”. ^Y shows it again.", **names))


def _why_shown(screen: "DeskScreen", chat: Chat, detail: str) -> str:
    why = _("For {name}. No clipboard works here, so copy the text by hand.", name=screen.state.name_of(chat))
    return f"{why} ({detail})" if detail else why
