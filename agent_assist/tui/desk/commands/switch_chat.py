"""Opening, changing, naming and closing chats."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.chats import Chat
from agent_assist.errors import AgentAssistError, NotFound
from agent_assist.locale import _
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.incident_snapshot import read_board
from agent_assist.tui.desk.messages import FactsChanged, StoreLost

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def new_chat(screen: "DeskScreen") -> None:
    """Another slot, and who it is for. A slot that nobody has used yet serves first."""
    before = screen.sitting.chat
    if not screen.sitting.is_unused:
        screen.go(screen.sitting.open_chat)
    screen.run_flow(_name_new(screen, before))


async def _name_new(screen: "DeskScreen", before: Chat) -> None:
    """Ask who the new chat is with; one that stays without a name and was not used goes again."""
    chat = screen.sitting.chat
    await _name(screen, is_new=True)
    now = screen.sitting.slots.get(chat.id)
    if chat.id != before.id and now is not None and not now.is_used:
        screen.go(lambda: screen.sitting.close_chat(chat.id))
        screen.go(lambda: screen.sitting.go(screen.sitting.slots.turned_to(before.id)))
        await _forget(screen, chat)


async def customer(screen: "DeskScreen") -> None:
    """Who this customer is."""
    screen.run_flow(_name(screen, is_new=False))


async def _name(screen: "DeskScreen", *, is_new: bool) -> None:
    from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen

    chat = screen.sitting.chat
    named = await screen.ask(CustomerScreen(chat.customer, is_new=is_new))
    if named is None:
        return
    if screen.sitting.chat.id == chat.id:
        screen.sitting.begin_use()
    now = screen.sitting.slots.get(chat.id)
    if now is None:  # an empty slot that went when the database brought back the chats that were left
        screen.go(lambda: screen.sitting.open_chat(named))
    else:
        phrase = screen.sitting.phrase
        values = phrase.values_in(now.values, named.language) if phrase else now.values
        screen.sitting.put(replace(now.with_customer(named), values=values))
        screen.show_all()
        screen.keeping.soon()
    if screen.sitting.chat.is_guessed and screen.sitting.incident is not None:
        said = _(
            "Several incidents are open; this chat is answered from {title}. F8 changes that.",
            title=title_of(screen.sitting.incident),
        )
        screen.tell(said, "warning", 10)


async def next_chat(screen: "DeskScreen") -> None:
    """To the next chat."""
    screen.go(lambda: screen.sitting.go(screen.sitting.slots.moved(1)))


async def previous_chat(screen: "DeskScreen") -> None:
    """To the chat before."""
    screen.go(lambda: screen.sitting.go(screen.sitting.slots.moved(-1)))


async def close_chat(screen: "DeskScreen") -> None:
    """Take the chat off the desk; asks first when something unfinished would go with it."""
    screen.run_flow(_close(screen))


async def _close(screen: "DeskScreen") -> None:
    from agent_assist.tui.forms.confirm import ConfirmScreen

    chat = screen.sitting.chat
    if chat.edited or chat.values:
        sure = await screen.ask(
            ConfirmScreen(
                _("Close the chat with {name}?", name=screen.sitting.name_of(chat)),
                _("A reply in it is not finished. What was sent stays on record."),
                _("Close it"),
                _("Keep it open"),
            )
        )
        if not sure:
            return
    screen.go(lambda: screen.sitting.close_chat(chat.id))
    screen.tell(_("The chat with {name} is closed. Alt+Z brings it back.", name=screen.sitting.name_of(chat)))
    await _forget(screen, chat)


async def reopen_chat(screen: "DeskScreen") -> None:
    """Bring back the chat that was closed last, with its number when that is free."""
    screen.run_flow(_reopen(screen))


async def _reopen(screen: "DeskScreen") -> None:
    screen.go(screen.sitting.reopen_chat)
    screen.tell(_("The chat with {name} is open again.", name=screen.sitting.name_of(screen.sitting.chat)))
    services, chats = screen.services, screen.sitting.slots.chats
    try:
        board = await screen.backroom.do(lambda: read_board(services.store, services.clock(), chats))
    except AgentAssistError as error:
        screen.post_message(StoreLost(str(error)))
    else:
        screen.post_message(FactsChanged(board))  # its incident may be one that no other chat is about


async def _forget(screen: "DeskScreen", chat: Chat) -> None:
    try:
        await screen.backroom.do(lambda: screen.services.close_chat(chat))
    except NotFound:
        return  # it was never worth storing
    except AgentAssistError as error:
        screen.tell(_("Closed here, but not in the database: {reason}", reason=error), "error", 10)
