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

_POLL = 0.1
"""Seconds between looks at whether the program ends; as long may half a character wait for its rest."""

_READ_APART = 0.005
"""Seconds at most between the stamps of what was read with nothing to wait for in between."""


class TerminalClosed(Message):
    """Nothing can be typed any more: the terminal went away."""


class BytesReplaced(Message):
    """The terminal sent bytes that are no UTF-8, and they were replaced."""


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
