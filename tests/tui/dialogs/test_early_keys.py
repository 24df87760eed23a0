"""Fast typists do not wait for a dialog to finish opening."""

from textual import events

from agent_assist.chats import Customer
from agent_assist.tui.dialogs import CustomerScreen
from tests.tui.dialogs.host import Host


async def test_what_is_typed_while_a_dialog_opens_lands_in_its_first_field() -> None:
    dialog = CustomerScreen(Customer(), is_new=True)
    host = Host(dialog)
    async with host.run_test(size=(80, 24)) as pilot:
        host.pop_screen()
        again = CustomerScreen(Customer(), is_new=True)
        host.push_screen(again, host._answered)
        for character in "赵女士":
            host.post_message(events.Key(character, character))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(host.answer, Customer)
        assert host.answer.name == "赵女士"
