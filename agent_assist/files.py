"""Reading a file that somebody named, and writing one so that no reader ever finds a part of it.

Every failure is an OSError whose `strerror` is a sentence for a person: callers add the file's name and nothing else.
"""

import errno
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.problems import Problem

MAX_TEXT_SIZE = 1_000_000
"""Bytes of a file that a person writes by hand: settings, policy, synonyms."""

MAX_CACHE_SIZE = 1_000_000_000
"""Bytes of what the program itself keeps to start faster; more is no cache of ours."""

ON_WINDOWS = os.name == "nt"

MOVE_TIMEOUT = 2.0
"""Seconds during which a file that another program holds open on Windows may be let go."""

_MOVE_RETRY_DELAY = 0.05

_READ = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
"""A pipe put there after it was looked at is opened without waiting for somebody who writes."""


class Unusable(OSError):
    """What lies at this path can never be read as what is expected there; `strerror` says why."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(errno.EINVAL, reason)
        self.line = line
        """1-based; 0 when the file as a whole is meant."""
        self.column = column
        """1-based, in characters; 0 when only the line is known."""


def reason(error: OSError) -> str:
    """Return why it failed, on one clean line and without the file's name."""
    return clean_line(error.strerror or str(error)).rstrip(".。")


def unreadable(file: str, error: OSError) -> Problem:
    """Return the problem of a file that could not be read; `file` is its name as people see it."""
    line, column = (error.line, error.column) if isinstance(error, Unusable) else (0, 0)
    return Problem(file=file, line=line, column=column, reason=reason(error) + ".")


def is_there(path: Path) -> bool:
    """Whether anything lies at this path, a broken link too; False where the path itself is impossible."""
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder lies at this path; False where the path itself is impossible, as with a name too long."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Whether a file lies at this path; False where the path itself is impossible."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def expanded(path: Path) -> Path:
    """Return the absolute path, with `~` and `~name` filled in. Raises Unusable when there is no such user."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise Unusable(_("There is no user “{name}” here.", name=clean_line(path.parts[0].lstrip("~")))) from error


def real_path(path: Path) -> Path:
    """Return where links lead to, if anything is there or not. Raises Unusable when they lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise Unusable(_("This link leads nowhere.")) from error


def sqlite_url(path: Path) -> str:
    """Return the database URL of a file; what has a meaning in a URL and bytes that are not UTF-8 are escaped."""
    return "sqlite:///" + re.sub(r"[%?#\udc80-\udcff]", lambda found: quote(os.fsencode(found[0])), str(path))


def read_whole(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes. Never waits for a pipe, never reads without end.

    Raises FileNotFoundError, Unusable, or what the system says.
    """
    with _open_regular(path) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Unusable(_("This file is larger than {size}.", size=_in_words(limit)))
    return content


def read_lines(path: Path, limit: int) -> Iterator[bytes]:
    """Yield the lines of a regular file of any size; each has at most `limit` bytes. Raises as `read_whole`."""
    with _open_regular(path) as file:
        while line := file.readline(limit + 1):
            if len(line) > limit:
                raise Unusable(_("This file is larger than {size}.", size=_in_words(limit)))
            yield line


@contextmanager
def _open_regular(path: Path) -> Iterator[IO[bytes]]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked before opening: to open a device may do something
            raise Unusable(_("This is not a regular file."))
        handle = os.open(path, _READ)
    except ValueError as error:  # a zero byte, or a name that this system's encoding cannot hold
        raise Unusable(_("This cannot be the name of a file.")) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unusable(_("This is not a regular file."))
        yield file


def read_text(path: Path, limit: int = MAX_TEXT_SIZE) -> str:
    """As `read_whole`, decoded from UTF-8 with or without a byte order mark; line ends become `\\n`."""
    return decode(read_whole(path, limit))


def decode(content: bytes) -> str:
    """Return the text of a file's bytes. Raises Unusable naming the line that is not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        read = error.object[: error.start]  # without the byte order mark
        line, column = read.count(b"\n") + 1, len(read[read.rfind(b"\n") + 1 :].decode()) + 1
        raise Unusable(_("Line {line} is not UTF-8. Save the file as UTF-8.", line=line), line, column) from error


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Replace the file by these parts through a temporary file, synced and renamed. Readable by its owner only.

    Raises OSError.

    The folder is not synced: after a power cut the older file may be back, but it is whole.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            sync(file.fileno())
        move_over(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sync(handle: int) -> None:
    """Return when the file is on the disk. `handle` must be open for writing: Windows syncs no other."""
    if sys.platform == "darwin":
        import fcntl  # not on Windows

        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)  # fsync leaves it in the drive's own memory there
        except OSError:  # a network disk that does not know it
            os.fsync(handle)
        return
    os.fsync(handle)


def sync_path(path: Path) -> None:
    """As `sync`, for a file that something else wrote."""
    with path.open("r+b") as file:
        sync(file.fileno())


def move_over(source: Path, target: Path) -> None:
    """Rename over `target`. Where an open file cannot be replaced it is tried until `MOVE_TIMEOUT` is over."""
    until = time.monotonic() + MOVE_TIMEOUT
    while True:
        try:
            source.replace(target)
        except PermissionError as error:
            if not ON_WINDOWS or target.is_dir():
                raise
            if time.monotonic() >= until:
                sentence = _("Another program holds {file} open; close it first.", file=clean_line(target.name))
                raise PermissionError(error.errno, sentence) from error
            time.sleep(_MOVE_RETRY_DELAY)
        else:
            return


@contextmanager
def locked(path: Path, timeout: float = 0.0) -> Iterator[bool]:
    """Whether this process alone works on the file meanwhile; False when another one did for `timeout` seconds.

    Raises OSError.
    """
    until = time.monotonic() + timeout
    handle = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        while not (is_ours := _lock(handle)) and time.monotonic() < until:
            time.sleep(_MOVE_RETRY_DELAY)
        yield is_ours
    finally:
        os.close(handle)  # which also unlocks it


def _lock(handle: int) -> bool:
    try:
        if ON_WINDOWS:
            msvcrt: Any = import_module("msvcrt")
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # not on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _in_words(size: int) -> str:
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"
