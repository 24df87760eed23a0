"""The program under test in its pseudo-terminal: everything it writes is read at once, nothing is kept but the tail."""

import base64
import os
import re
import select
import signal
import struct
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pyte

from tests.terminal import plain

with suppress(ImportError):  # there are none on Windows, where the fuzzer is left out
    import fcntl
    import termios

TAIL = 300_000
"""Bytes of output that are kept for the report."""

COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
LEAKS = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
"""C1 controls and marks that turn the direction of writing: never meant for a terminal."""


class Hung(Exception):
    """The program does not answer any more."""


class Ended(Exception):
    """The program ended by itself."""


class Subject:
    """Use as a context manager. `env` is the whole environment of the program, `folder` where it runs."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], folder: Path, size: tuple[int, int] = (140, 40)
    ) -> None:
        self.tail = b""
        self.written = 0
        self.copied: set[str] = set()
        """Hashes of all texts that were handed to the terminal for its clipboard."""
        self.leaks: list[bytes] = []
        self.size = size
        self.code: int | None = None
        self._pending = b""
        """The end of the output, as far as a sequence may begin there."""
        self._fd, self._slave = os.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.pid = os.fork()
        if self.pid == 0:
            os.login_tty(self._slave)
            os.chdir(folder)
            os.execve(argv[0], list(argv), dict(env))  # noqa: S606 - the child becomes the program under test
        os.set_blocking(self._fd, False)

    def __enter__(self) -> "Subject":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)
        os.close(self._slave)

    # Reading

    def read(self, seconds: float = 0.0) -> bool:
        """Take what the program wrote, waiting for it up to this long; returns whether there was anything."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            new = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        self.written += len(new)
        self.tail = (self.tail + new)[-TAIL:]
        self._watch(new)
        return bool(new)

    def _watch(self, new: bytes) -> None:
        """Note what was copied and what should never reach a terminal."""
        text = self._pending + new
        for found in COPIED.finditer(text):
            self.copied.add(digest(base64.b64decode(found[1]).decode()))
        self.leaks += [text[max(0, at.start() - 30) : at.end() + 30] for at in LEAKS.finditer(text)][
            : 20 - len(self.leaks)
        ]
        begun = text.rfind(b"\x1b]52;c;")
        whole = begun < 0 or b"\x07" in text[begun:]
        self._pending = text[-8:] if whole else text[begun:]

    @property
    def threads(self) -> list[str]:
        """The state of each thread as the kernel names it: R runs, S sleeps, D waits for a disk."""
        states = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                states.append((task / "stat").read_text().rpartition(")")[2].split()[0])
            except OSError:
                continue
        return states

    @property
    def cpu(self) -> float:
        """Seconds of processor time the program has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss(self) -> float:
        """Megabytes of memory in use."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def is_idle(self) -> bool:
        """Whether every key was taken and nothing runs."""
        unread = struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, b"\0\0\0\0"))[0]
        return not unread and "R" not in self.threads

    def until_idle(self, cpu: float = 20.0) -> None:
        """Read until the program waits for the next key. Raises Hung after so many seconds of processor time."""
        began = self.cpu
        calm = 0
        while calm < 2:
            self.check()
            calm = calm + 1 if not self.read(0.0005) and self.is_idle else 0
            if self.cpu - began > cpu:
                raise Hung(f"busy for {cpu:.0f} s of processor time without a pause")

    def check(self) -> None:
        """Raise Ended when the program is not there any more."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            while self.read(0.05):
                pass
            self.code = os.waitstatus_to_exitcode(status)
            raise Ended(f"exit code {self.code}")

    # Doing

    def send(self, data: bytes, cpu: float = 30.0) -> None:
        """Write these bytes, reading all the while. Raises Hung when they are not taken."""
        began, last = self.cpu, time.monotonic()
        while data:
            self.check()
            _, ready, _ = select.select([], [self._fd], [], 0.0005)
            if ready:
                try:
                    data = data[os.write(self._fd, data[:1024]) :]
                    last = time.monotonic()
                except BlockingIOError:
                    pass
            while self.read():
                pass
            if self.cpu - began > cpu or time.monotonic() - last > 60:
                raise Hung(f"{len(data)} bytes of input are not taken")

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size of the window."""
        self.size = size
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def screen(self) -> str:
        """What a person sees now: the window is made new, so that the program paints all of it."""
        columns, rows = self.size
        self.resize((columns + 1, rows))
        self.until_idle()
        shown, before = pyte.Screen(columns, rows), self.written
        self.resize((columns, rows))
        deadline = time.monotonic() + 10
        while self.written == before and time.monotonic() < deadline:
            self.read(0.05)
            self.check()
        self.until_idle()
        while self.read(0.03):
            pass
        pyte.ByteStream(shown).feed(self.tail[-min(len(self.tail), self.written - before) :])
        return "\n".join("".join(shown.buffer[y][x].data for x in range(columns)).rstrip() for y in range(rows))

    def last_words(self, characters: int = 3000) -> str:
        """The end of what was written, without escape sequences."""
        return plain(self.tail)[-characters:]

    def wait(self, seconds: float) -> int:
        """The exit code. Raises Hung when it does not end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.check()
            except Ended:
                return self.code or 0
            self.read(0.02)
        raise Hung("it does not end")


def digest(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()
