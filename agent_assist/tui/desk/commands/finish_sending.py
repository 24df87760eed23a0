"""After a reply went out: the chat forgets the draft, the agent learns where the text is, the database records it.

The record is tried until the database has it or refuses it, with the count of open ones in sight: the reply is out
already, so nothing here may hold up the next one.
"""

import asyncio
from itertools import chain, repeat
from typing import TYPE_CHECKING

from agent_assist.chats import Chat, Sent
from agent_assist.errors import AgentAssistError, MaybeSaved, NotSaved, Unreachable
from agent_assist.locale import _
from agent_assist.services import new_op_id
from agent_assist.tui.desk.commands.log_offer import notify_offered
from agent_assist.tui.desk.commands.notify_copied import notify_copied
from agent_assist.tui.desk.last_enter import REPEAT_SECONDS, LastEnter
from agent_assist.tui.desk.render.results_text import title_in

if TYPE_CHECKING:
    from agent_assist.offers import NewOffer
    from agent_assist.services import Reply
    from agent_assist.store import Recorded
    from agent_assist.tui.desk.commands.promise import OutgoingReply
    from agent_assist.tui.desk.screen import DeskScreen

AGAIN = (1.0, 3.0, 10.0)
"""Seconds before each of the first further tries."""

PATIENTLY = 30.0
"""Seconds before each try after those."""


def finish_sending(screen: "DeskScreen", chat: Chat, reply: "Reply", outgoing: "OutgoingReply", sent: Sent) -> None:
    """Say that the reply went out, and put it on record; `chat` is the one it was sent in, as it was before."""
    name = screen.state.name_of(chat)
    title = _("words until a lead decides") if outgoing.is_holding else title_in(reply.phrase)
    notify_copied(screen, name, sent.route, title)
    again = _("“{title}” was copied for {name} a moment ago; this Enter did nothing.", title=title, name=name)
    screen.last_enter = LastEnter(chat.id, screen.ticks() + REPEAT_SECONDS, REPEAT_SECONDS, again)
    if outgoing.logged is not None:
        notify_offered(screen, outgoing.logged, name)
    screen.run_worker(record(screen, chat, reply, sent, outgoing.to_log), group="record")


async def record(screen: "DeskScreen", chat: Chat, reply: "Reply", sent: Sent, offer: "NewOffer | None") -> None:
    """Record it and the offer it promises; the same op_id makes trying again safe."""
    op_id, name = new_op_id(), screen.state.name_of(chat)
    unrecorded = screen.state.unrecorded
    try:
        for wait in chain(AGAIN, repeat(PATIENTLY)):
            try:
                recorded = await screen.worker.do(
                    lambda: screen.services.record_sent(chat, reply, sent, op_id=op_id, offer=offer)
                )
            except (MaybeSaved, NotSaved, Unreachable) as error:
                if op_id not in unrecorded:
                    unrecorded[op_id] = name
                    screen.show_chats()
                    message = _(
                        "The reply to {name} is not on record yet; it is tried again. {reason}", name=name, reason=error
                    )
                    screen.notify_user(message, "warning", 10)
                await asyncio.sleep(wait)
            else:
                _say_recorded(screen, name, recorded, late=op_id in unrecorded)
                break
    except AgentAssistError as error:
        screen.notify_user(_("Copied for {name}, but not recorded: {reason}", name=name, reason=error), "error", 15)
    unrecorded.pop(op_id, None)  # not when the desk is left meanwhile: the last words name what is missing
    if screen.is_running:
        screen.show_chats()


def _say_recorded(screen: "DeskScreen", name: str, recorded: "Recorded | None", *, late: bool) -> None:
    if recorded is not None and recorded.offer.state != "pending":  # words that promise nothing went out meanwhile
        screen.notify_user(
            _(
                "Offer {id} to {name} is on record and within the limits: it may be promised now.",
                id=recorded.offer.id,
                name=recorded.offer.customer or name,
            ),
            seconds=12,
        )
    elif recorded is not None:
        notify_offered(screen, recorded.offer, name)
    elif late:
        screen.notify_user(_("The reply to {name} is on record now.", name=name), seconds=6)
