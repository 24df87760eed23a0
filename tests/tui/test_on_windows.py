"""What Windows does differently, as far as another system can show it."""

import ctypes
import inspect
import io
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App

from agent_assist import files, tui
from agent_assist.tui.shutdown import save_and_close
from agent_assist.tui.textual_private import give_alt_to_digits
from agent_assist.tui.windows_close_event import when_window_closes
from tests.tui.standing import desk


class Console:
    """The part of Windows that calls when the window is closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called: list[Callable[[int], int]] = []
        kernel = SimpleNamespace(SetConsoleCtrlHandler=self._set_handler)
        monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)

    def _set_handler(self, handler: Callable[[int], int], _add: bool) -> int:
        self.called.append(handler)
        return 1

    def event(self, number: int) -> int:
        """Call as the system does, on a thread of its own, and wait for the answer."""
        answers: list[int] = []
        thread = threading.Thread(target=lambda: answers.extend(handler(number) for handler in self.called))
        thread.start()
        thread.join(10)
        return answers[0]


async def test_closing_the_window_keeps_what_was_typed_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(monkeypatch)
    async with desk(tmp_path) as at:
        store = at.screen.services.store
        monkeypatch.setattr(store, "close", lambda: None)  # the test looks into it afterwards
        assert when_window_closes(partial(save_and_close, at.app, at.screen.services))
        await at.pilot.pause()
        at.screen.state.type("tuikuan")
        assert [chat.query for chat in store.open_chats("小李")] == ["", ""]
        assert console.event(0) == 0  # Ctrl+C is not ours
        assert console.event(2) == 1
        assert "tuikuan" in [chat.query for chat in store.open_chats("小李")]


@pytest.mark.parametrize(("event", "is_heard"), [(0, 0), (1, 0), (2, 1), (5, 1), (6, 1)])
def test_closing_signing_out_and_shutting_down_are_heard(
    monkeypatch: pytest.MonkeyPatch, event: int, is_heard: int
) -> None:
    console, done = Console(monkeypatch), []
    when_window_closes(lambda: done.append(event))
    assert (console.event(event), len(done)) == (is_heard, is_heard)


async def test_signals_end_the_desk_where_the_loop_hears_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    def none(*_arguments: object) -> None:
        raise NotImplementedError

    heard: dict[int, Any] = {}
    monkeypatch.setattr(asyncio.unix_events._UnixSelectorEventLoop, "add_signal_handler", none)
    monkeypatch.setattr(signal, "signal", lambda number, handler: heard.update({number: handler}))
    monkeypatch.setattr(signal, "SIGBREAK", 21, raising=False)
    async with desk(tmp_path) as at:
        ended: list[int] = []
        monkeypatch.setattr(at.app, "_end", ended.append)
        assert {int(signal.SIGINT), 21} <= set(heard)
        heard[21](21, None)
        await at.pilot.pause()
        assert ended == [21]


def test_alt_and_a_digit_mean_the_same_on_windows() -> None:
    """Its driver reads keys with the same parser as the others."""
    give_alt_to_digits()
    parser = XTermParser()
    assert not list(parser.feed("\x1b1"))
    time.sleep(0.3)  # more could follow an Escape
    (key,) = parser.tick()
    assert getattr(key, "key", "") == "alt+1"
    source = (Path(inspect.getfile(App)).parent / "drivers" / "win32.py").read_text("utf-8")
    assert "from textual._xterm_parser import XTermParser" in source
    assert "ENABLE_VIRTUAL_TERMINAL_INPUT)" in source


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("on_windows", "opens"), [(True, True), (False, False)])
def test_only_where_the_desk_is_painted_must_be_a_terminal(
    monkeypatch: pytest.MonkeyPatch, on_windows: bool, opens: bool
) -> None:
    """Textual paints on standard output on Windows and on the error output elsewhere."""
    monkeypatch.setattr(files, "ON_WINDOWS", on_windows)
    for name in ("stdin", "stdout", "__stdout__"):
        monkeypatch.setattr(sys, name, Terminal())
    for name in ("stderr", "__stderr__"):
        monkeypatch.setattr(sys, name, io.StringIO())
    monkeypatch.setattr("agent_assist.tui.startup.open_desk", lambda *_args, **_more: 7)
    assert tui.run(SimpleNamespace()) == (7 if opens else 2)  # type: ignore[arg-type]
