"""Private names of Textual do what this program relies on; a failure here means that Textual changed."""

import asyncio
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual import _ansi_sequences, constants, events
from textual.app import App, ComposeResult
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from agent_assist.tui.desk.screen import DeskScreen
from agent_assist.tui.textual_private import (
    IgnoresLateMessages,
    KeyParser,
    crash,
    give_alt_to_digits,
    is_gathering,
    is_settled,
    now,
    terminal_driver,
)
from tests.tui.standing import desk

CHANGED = "Textual changed: "


@pytest.fixture(autouse=True)
def _own_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    table = _ansi_sequences.ANSI_SEQUENCES_KEYS
    before = dict(table)
    yield
    table.clear()  # type: ignore[attr-defined]
    table.update(before)  # type: ignore[attr-defined]


def heard(sequence: str) -> list[tuple[str, str | None]]:
    """The keys that this sequence is taken for, once nothing follows it."""
    parser = KeyParser(debug=False)
    messages = [*parser.feed(sequence)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
        messages += parser.tick()
    return [(one.key, one.character) for one in messages if isinstance(one, events.Key)]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("a", "a"),
        ("王", "王"),
        ("\r", "enter"),
        ("\x7f", "backspace"),
        ("\x1b[A", "up"),
        ("\x1bOP", "f1"),
        ("\x1b[[A", "f1"),
        ("\x1b[3~", "delete"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1b[Z", "shift+tab"),
        ("\x1b", "escape"),
        ("\x1b2", "alt+2"),
        ("\x1bv", "alt+v"),
        ("\x1bV", "alt+shift+v"),
        ("\x1b王", "alt+王"),
        ("\x1b/", "alt+slash"),
        ("\x1b-", "alt+minus"),
        ("\x1b ", "alt+space"),
        ("\x1b\r", "alt+enter"),
        ("\x1b[1;3A", "alt+up"),
        ("\x1b[1;3D", "alt+left"),
        ("\x1b[3;3~", "alt+delete"),
    ],
)
def test_a_sequence_is_the_key_that_was_pressed(sequence: str, key: str) -> None:
    give_alt_to_digits()
    assert [name for name, _character in heard(sequence)] == [key], CHANGED + "XTermParser"


@pytest.mark.parametrize("sequence", ["\x1b[99;7~", "\x1b[1;99A", "\x1b[91;9^", "\x1bOz"])
def test_a_key_without_a_name_types_nothing(sequence: str) -> None:
    keys = [character for _name, character in heard(sequence + "x")]
    assert [character for character in keys if character] == ["x"], CHANGED + "reissued sequences"


@pytest.mark.parametrize("sequence", ["\x1b[:R", "\x1b[99999999999u", "\x1b[1:~", "\x1b[55296u", "\x1b[;;u"])
def test_a_sequence_with_impossible_numbers_ends_nothing(sequence: str) -> None:
    assert heard(sequence + "x")[-1] == ("x", "x"), CHANGED + "_parse_extended_key"


def test_events_are_stamped_by_the_clock_that_is_asked() -> None:
    before = now()
    assert before <= events.Key("a", "a").time <= now(), CHANGED + "textual._time"


def test_the_driver_of_a_terminal_is_replaced_and_no_other() -> None:
    ours = terminal_driver(LinuxDriver)
    assert issubclass(ours, LinuxDriver)
    assert ours is not LinuxDriver
    for name in ("run_input_thread", "process_message", "exit_event", "fileno"):
        source = hasattr(LinuxDriver, name) or name in LinuxDriver.__init__.__code__.co_names
        assert source, CHANGED + f"LinuxDriver.{name}"
    assert terminal_driver(HeadlessDriver) is HeadlessDriver


def test_escape_is_heard_as_soon_as_the_delay_for_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.001)
    monkeypatch.setattr("agent_assist.tui.textual_private.linux_terminal._POLL_SECONDS", 3_600.0)
    reading, writing = os.pipe()
    over, told = threading.Event(), queue.Queue[Message]()
    fake = SimpleNamespace(fileno=reading, exit_event=over, _debug=False, process_message=told.put, _post=told.put)
    read = vars(terminal_driver(LinuxDriver))["run_input_thread"]
    thread = threading.Thread(target=read, args=(fake,), daemon=True)
    thread.start()
    try:
        os.write(writing, b"\x1b")
        heard_key = told.get(timeout=60)
    finally:
        over.set()
        os.close(writing)
    thread.join(60)
    assert isinstance(heard_key, events.Key)
    assert heard_key.key == "escape"


