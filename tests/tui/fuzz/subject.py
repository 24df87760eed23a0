"""The program under test in its pseudo-terminal: everything it writes is read at once, nothing is kept but the tail."""

import base64
import os
import re
import select
import signal
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
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

GLANCE = 0.0005
"""Seconds between looks at whether the program waits, at first; what it writes is read at once."""

LONGEST_GLANCE = 0.004
"""Seconds between looks once it has been busy for a while."""

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
"""In a second of processor time, as the kernel counts it."""

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
        self._open_files: dict[str, int] = {}
        """Files in which the kernel tells about the program and its threads, by their paths."""
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
        for open_file in [self._fd, self._slave, *self._open_files.values()]:
            os.close(open_file)

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
    def threads(self) -> Iterator[str]:
        """The state of each thread as the kernel names it: R runs, S sleeps, D waits for a disk; the main one first."""
        yield from self._state(str(self.pid))
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            if thread.name != str(self.pid):
                yield from self._state(thread.name)

    def _state(self, thread: str) -> list[str]:
        """The state of one thread; nothing once it has ended."""
        path = f"/proc/{self.pid}/task/{thread}/stat"
        try:
            return self._told(path)[:1]
        except OSError:
            if path in self._open_files:
                os.close(self._open_files.pop(path))
            return []

    def _told(self, path: str) -> list[str]:
        """What the kernel tells there about a thread or the program, from its state on. It is asked at every look."""
        if path not in self._open_files:
            self._open_files[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._open_files[path], 1024, 0).decode("utf-8", "replace").rpartition(")")[2].split()

    @property
    def cpu(self) -> float:
        """Seconds of processor time the program has used."""
        fields = self._told(f"/proc/{self.pid}/stat")
        return (int(fields[11]) + int(fields[12])) / TICKS

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
        calm, glance, looked = 0, GLANCE, time.monotonic()
        while calm < 2:
            self.check()
            if self.read(glance):
                calm, glance = 0, GLANCE
            elif not self.is_idle:
                calm, glance = 0, min(glance * 1.2, LONGEST_GLANCE)
            else:
                calm, glance = calm + 1, GLANCE
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
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
