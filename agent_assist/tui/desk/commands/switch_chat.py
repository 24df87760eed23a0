"""Opening, changing, naming and closing chats."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.chats import Chat
from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.incident_snapshot import read_incidents
from agent_assist.tui.desk.messages import FactsChanged, StoreLost
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def new_chat(screen: "DeskScreen") -> None:
    """Open a chat and ask who it is with. One that nobody has used yet serves first."""
    before = screen.state.chat
    if not screen.state.is_unused:
        screen.go(screen.state.open_chat)
    screen.run_command(_name_new(screen, before))


async def _name_new(screen: "DeskScreen", before: Chat) -> None:
    """Ask who the new chat is with; one that stays without a name and was not used goes again."""
    chat = screen.state.chat
    await _name(screen, is_new=True)
    now = screen.state.chat_tabs.get(chat.id)
    if chat.id != before.id and now is not None and not now.is_used:
        screen.go(lambda: screen.state.close_chat(chat.id))
        screen.go(lambda: screen.state.go(screen.state.chat_tabs.select(before.id)))


async def customer(screen: "DeskScreen") -> None:
    """Ask who this customer is."""
    screen.run_command(_name(screen, is_new=False))


async def _name(screen: "DeskScreen", *, is_new: bool) -> None:
    from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen  # loaded when it is first opened

    chat = screen.state.chat
    named = await screen.ask(CustomerScreen(chat.customer, is_new=is_new))
    if named is None:
        return
    if screen.state.chat.id == chat.id:
        screen.state.begin_use()
    now = screen.state.chat_tabs.get(chat.id)
    if now is None:  # an empty chat that went when the database brought back the chats that were left
        screen.go(lambda: screen.state.open_chat(named))
    else:
        phrase = screen.state.phrase
        values = phrase.values_in(now.values, named.language) if phrase else now.values
        screen.state.put(replace(now.with_customer(named), values=values))
        screen.show_all()
        screen.sync.save_soon()
    if screen.state.chat.is_guessed and screen.state.incident is not None:
        message = _(
            "Several incidents are open; this chat is answered from {title}. F8 changes that.",
            title=title_of(screen.state.incident),
        )
        screen.notify_user(message, "warning", 10)


async def next_chat(screen: "DeskScreen") -> None:
    """Go to the next chat."""
    screen.go(lambda: screen.state.go(screen.state.chat_tabs.step(1)))


async def previous_chat(screen: "DeskScreen") -> None:
    """Go to the chat before."""
    screen.go(lambda: screen.state.go(screen.state.chat_tabs.step(-1)))


async def close_chat(screen: "DeskScreen") -> None:
    """Take the chat off the desk; asks first when something unfinished would go with it."""
    screen.run_command(_close(screen))


async def _close(screen: "DeskScreen") -> None:
    chat = screen.state.chat
    if chat.edited or chat.values:
        sure = await screen.ask(
            ConfirmScreen(
                _("Close the chat with {name}?", name=screen.state.name_of(chat)),
                _("A reply in it is not finished. What was sent stays on record."),
                _("Close it"),
                _("Keep it open"),
            )
        )
        if not sure:
            return
    screen.go(lambda: screen.state.close_chat(chat.id))
    screen.notify_user(_("The chat with {name} is closed. Alt+Z brings it back.", name=screen.state.name_of(chat)))


async def reopen_chat(screen: "DeskScreen") -> None:
    """Bring back the chat that was closed last, with its number when that is free."""
    screen.run_command(_reopen(screen))


async def _reopen(screen: "DeskScreen") -> None:
    screen.go(screen.state.reopen_chat)
    screen.notify_user(_("The chat with {name} is open again.", name=screen.state.name_of(screen.state.chat)))
    services, chats = screen.services, screen.state.chat_tabs.chats
    try:
        incidents = await screen.worker.do(lambda: read_incidents(services.store, services.clock(), chats))
    except AgentAssistError as error:
        screen.post_message(StoreLost(str(error)))
    else:
        screen.post_message(FactsChanged(incidents))  # its incident may be one that no other chat is about
