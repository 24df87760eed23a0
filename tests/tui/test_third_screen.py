"""What another screen needs beside desk and review: a state, its actions, their commands, and what is shown."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from agent_assist.tui import command_screen
from agent_assist.tui.command import HELP, PALETTE, Action, ActionRegistry, Commands
from agent_assist.tui.command_screen import CommandScreen
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.forms.key_help import HelpScreen
from agent_assist.tui.ordered_input import OrderedInput
from agent_assist.tui.text.content import content
from agent_assist.tui.widgets.lines import Lines


class Phrases:
    """The state of a tiny phrasebook screen."""

    def __init__(self) -> None:
        self.titles = ["apology"]


def nothing_left(now: Phrases) -> str:
    """Why nothing can be removed."""
    return "" if now.titles else "There is no phrase to remove."


async def add(screen: "PhrasebookScreen") -> None:
    """Add a phrase."""
    screen.state.titles.append("closing")
    screen.show_all()


async def remove(screen: "PhrasebookScreen") -> None:
    """Ask, then remove the last phrase."""
    screen.run_command(ask_and_remove(screen))


async def ask_and_remove(screen: "PhrasebookScreen") -> None:
    if await screen.ask(ConfirmScreen("Remove it?", screen.state.titles[-1], "Remove", "Keep")):
        screen.state.titles.pop()
        screen.show_all()
        screen.notify_user("Removed.")


def load_commands() -> Commands:
    """What the app would import after the first paint."""
    return {"add": add, "remove": remove}


class PhrasebookScreen(CommandScreen[Phrases, None]):
    """All that a third screen is."""

    ACTIONS = ActionRegistry(
        {"edit": "Phrases", "program": "Program"},
        (
            Action(id="add", keys=("a",), label="Add", group="edit", footer=1, help="Add a phrase"),
            Action(
                id="remove",
                keys=("x",),
                label="Remove",
                group="edit",
                footer=2,
                disabled_reason=nothing_left,
                help="Remove the last phrase",
            ),
            PALETTE,
            HELP,
        ),
    )

    def __init__(self) -> None:
        super().__init__(load_commands)
        self.state = Phrases()
        self.list = Lines()

    def conditions(self) -> Phrases:
        return self.state

    def body(self) -> Iterable[Widget]:
        yield self.list

    def show_all(self) -> None:
        super().show_all()
        self.list.show([content(" ".join(self.state.titles))])


class TinyApp(OrderedInput[None]):
    """An app with that screen alone."""

    CSS_PATH = Path(command_screen.__file__).with_suffix(".tcss")
    ENABLE_COMMAND_PALETTE = False

    def get_default_screen(self) -> PhrasebookScreen:
        self.phrasebook = PhrasebookScreen()
        return self.phrasebook

    @property
    def seen(self) -> str:
        """The characters on the terminal now."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())

    @property
    def notified(self) -> list[str]:
        """The short messages on the screen."""
        return [notice.message for notice in self._notifications]


@asynccontextmanager
async def opened(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[TinyApp, Pilot[None]]]:
    """The screen, open."""
    app = TinyApp()
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app, pilot


async def test_its_keys_do_what_they_are_bound_to_and_the_footer_shows_them() -> None:
    async with opened() as (app, pilot):
        await pilot.press("a")
        assert "apology closing" in app.seen
        assert "A Add" in app.seen
        assert "X Remove" in app.seen


async def test_what_does_not_work_now_leaves_the_footer_and_says_why() -> None:
    async with opened() as (app, pilot):
        app.phrasebook.state.titles.clear()
        app.phrasebook.show_all()
        await pilot.pause()
        assert "Remove" not in app.seen
        await pilot.press("x")
        assert app.notified == ["There is no phrase to remove."]


async def test_a_command_asks_with_a_dialog_and_goes_on_with_the_answer() -> None:
    async with opened() as (app, pilot):
        await pilot.press("x", "tab", "enter")
        await pilot.pause()
        assert app.phrasebook.state.titles == []
        assert app.notified == ["Removed."]


async def test_the_palette_finds_its_actions_with_their_reasons() -> None:
    async with opened() as (app, pilot):
        app.phrasebook.state.titles.clear()
        await pilot.press("ctrl+p")
        app.screen.query_one(Input).value = "Remove"
        await pilot.pause(0.3)
        assert "✗ There is no phrase to remove." in app.seen
        app.screen.query_one(Input).value = "Add"
        await pilot.pause(0.3)
        await pilot.press("enter")
        await pilot.pause()
        assert app.phrasebook.state.titles == ["closing"]


async def test_the_help_lists_its_keys_in_their_groups() -> None:
    async with opened() as (app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        groups = dict(app.screen.groups)
        assert ("X", "Remove", "Remove the last phrase") in groups["Phrases"]
        assert ("^P", "All commands", "Find any command by its name") in groups["Program"]


async def test_a_second_command_waits_for_the_first() -> None:
    async with opened() as (app, pilot):
        app.phrasebook.state.titles *= 2
        await pilot.press("x")
        await app.phrasebook.action_do("remove")
        await pilot.pause()
        assert app.notified == ["One moment, the last step is not finished yet."]


async def test_where_nothing_fits_one_sentence_says_what_does() -> None:
    async with opened((30, 8)) as (app, pilot):
        assert "This window is too small" in app.seen
        assert "apology" not in app.seen
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "apology" in app.seen
        assert "A Add" in app.seen
