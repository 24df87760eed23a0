"""Files that somebody named are read with a limit and never waited for; files of ours are replaced whole."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist import files, toml_text
from agent_assist.files import Unusable, move_over, read_text, read_whole, sync, sync_path, write_whole


def _a_pipe(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [_a_pipe, _endless, Path.mkdir], ids=["a pipe", "a link to /dev/zero", "a folder"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    before = time.monotonic()
    with pytest.raises(Unusable, match="not a regular file"):
        read_whole(tmp_path / "x", 100)
    assert time.monotonic() - before < 30


def test_a_pipe_put_there_after_the_look_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    regular = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda _self: regular)
    with pytest.raises(Unusable, match="not a regular file"):
        read_whole(tmp_path / "pipe", 100)


def test_a_file_at_the_limit_is_read_and_one_above_is_not(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * 2000)
    assert len(read_whole(tmp_path / "x", 2000)) == 2000
    with pytest.raises(Unusable, match="larger than 1 kB"):
        read_whole(tmp_path / "x", 1999)


def test_a_name_that_no_file_can_have_is_an_error_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="name of a file"):
        read_whole(tmp_path / "a\0b", 10)
    assert not files.is_there(tmp_path / "a\0b")


def test_a_missing_file_is_told_from_one_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("a\nfür\n".encode("latin-1"), 2, 2),
        ("a\nb\n王".encode("gbk"), 3, 1),
        ("a".encode("utf-16"), 1, 1),
        ("王女".encode() + b"\xff", 1, 3),
        (b"\xef\xbb\xbfab\xff", 1, 3),
    ],
)
def test_text_in_another_encoding_is_named_with_its_place(
    tmp_path: Path, content: bytes, line: int, column: int
) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(Unusable, match=f"Line {line} is not UTF-8") as unusable:
        read_text(tmp_path / "x")
    assert files.unreadable("x", unusable.value).place == f"x:{line}:{column}"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes("﻿王\r\n女\r\n".encode())
    assert read_text(tmp_path / "x") == "王\n女\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = " + "[" * 50_000, 0),
        ("x = 1\ntitle" + ".a" * 20_000 + " = 1", 2),
        ("x = { a" + " . 'a'" * 20_000 + " = 1 }", 1),
        ("n = " + "1" * 5_000, 0),
        ("a = 1\nb = ", 2),
        ("a = 1\na = 2\n", 2),
    ],
)
def test_no_text_costs_more_than_a_mistake_with_its_line(text: str, line: int) -> None:
    before = time.monotonic()
    with pytest.raises(toml_text.NotToml) as mistake:
        toml_text.parse(text)
    assert mistake.value.line == line
    assert time.monotonic() - before < 30


def test_what_was_written_reads_back_and_leaves_nothing_aside(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", [b"one", b"two"])
    assert read_whole(tmp_path / "x", 10) == b"onetwo"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that does not replace files which somebody holds open."""
    monkeypatch.setattr(files, "ON_WINDOWS", True)
    monkeypatch.setattr(files, "_MOVE_RETRY_DELAY", 0.001)


class Held:
    """Files that another program holds open for the first tries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tries: float) -> None:
        self.tries = tries
        replace = Path.replace

        def held(source: Path, target: Path) -> Path:
            if self.tries > 0:
                self.tries -= 1
                raise PermissionError(13, "Access is denied")
            return replace(source, target)

        monkeypatch.setattr(Path, "replace", held)


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_is_held_open_for_a_moment_is_replaced_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_text("old")
    held = Held(monkeypatch, tries=20)
    write_whole(tmp_path / "x", [b"new"])
    assert held.tries == 0
    assert (tmp_path / "x").read_text() == "new"


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_stays_open_is_named_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOVE_TIMEOUT", 0.05)
    (tmp_path / "x").write_text("old")
    Held(monkeypatch, tries=float("inf"))
    with pytest.raises(PermissionError) as error:
        write_whole(tmp_path / "x", [b"new"])
    assert error.value.strerror == "Another program holds x open; close it first."
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_text() == "old"


def test_elsewhere_a_refused_move_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_text("old")
    held = Held(monkeypatch, tries=5)
    with pytest.raises(PermissionError):
        move_over(tmp_path / "x", tmp_path / "y")
    assert held.tries == 4


def test_a_file_is_synced_through_a_handle_that_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to sync one that may only read."""
    import fcntl

    modes = []
    monkeypatch.setattr(os, "fsync", lambda handle: modes.append(fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE))
    (tmp_path / "x").write_text("old")
    sync_path(tmp_path / "x")
    write_whole(tmp_path / "x", [b"new"])
    assert len(modes) == 2
    assert os.O_RDONLY not in modes


def test_on_macos_a_sync_reaches_the_disk_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import sys

    asked = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda _handle, command: asked.append(command))
    with (tmp_path / "x").open("wb") as file:
        sync(file.fileno())
    assert asked == [51]


def test_on_a_disk_without_full_sync_macos_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import sys

    def unknown(_handle: int, _command: int) -> None:
        raise OSError(45, "Operation not supported")

    synced: list[int] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", unknown)
    monkeypatch.setattr(os, "fsync", synced.append)
    with (tmp_path / "x").open("wb") as file:
        sync(file.fileno())
    assert len(synced) == 1


def test_readers_never_find_a_part(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_whole(path, [b"a" * 100_000])
    seen = set()

    def read() -> None:
        for _round in range(200):
            seen.add(len(set(read_whole(path, 200_000))))

    reader = threading.Thread(target=read)
    reader.start()
    for letter in (b"b", b"c") * 10:
        write_whole(path, [letter * 50_000, letter * 50_000])
    reader.join()
    assert seen == {1}


@pytest.mark.parametrize("on_windows", [False, True])
def test_of_two_who_lock_a_file_one_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_windows: bool) -> None:
    monkeypatch.setattr(files, "ON_WINDOWS", on_windows)
    monkeypatch.setitem(sys.modules, "msvcrt", FakeMsvcrt())
    with files.locked(tmp_path / "x") as first, files.locked(tmp_path / "x") as second:
        assert (first, second) == (True, False)
    with files.locked(tmp_path / "x") as again:
        assert again


class FakeMsvcrt:
    """Locks as Windows does: by byte, for the handle that asked, until it is closed."""

    LK_NBLCK = 2

    @staticmethod
    def locking(handle: int, mode: int, size: int) -> None:
        import fcntl

        assert (mode, size) == (2, 1)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(13, "Permission denied") from None


def test_what_is_written_is_on_the_disk_before_it_takes_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renamed first, a power cut could leave an empty file where a whole one was."""
    steps: list[tuple[str, bytes]] = []
    path = tmp_path / "x"
    path.write_bytes(b"old")
    replace = Path.replace

    def synced(handle: int) -> None:
        steps.append(("synced", next(tmp_path.glob("*.part")).read_bytes()))

    def replaced(source: Path, target: Path) -> Path:
        steps.append(("replaced", path.read_bytes()))
        return replace(source, target)

    monkeypatch.setattr("agent_assist.files.sync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    write_whole(path, [b"n", b"ew"])
    assert steps == [("synced", b"new"), ("replaced", b"old")]
    assert path.read_bytes() == b"new"
