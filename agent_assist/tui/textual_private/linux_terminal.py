"""Textual's terminal driver with an input thread that survives wrong encodings and a terminal that went away."""

import os
import selectors
from functools import cache
from typing import TYPE_CHECKING

from textual import constants, events
from textual.message import Message

from agent_assist.tui.terminal_bytes import TerminalText
from agent_assist.tui.textual_private.app_faults import crash
from agent_assist.tui.textual_private.key_parser import KeyParser, now

if TYPE_CHECKING:
    from textual.driver import Driver

_POLL_SECONDS = 0.1
"""Seconds between checks whether the program ends, and how long half a character waits for its other bytes."""

_MAX_READ_GAP = 0.005
"""Seconds at most between the time stamps of two reads of which the second did not have to wait."""


class TerminalClosed(Message):
    """The terminal went away: nothing can be typed any more."""


class BytesReplaced(Message):
    """The terminal sent bytes that are not UTF-8, and they were replaced."""


@cache
def terminal_driver(driver: "type[Driver]") -> "type[Driver]":
    """Return the driver to use instead of Textual's: bytes that are not UTF-8 are replaced, a lost terminal ends it.

    Drivers of other systems, of a browser and of tests are returned as they are.
    """
    if driver.__module__ != "textual.drivers.linux_driver":
        return driver
    from textual.drivers.linux_driver import LinuxDriver  # not there on Windows

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
                    if was_waiting or selector.select(pauses[0] if pauses else _POLL_SECONDS):
                        raw = _read(self.fileno)
                        if not raw:
                            self._post(TerminalClosed())
                            return
                        # What was read at once was sent at once, however long it takes to hand on.
                        read_at = min(now(), read_at + _MAX_READ_GAP) if was_waiting else now()
                        typed = text.decode(raw)
                        # An Escape by itself is one as soon as the person's ESCDELAY is over.
                        delay = min(constants.ESCAPE_DELAY, _POLL_SECONDS)
                        pauses = [delay, _POLL_SECONDS - delay]
                    else:
                        pauses = pauses[1:]
                        typed = "" if pauses else text.rest()
                    for message in [*(parser.feed(typed) if typed else ()), *parser.tick()]:
                        if not isinstance(message, events.Resize) or (message.size.width and message.size.height):
                            message.time = read_at
                            self.process_message(message)
                    if text.take_notice():
                        self._post(BytesReplaced())

        def _sigcont_application(self, *_: object) -> None:
            """Restart after a stop that the program did not notice (SIGSTOP), as Textual does after Ctrl+Z.

            The terminal may have been used meanwhile. Textual would start a second reader next to the first, and each
            would get a part of what is typed.
            """
            if self._auto_restart and not self._must_signal_resume:
                self.suspend_application_mode()
            super()._sigcont_application()

        def _post(self, message: Message) -> None:
            self._loop.call_soon_threadsafe(self._app.post_message, message)

    return TerminalDriver


def _read(fileno: int) -> bytes:
    try:
        return os.read(fileno, 4096)
    except OSError:  # the terminal is gone
        return b""