class Box(App[None]):
    def compose(self) -> ComposeResult:
        yield Input()


async def test_an_app_is_settled_only_when_no_widget_has_a_message_left() -> None:
    app = Box()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert is_settled(app), CHANGED + "Queue.ready_event"
        app.query_one(Input).post_message(events.Key("a", "a"))
        assert not is_settled(app), CHANGED + "MessagePump._message_queue"
        release, box = asyncio.Event(), app.query_one(Input)
        box.call_later(release.wait)
        await asyncio.sleep(0.05)
        assert not is_settled(app), CHANGED + "a message that is being handled"
        release.set()
        await pilot.pause()
        assert is_settled(app), CHANGED + "Queue.ready_event"
        app.push_screen(Screen())
        assert not is_settled(app), CHANGED + "a screen that is opening"


class Closing(IgnoresLateMessages[None]):
    class Told(Message):
        pass

    heard = 0

    def on_closing_told(self) -> None:
        self.heard += 1


async def test_a_screen_that_is_over_hears_nothing_more_and_can_be_removed() -> None:
    app, screen = Box(), Closing()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        screen.post_message(Closing.Told())
        await pilot.pause()
        assert screen.heard == 1, CHANGED + "MessagePump._on_message"
        screen.is_over = True
        screen.post_message(Closing.Told())
        await pilot.pause()
        assert screen.heard == 1, CHANGED + "MessagePump._on_message"
        await app.pop_screen()
        assert not screen.is_attached, CHANGED + "textual.messages"


async def test_a_crash_ends_the_app_with_its_error() -> None:
    app = Box()
    with pytest.raises(ZeroDivisionError):
        async with app.run_test():
            crash(app, ZeroDivisionError())
    assert app.return_code == 1, CHANGED + "App._handle_exception"


async def test_a_palette_that_looks_for_commands_is_known() -> None:
    app = Box()
    async with app.run_test() as pilot:
        palette = CommandPalette()
        await app.push_screen(palette)
        palette._gather_commands("x")
        assert is_gathering(palette), CHANGED + "CommandPalette._GATHER_COMMANDS_GROUP"
        await pilot.pause()
        assert not is_gathering(palette), CHANGED + "CommandPalette._GATHER_COMMANDS_GROUP"


async def test_two_sizes_on_their_way_at_once_do_not_call_for_each_other_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as at:
        sizes: list[Size] = []
        resized = DeskScreen.on_resize

        def counted(screen: DeskScreen, event: events.Resize) -> None:
            sizes.append(event.size)
            resized(screen, event)

        monkeypatch.setattr(DeskScreen, "on_resize", counted)
        for width in (100, 90):
            at.screen.post_message(events.Resize(Size(width, 30), Size(width, 30)))
            at.screen.call_after_refresh(lambda: None)
        await at.pilot.resize_terminal(80, 24)
        await asyncio.sleep(0.3)
        assert set(sizes) == {Size(80, 24)}, CHANGED + "Screen._on_resize"
        assert len(sizes) < 4
        assert at.screen.outer_size == Size(80, 24)


@pytest.mark.parametrize("action", ["command_palette", "change_theme", "help"])
async def test_the_screens_of_textual_stand_any_size(tmp_path: Path, action: str) -> None:
    async with desk(tmp_path) as at:
        at.app.notify("消息 " * 9, markup=False)
        await at.screen.action_do(action)
        await at.pilot.pause()
        opened = at.app.screen
        for size in ((9, 12), (6, 3), (4, 12), (2, 1), (1, 12), (1, 1), (4, 3)):
            await at.pilot.resize_terminal(*size)
            await at.pilot.press("d", "down", "backspace", "z")
            assert at.app.screen is opened, size
        await at.pilot.resize_terminal(80, 24)
        await at.pilot.press("escape")
        await at.pilot.pause()
        assert at.app.screen is at.screen
        await at.type("denglu")
        assert "denglu" in at.seen


async def test_what_is_pasted_into_the_palette_is_clean(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.screen.action_do("command_palette")
        await at.pilot.pause()
        at.app.post_message(events.Paste("a\x1b]52;c;aGk=\x07\x9d52;c;aGk=\x9c\u202eb\x00\x7f"))
        await at.pilot.pause()
        value = at.app.screen.query_one(Input).value
        assert value.startswith("a")
        assert value.isprintable()
        assert not {"\x1b", "\x07", "\x9d", "\x9c", "\u202e", "\x7f"} & set(value)
