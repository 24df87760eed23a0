"""Widgets that are built on private names of Textual do what they are for; a failure means that Textual changed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.command import CommandPalette, SimpleProvider
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets._toast import ToastHolder

from agent_assist.tui.textual_private import (
    CapturesFault,
    FixedSizeInput,
    PagesWhenShown,
    RemovesEmptyToasts,
    crash_from_thread,
    provider_type,
    style_of,
    withdraw_message,
)
from agent_assist.tui.textual_private.rewrapped_text_area import RewrappedTextArea
from tests.tui.standing import desk

CHANGED = "Textual changed: "


class Chopped(RewrappedTextArea):
    """Breaks after every third character."""

    def line_breaks(self, line: str, cells: int) -> Sequence[int]:
        return range(3, len(line), 3)


class Shown(App[None]):
    """One widget."""

    CSS = "Static { height: 1; } .warn { color: #ff0102; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


async def layouts_of_a_key(widget: Input, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the screen is laid out when one character is typed into this widget."""
    app = Shown(widget)
    async with app.run_test() as pilot:
        await pilot.pause()
        times = [0]
        lay_out = Screen._refresh_layout

        def counted(screen: Screen[None], *args: Any, **how: Any) -> None:
            times[0] += 1
            lay_out(screen, *args, **how)

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await pilot.press("王")
        await pilot.pause()
        assert widget.value == "王"
        return times[0]


async def test_typing_into_an_input_of_fixed_size_lays_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await layouts_of_a_key(FixedSizeInput(), monkeypatch) == 0, CHANGED + "Input.value, Widget.virtual_size"


async def test_control_typing_into_an_input_of_textual_lays_out_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await layouts_of_a_key(Input(), monkeypatch) > 0, CHANGED + "FixedSizeInput is needed no more"


@pytest.mark.parametrize("key", ["left", "right", "home", "end", "ctrl+left", "ctrl+right", "backspace", "delete"])
async def test_the_search_box_has_the_editing_keys_of_an_input(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as at:
        await at.type("one two")
        box = at.app.focused
        assert isinstance(box, Input)
        box.cursor_position = 4
        await at.press(key)
        assert (box.value, box.cursor_position) != ("one two", 4), CHANGED + "Input.BINDINGS"


async def test_a_text_area_breaks_lines_where_it_is_told_and_keeps_the_cursor_in_them() -> None:
    area = Chopped("abcdefg", soft_wrap=True)
    app = Shown(area)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        rows = [area.render_line(y).text.strip() for y in range(4)]
        assert rows == ["abc", "def", "g", ""], CHANGED + "TextArea._set_document, WrappedDocument"
        area.move_cursor((0, 1))
        await pilot.press("down", "x")
        assert area.text == "abcdxefg", CHANGED + "DocumentNavigator"
        rows = [area.render_line(y).text.strip() for y in range(4)]
        assert rows == ["abc", "dxe", "fg", ""], CHANGED + "WrappedDocument.wrap_range"
        area.insert("\t", (0, 0))
        assert area.wrapped_document.height == 1, CHANGED + "WrappedDocument._wrap_offsets"


async def test_the_style_of_a_component_class_is_found_around_the_widget() -> None:
    class Named(Screen[None]):
        COMPONENT_CLASSES = {"warn"}  # noqa: RUF012 - as Textual's examples have it

        def compose(self) -> ComposeResult:
            yield Static("x")

    app = Shown(Static())
    async with app.run_test() as pilot:
        await app.push_screen(Named())
        await pilot.pause()
        inside = app.screen.query_one(Static)
        assert style_of(inside, ".warn").foreground == Color(255, 1, 2), CHANGED + "Widget._get_style"
        assert style_of(inside, "bold").bold, CHANGED + "Widget._get_style"


async def test_a_palette_lists_the_commands_of_a_provider_that_is_there_already() -> None:
    ran: list[str] = []
    app = Shown(Static())
    async with app.run_test() as pilot:
        commands = SimpleProvider(app.screen, [("Send the reply", lambda: ran.append("sent"), "help")])
        await app.push_screen(CommandPalette(providers=[provider_type(commands)]))
        await pilot.press("s", "e", "n")
        await pilot.pause(0.2)
        options = app.screen.query_one(OptionList).option_count
        assert options == 1, CHANGED + "CommandPalette(providers=…)"
        await pilot.press("enter")
        await pilot.press("enter")
        await pilot.pause()
    assert ran == ["sent"], CHANGED + "CommandPalette(providers=…)"


class Telling(RemovesEmptyToasts[None]):
    """An app with nothing but short messages."""


async def test_short_messages_can_be_withdrawn_and_leave_no_frame() -> None:
    app = Telling()
    async with app.run_test(notifications=True) as pilot:
        for text in ("first", "second"):
            app.notify(text)
            await pilot.pause()
        withdraw_message(app, "first")
        assert [one.message for one in app._notifications] == ["second"], CHANGED + "App._unnotify"
        app.clear_notifications()
        await pilot.pause()
        app.notify("third")
        await pilot.pause()
        await pilot.pause()
        holders = len(app.screen.query(ToastHolder))
        assert holders == 1, CHANGED + "App._refresh_notifications, ToastHolder"


class Faulty(CapturesFault[None]):
    """An app for errors."""


async def _crash(app: App[None]) -> None:
    async with app.run_test() as pilot:
        await asyncio.to_thread(crash_from_thread, app, ZeroDivisionError())
        await pilot.pause()


async def test_an_error_in_another_thread_ends_the_app() -> None:
    app = Faulty()
    with pytest.raises(ZeroDivisionError):
        await _crash(app)
    crash_from_thread(app, ZeroDivisionError())  # it has ended: nobody hears it
    assert app.return_code == 1, CHANGED + "App._loop"


class Editor(RewrappedTextArea):
    """A text area that breaks no lines of its own."""

    def line_breaks(self, line: str, cells: int) -> Sequence[int]:
        return []


async def test_undoing_an_edit_that_takes_the_scrollbar_away_leaves_the_cursor_in_the_text() -> None:
    area = Editor("", soft_wrap=True, compact=True)
    async with Shown(area).run_test(size=(30, 4)) as pilot:
        area.focus()
        area.insert("one")
        await pilot.pause()
        area.history.checkpoint()
        area.insert("\n" * 8)
        await pilot.pause()
        assert area.show_vertical_scrollbar
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert area.text == "one", CHANGED + "undo"
        assert area.cursor_location[0] == 0


@pytest.mark.parametrize("palette", [PagesWhenShown, CommandPalette])
async def test_a_palette_without_room_turns_no_page(palette: type[CommandPalette]) -> None:
    app: App[None] = App()
    ends = "" if palette is PagesWhenShown else "KeyError"
    raised = ""
    try:
        async with app.run_test(size=(40, 3)) as pilot:
            commands = [(f"Command {number}", lambda: None) for number in range(9)]
            app.push_screen(palette(providers=[provider_type(SimpleProvider(app.screen, commands))]))  # type: ignore[arg-type]
            for _turn in range(200):
                await pilot.pause(0.01)
                if app.screen.query_one(OptionList).option_count:
                    break
            await pilot.press("c", "down", "pagedown", "pageup")
    except KeyError:
        raised = "KeyError"
    assert raised == ends, CHANGED + "the pages of a palette"
