"""Standard streams in any state: closed, full, gone, or in another encoding."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent_assist.cli import main, streams
from agent_assist.store import open_store
from tests.cli.conftest import Run

pytestmark = pytest.mark.process

PHRASE = """
[[phrase]]
id = "hello"
kind = "closing"
title = { zh = "问好" }
text = { zh = "王女士😀，您好。" }
"""


@pytest.fixture
def book(tmp_path: Path) -> str:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "a.toml").write_text(PHRASE, "utf-8")
    return str(tmp_path / "books")


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, blank_file: Path) -> None:
    """A home with a database, so that no command spends its time on making one."""
    (tmp_path / "home").mkdir(mode=0o700)
    shutil.copy(blank_file, tmp_path / "home" / "desk.db")


def incidents(tmp_path: Path) -> list[str]:
    with closing(open_store(f"sqlite:///{tmp_path / 'home' / 'desk.db'}", home=tmp_path / "home")) as store:
        return [incident.id for incident in store.incidents()]


def called(
    *arguments: str | bytes, env: Mapping[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[bytes]:
    more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **more}
    return subprocess.run(
        [sys.executable, "-m", "agent_assist", *arguments],
        env={**os.environ, **(env or {})},
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
        **more,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "ascii", "utf-16"])
def test_a_pipe_gets_utf_8_whatever_encoding_it_had(
    book: str, run: Run, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """What a machine set to another encoding cannot hold arrived as escapes, with exit code 0."""

    def printed(*arguments: str) -> str:
        pipe = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding=encoding))
        assert main(arguments) == 0
        return pipe.getvalue().decode("utf-8")

    assert printed("reply", "hello", "--phrasebook", book) == "王女士😀，您好。\n"
    assert "问好" in printed("phrases", "list", "--phrasebook", book)
    assert json.loads(printed("reply", "hello", "--phrasebook", book, "--json"))["text"] == "王女士😀，您好。"
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    assert "补偿" in printed("offer", "-h")


def test_the_real_command_does_too(book: str) -> None:
    done = called("reply", "hello", "--phrasebook", book, env={"PYTHONIOENCODING": "cp1252"})
    assert (done.returncode, done.stdout.decode("utf-8")) == (0, "王女士😀，您好。\n")


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_terminal_in_another_encoding_is_named_with_what_it_cannot_show(
    book: str, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(shown, encoding="gbk"))
    assert main(["reply", "hello", "--phrasebook", book]) == 1
    assert shown.getvalue().decode("gbk") == "王女士?，您好。\n"
    assert "“?” stands for 😀" in capsys.readouterr().err
    shown.truncate(0)
    assert main(["phrases", "show", "hello", "--json", "--phrasebook", book]) == 0


@pytest.mark.parametrize(("number", "arguments"), [(0, ["search", "hello"]), (1, ["doctor"]), (2, ["doctor"]), (0, [])])
def test_a_closed_stream_is_no_fault(number: int, arguments: list[str]) -> None:
    done = called(*arguments, preexec_fn=lambda: os.close(number), **({"stdin": None} if number == 0 else {}))
    assert b"Traceback" not in done.stderr
    assert done.returncode in ((0, 1) if arguments else (2,))


def test_no_file_of_ours_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    def close() -> None:
        for number in (0, 1, 2):
            os.close(number)

    assert called("incident", "open", "--title", "x", preexec_fn=close, stdin=None).returncode == 0
    assert (tmp_path / "home" / "desk.db").read_bytes().startswith(b"SQLite format 3")
    assert incidents(tmp_path) == ["INC-1"]


def test_output_that_cannot_be_written_is_named_and_what_was_done_stays(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = called("incident", "open", "--title", "x", stdout=full)
    assert done.returncode == 1
    assert b"fault of the program" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"What the command had to do is done" in done.stderr
    assert incidents(tmp_path) == ["INC-1"]


class Closed(io.StringIO):
    """A pipe whose reader has left, as Windows reports it."""

    def write(self, _text: str) -> int:
        raise OSError(22, "Invalid argument")

    def flush(self) -> None:
        raise OSError(22, "Invalid argument")


def test_on_windows_a_reader_who_left_is_no_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("agent_assist.files.ON_WINDOWS", True)
    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["search", "denglu"]) == 0
    assert capsys.readouterr().err == ""
    sys.stdout = sys.__stdout__


def test_elsewhere_an_invalid_argument_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(Exception, match="cannot be written"):
        streams.flush()


@pytest.mark.parametrize(
    "arguments",
    [
        ["reply", "hello", "--incident", b"\xff"],
        ["reply", b"\xff"],
        ["reply", "hello", "--set", b"customer.name=\xff"],
        ["offer", "erase", "--customer", b"\xff\xfe", "--yes"],
        ["offer", "add", "--customer", b"\xff", "--kind", "coupon", "--amount", "5", "--sentence", "x"],
        ["incident", "open", "--title", b"\xc4"],
        ["incident", "show", b"\xff"],
        ["search", "--lang", b"\xff", "x"],
        ["store", "move", "--to", b"sqlite:////tmp/\xff.db"],
        [b"\xff"],
        [b"--\xff"],
    ],
)
def test_words_that_are_not_utf_8_are_wrong_usage(run: Run, arguments: list[str | bytes]) -> None:
    ran = run(*map(os.fsdecode, arguments))
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    ran.err.encode()


def test_a_path_of_other_bytes_is_a_path(run: Run, tmp_path: Path, small: str) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    Path(path).write_text("denglu\n")
    assert run("search", "--phrasebook", small, "--batch", path).code == 0
    for words in (["incident", "import"], ["policy", "check"], ["policy", "publish"], ["store", "restore"]):
        ran = run(*words, path)
        assert ran.code in (1, 5)
        assert "Traceback" not in ran.err
    assert run("offer", "verify", "--against", path).code == 1
    assert run("offer", "export", path + ".csv").code == 0
    assert "Traceback" not in run("store", "backup", path + ".backup").err


@pytest.mark.parametrize("kind", ["a pipe", "a link to /dev/zero", "a folder"])
def test_no_command_waits_for_what_is_no_file(run: Run, tmp_path: Path, small: str, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    calls = (
        ["search", "--phrasebook", small, "--batch"],
        ["incident", "import"],
        ["policy", "check"],
        ["policy", "publish"],
        ["store", "restore"],
        ["offer", "verify", "--against"],
    )
    for words in calls:
        ran = run(*words, str(path))
        assert (ran.code, ran.out) == (1, ""), words
        assert "Traceback" not in ran.err


def test_a_file_of_queries_says_which_line_is_not_utf_8(run: Run, tmp_path: Path, small: str) -> None:
    (tmp_path / "q").write_bytes("denglu\n登录".encode("gbk"))
    ran = run("search", "--phrasebook", small, "--batch", str(tmp_path / "q"))
    assert (ran.code, ran.out) == (1, "")
    assert "Line 2 is not UTF-8" in ran.err
    (tmp_path / "q").write_bytes("\ufeffdenglu\r\n\r\nx".encode())
    ran = run("search", "--phrasebook", small, "--batch", str(tmp_path / "q"))
    assert [json.loads(line)["query"] for line in ran.out.splitlines()] == ["denglu", "", "x"]


def test_a_line_without_end_on_standard_input_is_refused(run: Run, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"denglu\n" + b"x" * 200_000)))
    ran = run("search", "--phrasebook", small, "--batch", "-")
    assert ran.code == 1
    assert "Line 2" in ran.err
    assert len(ran.out.splitlines()) == 1


def test_an_export_never_replaces_what_is_no_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("offer", "export", "-", "--format", "csv")
    assert (ran.code, ran.out) == (2, "")
    assert "offer list --json" in ran.err
    os.mkfifo(tmp_path / "pipe.csv")
    assert run("offer", "export", "pipe.csv").code == 1
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["pipe.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    ("arguments", "code"), [(["offer", "list"], 0), (["nosuch"], 2), (["offer", "show", "OFF-7"], 1), (["--help"], 0)]
)
def test_a_command_ends_as_it_would_where_messages_cannot_be_written(arguments: list[str], code: int) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "agent_assist", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=full,
            timeout=60,
            check=False,
        )
    assert done.returncode == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["offer", "-h"], ["--version"], ["phrases", "list"]])
def test_output_that_a_full_disk_does_not_take_is_said_in_a_sentence(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = called(*arguments, stdout=full)
    assert done.returncode == 1
    assert b"fault of the program" not in done.stderr
    assert b"cannot be written" in done.stderr
