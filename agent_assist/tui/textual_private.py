"""Every use of Textual's private API in one place, each with its test, so that a new version shows what it changed."""

import os
import re
import selectors
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import _ansi_sequences, _time, constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.command import CommandPalette
from textual.keys import Keys
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.widgets._toast import ToastHolder
from textual.worker import WorkerFailed

from agent_assist.tui.terminal_bytes import TerminalText

if TYPE_CHECKING:
    from textual.driver import Driver

Result = TypeVar("Result")

_UNKNOWN_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-LN-QS-Z\\\]^_`a-ln-su-xz{|}~]|O[0-9;]*[@-~])")
"""A whole sequence of a key: SS3, or CSI but for reports of mouse (M, m), position (R), size (t) and mode (y)."""

_POLL = 0.1
"""Seconds between looks at whether the program ends; as long may half a character wait for its rest."""


def now() -> float:
    """The clock by which Textual stamps events, in seconds."""
    return _time.get_time()


def forget_typed_symbols() -> None:
    """Make Escape and a digit or a sign mean Alt and that key, not the symbol that Option types in one program."""
    known = cast("dict[str, object]", _ansi_sequences.ANSI_SEQUENCES_KEYS)  # declared as read-only
    for sequence, meaning in [*known.items()]:
        if len(sequence) == 2 and isinstance(meaning, str):
            del known[sequence]


_READ_APART = 0.005
"""Seconds at most between the stamps of what was read with nothing to wait for in between."""


class KeyParser(XTermParser):
    """Reads keys as Textual does, but Alt stays with every key it was pressed with.

    Textual loses it for signs and Enter, takes Alt+Up for Escape and Up, and types out sequences it does not know.
    """

    def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:  # type: ignore[override]
        try:
            return super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):  # numbers that are none, or of no character
            return None

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        meaning = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(meaning, tuple) and len(meaning) == 2 and meaning[0] is Keys.Escape and sequence[1:2] == "[":
            yield events.Key(f"alt+{meaning[1].value}", None)
            return
        found = False
        for event in super()._sequence_to_key_events(sequence, alt=alt):
            found = True
            if alt and not event.key.startswith("alt+"):
                event.key = f"alt+{event.key}"
            yield event
        if not found and _is_unknown_key(sequence):
            yield events.Key(Keys.Ignore, sequence)


@lru_cache(maxsize=256)
def _is_unknown_key(sequence: str) -> bool:
    """Whether this is the whole sequence of a key that Textual has no name for."""
    if not _UNKNOWN_SEQUENCE.fullmatch(sequence):
        return False
    return not any(known.startswith(sequence) for known in ANSI_SEQUENCES_KEYS)


@cache
def terminal_driver(driver: "type[Driver]") -> "type[Driver]":
    """The driver to use in place of Textual's: what is not UTF-8 is replaced, and a terminal that went away ends it.

    Drivers of other systems, of a browser and of tests are returned as they are.
    """
    if driver.__module__ != "textual.drivers.linux_driver":
        return driver
    from textual.drivers.linux_driver import LinuxDriver

    class TerminalDriver(LinuxDriver):
        """Textual's driver with an input thread that outlives bytes in any encoding."""

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except BaseException as error:
                self._loop.call_soon_threadsafe(crash, self._app, error)

        def run_input_thread(self) -> None:
            text, parser, read_at = TerminalText(), KeyParser(self._debug), now()
            pauses: list[float] = []
            with selectors.DefaultSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    was_waiting = bool(selector.select(0))
                    if was_waiting or selector.select(pauses[0] if pauses else _POLL):
                        raw = _read(self.fileno)
                        if not raw:
                            self._tell(TerminalClosed())
                            return
                        # What was read at once was sent at once, however long it takes to hand on.
                        read_at = min(now(), read_at + _READ_APART) if was_waiting else now()
                        typed = text.decode(raw)
                        # An Escape by itself is one as soon as the person's ESCDELAY is over.
                        delay = min(constants.ESCAPE_DELAY, _POLL)
                        pauses = [delay, _POLL - delay]
                    else:
                        pauses = pauses[1:]
                        typed = "" if pauses else text.rest()
                    for message in [*(parser.feed(typed) if typed else ()), *parser.tick()]:
                        if not isinstance(message, events.Resize) or (message.size.width and message.size.height):
                            message.time = read_at
                            self.process_message(message)
                    if text.take_notice():
                        self._tell(BytesReplaced())

        def _sigcont_application(self, *_: object) -> None:
            """Begin anew after a stop that the program did not see coming, as Textual does after the one it did.

            Whoever stopped it may have used the terminal. Textual would start a second reader beside the first, and the
            two would tear what is typed apart and not end.
            """
            if self._auto_restart and not self._must_signal_resume:
                self.suspend_application_mode()
            super()._sigcont_application()

        def _tell(self, what: Message) -> None:
            self._loop.call_soon_threadsafe(self._app.post_message, what)

    return TerminalDriver


def _read(fileno: int) -> bytes:
    try:
        return os.read(fileno, 4096)
    except OSError:  # the terminal is gone
        return b""


class TerminalClosed(Message):
    """Nothing can be typed any more: the terminal went away."""


class BytesReplaced(Message):
    """The terminal sent bytes that are no UTF-8, and they were replaced."""


def is_settled(app: App[Any]) -> bool:
    """Whether everything that was typed has had its effect: no widget on the screen has a message left to handle."""
    if not app.screen_stack:
        return True
    return _is_idle(app) and all(_is_idle(node) for node in app.screen.walk_children(with_self=True))


def _is_idle(pump: MessagePump) -> bool:
    """Whether it is closed, or waits for its next message and has none."""
    if pump._closed or pump._closing:
        return True
    queue: Any = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters)


def crash(app: App[Any], error: BaseException) -> None:
    """End the program as an error in a handler of a message does."""
    if not isinstance(error, Exception):
        wrapped = RuntimeError()
        wrapped.__cause__ = error
        error = wrapped
    app._handle_exception(error)


class CapturesFault(App[Result]):
    """Keeps the error that ended the app, where Textual prints it with the values of all variables around it."""

    fault: BaseException | None = None
    """What went wrong first, if anything did."""

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:  # a test, which wants to see it raised
            super()._handle_exception(error)
            return
        self._return_code = 1
        self.note(error.error if isinstance(error, WorkerFailed) else error)
        self._close_messages_no_wait()

    def note(self, fault: BaseException) -> None:
        """Remember a fault, to be told when the terminal is as before. The first is what the others come from."""
        if self.fault is None:
            self.fault = fault

    def panic(self, *renderables: Any) -> None:
        if self.is_headless:
            super().panic(*renderables)
        else:
            self._handle_exception(RuntimeError("panic"))


def is_gathering(palette: CommandPalette) -> bool:
    """Whether a command palette is still looking for what was typed."""
    group = CommandPalette._GATHER_COMMANDS_GROUP
    return any(worker.node is palette and worker.group == group and worker.is_running for worker in palette.workers)


class IgnoresStaleResizes(Screen[Result]):
    """A screen that passes over a size which the terminal has no more, and is not painted whole when the focus moves.

    A layout tells its screen the size it was made for, and the screen then lays itself out for that; of two sizes on
    their way at once each would call for the other for ever.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What shows the focus paints itself; Textual paints everything again, and what lies under a dialog with it."""

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)


class IgnoresLateMessages(IgnoresStaleResizes[Result]):
    """Once it `is_over`, what its widgets and workers still report is nobody's business any more."""

    is_over = False

    async def _on_message(self, message: Message) -> None:
        # Events and Textual's own messages are its housekeeping; all others are reports.
        if not self.is_over or isinstance(message, events.Event) or type(message).__module__ == "textual.messages":
            await super()._on_message(message)


def forget_closed(app: App[Any]) -> None:
    """Drop what closed widgets registered with the app: their watchers and subscriptions.

    Textual drops them when the theme changes, which may never happen; until then each text area and chart of every
    dialog that was ever open stays in memory with all that it holds. So do the painted lines of a thousand closed
    widgets, in the cache of a method; what is on the screen computes its part of it again.
    """
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(widget, callback) for widget, callback in watchers if not widget._closing]
    for signal in vars(app).values():
        if isinstance(signal, Signal):
            for node in [node for node in signal._subscriptions if node._closing]:
                signal.unsubscribe(node)
    StylesCache.get_inner_outer.cache_clear()


def withdraw_message(app: App[Any], text: str) -> None:
    """Take back the short messages on the screen that say this: one that is said again would pile up beside itself."""
    for notification in [one for one in app._notifications if one.message == text]:
        app._unnotify(notification, refresh=False)


def remove_empty_toasts(screen: Screen[Any]) -> None:
    """Remove the frames of short messages that are gone.

    Textual leaves them on the screen when messages are cleared, or end while another screen is on top. A frame that has
    just come holds its message as a child that is not mounted yet.
    """
    for holder in screen.query(ToastHolder):
        if not holder.children and not holder._pending_children:
            holder.remove()
