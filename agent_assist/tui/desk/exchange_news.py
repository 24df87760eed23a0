"""What an agent is told when other terminals, or an erasure, changed the chats of this desk."""

from collections.abc import Callable, Iterator

from agent_assist.chats import Chat
from agent_assist.locale import _
from agent_assist.tui.desk.chat_exchange import Exchanged


def exchange_news(exchanged: Exchanged, name_of: Callable[[Chat], str]) -> Iterator[str]:
    """Yield a message for everything that nobody would expect; changes of a draft are simply shown."""
    for chat in exchanged.closed:
        yield _("The chat with {name} was closed at your other terminal.", name=name_of(chat))
    for chat in exchanged.split:
        yield _(
            "You changed the draft for {name} at two terminals; the other version stands in a chat of its own.",
            name=name_of(chat),
        )
    if exchanged.erased:
        yield _("The data of a customer was erased; chats taken off this desk: {count}.", count=exchanged.erased)
