"""A program in a real pseudo-terminal: what a person's terminal would send it and get from it."""

import os
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType

import pyte

with suppress(ImportError):  # there are none on Windows, where tests that need them are left out
    import fcntl
    import pty
    import termios

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^X][^\x1b]*\x1b\\|[ -/]*[0-~])")


def plain(raw: bytes) -> str:
    """The text in what a program wrote, without its escape sequences."""
    return _ESCAPES.sub(b"", raw).decode("utf-8", "replace")


PATIENCE = 120.0
"""Seconds that a wait for something certain takes at least before it gives up, however busy the machine is. What must
be quick is measured by the moments that waits return."""


class Terminal:
    """Runs `argv` with a terminal of this size; use as a context manager. Times are seconds of `time.perf_counter`."""

    def __init__(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, columns: int = 140, rows: int = 40
    ) -> None:
        self.raw = b""
        self._screen = pyte.Screen(columns, rows)
        self._emulator = pyte.ByteStream(self._screen)
        self._shown = 0
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            size = {"COLUMNS": str(columns), "LINES": str(rows)}
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **size, **(env or {})})
            os.execvp(argv[0], [*argv])  # noqa: S606 - the child becomes the program under test
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def send(self, keys: str) -> None:
        """Press keys, as the bytes a terminal would send."""
        os.write(self._fd, keys.encode())

    def read(self, seconds: float) -> bytes:
        """What arrives within this time; returns early with the first bytes."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, seconds))
        if not ready:
            return b""
        try:
            new = os.read(self._fd, 65536)
        except OSError:  # the program ended and closed its side
            return b""
        self.raw += new
        return new

    def read_for(self, seconds: float) -> None:
        """Take what arrives until this time is over."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)

    def wait_for(self, pattern: str, seconds: float = 20.0, since: int = 0) -> float:
        """The moment at which the text written since byte `since` first matched. Raises TimeoutError with that text."""
        deadline = time.perf_counter() + max(seconds, PATIENCE)
        wanted = re.compile(pattern)
        while time.perf_counter() < deadline:
            if self.read(deadline - time.perf_counter()) and wanted.search(plain(self.raw[since:])):
                return time.perf_counter()
        raise TimeoutError(f"{pattern!r} did not appear in {plain(self.raw[since:])[-2000:]!r}")

    def wait_to_see(self, pattern: str, seconds: float = 20.0) -> str:
        """The screen once it matches, rows joined by line ends. Raises TimeoutError with the last screen."""
        deadline = time.perf_counter() + max(seconds, PATIENCE)
        wanted = re.compile(pattern)
        if wanted.search(seen := self.screen()):
            return seen
        while time.perf_counter() < deadline:
            if not self.read(0.05):
                continue
            while self.read(0):  # a picture often comes in pieces
                pass
            if wanted.search(seen := self.screen()):
                return seen
        raise TimeoutError(f"{pattern!r} is not on the screen:\n{self.screen()}")

    def screen(self) -> str:
        """What a person sees now."""
        self._emulator.feed(self.raw[self._shown :])
        self._shown = len(self.raw)
        rows = (self._screen.buffer[y] for y in range(self._screen.lines))
        # The cell behind a wide character is empty; `display` of the emulator trips over half-overwritten ones.
        return "\n".join("".join(row[x].data for x in range(self._screen.columns)).rstrip() for row in rows)

    def settle(self, quiet: float = 0.3, seconds: float = 10.0) -> None:
        """Wait until nothing was written for `quiet` seconds."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and self.read(quiet):
            pass

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def wait(self, seconds: float = 10.0) -> int:
        """The exit code (negative: killed by that signal). Raises TimeoutError."""
        deadline = time.perf_counter() + max(seconds, PATIENCE)
        while time.perf_counter() < deadline:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise TimeoutError("the program did not end")

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def program(*arguments: str) -> list[str]:
    """The command line of agent-assist as run from this environment."""
    return [sys.executable, "-m", "agent_assist", *arguments]
