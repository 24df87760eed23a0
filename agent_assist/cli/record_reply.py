"""What `reply --copy` leaves on record: the reply in a chat of the desk when one is named, else only that the phrase
was used. A copy that happened is never undone by a record that failed."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from agent_assist.chats import numbered
from agent_assist.errors import AgentAssistError, NotFound
from agent_assist.locale import _
from agent_assist.services import new_op_id

if TYPE_CHECKING:
    from agent_assist.chats import Chat
    from agent_assist.services import Reply, Services


def chat_named(services: "Services", name: str) -> "Chat":
    """The agent's open chat with this id, or with this number on the desk. Raises NotFound."""
    chats = numbered(services.chats())
    for chat in chats:
        if name in (chat.id, str(chat.position + 1)):
            return chat
    shown = ", ".join(f"{chat.position + 1} {chat.customer.name}".strip() for chat in chats)
    raise NotFound(
        _("There is no open chat {name}.", name=name),
        hint=_("Open: {chats}.", chats=shown) if shown else _("Open one at the desk first."),
    )


def customer_values(chat: "Chat") -> Mapping[str, str]:
    """What the chat knows of its customer, by the names of templates."""
    return {f"customer.{name}": value for name, value in asdict(chat.customer).items() if value}


def record(services: "Services", made: "Reply", *, chat: "Chat | None", query: str, route: str) -> str:
    """Record it; returns why the chat does not have it, or ""."""
    sent = services.sent_now(made, made.text, route)
    if chat is not None:
        try:
            services.record_sent(replace(chat, query=query), made, sent, op_id=new_op_id())
        except AgentAssistError as error:
            return str(error)
        return ""
    with suppress(AgentAssistError):
        nobody = replace(services.new_chat(), id="", query=query)
        services.record_sent(nobody, made, replace(sent, text=""), op_id=new_op_id())
    return ""
