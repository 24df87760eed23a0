"""The real program when something fails: no values and no secrets on the screen, the drafts kept, an exit code."""

import fcntl
import os
import signal
import stat
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from agent_assist.crash_report import MAX_KEPT, report
from agent_assist.settings import Settings
from agent_assist.store import open_store
from agent_assist.tui.app import ending_signals
from tests.terminal import Terminal, plain, program
from tests.tui.test_terminal import ALT_SCREEN_LEFT, CURSOR_SHOWN, env, ready

SECRET, CUSTOMER = "S3cretPW", "王女士"

BREAK = """
import sys, threading
from agent_assist.tui.desk.screen import DeskScreen
from agent_assist.tui.desk.commands import STEPS
import agent_assist.tui.desk.commands as flows

async def broken(screen):
    password, customer = {secret!r}, {customer!r}
    {how}

STEPS["pin"] = broken
from agent_assist.__main__ import main
sys.exit(main())
"""

HOWS = {
    "handler": "raise KeyError(f'postgresql://u:{password}@host/db {customer}')",
    "worker": "async def work(): raise KeyError(f'{customer} password={password}')\n    screen.run_worker(work())",
    "thread": "threading.Thread(target=lambda: customer[99]).start()",
}


def broken(how: str) -> list[str]:
    return [sys.executable, "-c", BREAK.format(secret=SECRET, customer=CUSTOMER, how=how)]


@pytest.mark.process
@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)
def test_a_fault_ends_the_desk_in_words_keeps_the_draft_and_tells_no_values(tmp_path: Path, how: str) -> None:
    with Terminal(broken(how), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send("refund")
        terminal.wait_to_see("▸ refund")
        since = len(terminal.raw)
        terminal.send("\x1bp")  # Alt+P, which pins
        assert terminal.wait(20) == 1
        said = plain(terminal.raw[since:])
    assert "This is a fault of the program, not yours." in said
    assert "Chats and drafts are kept." in said
    assert ALT_SCREEN_LEFT in terminal.raw
    assert CURSOR_SHOWN in terminal.raw
    for hidden in (SECRET, CUSTOMER, "Traceback", "locals"):
        assert hidden not in said
    (written,) = tmp_path.glob("crash-*.txt")
    assert written.name in "".join(said.split())
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    text = written.read_text("utf-8")
    assert "KeyError" in text or "IndexError" in text or "TypeError" in text
    assert not [value for value in (SECRET, CUSTOMER) if value in text]
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert [chat.query for chat in store.open_chats("Li")] == ["refund"]
    store.close()


@pytest.mark.process
def test_a_fault_in_a_command_is_a_sentence_and_a_file(tmp_path: Path) -> None:
    code = (
        "import sys; from agent_assist.cli.session import Session\n"
        "def fail(self): raise KeyError('postgresql://u:S3cretPW@h/d 王女士')\n"
        "Session.desk = property(fail)\n"
        "from agent_assist.__main__ import main; sys.exit(main())"
    )
    run = [sys.executable, "-c", code, "--home", str(tmp_path / "own"), "search", "x"]
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ, **env(tmp_path)})
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert SECRET not in done.stderr
    assert CUSTOMER not in done.stderr
    (written,) = (tmp_path / "own").glob("crash-*.txt")
    assert str(written) in done.stderr
    assert SECRET not in written.read_text("utf-8")


def test_settings_show_no_database_url() -> None:
    settings = Settings(
        home=Path("/h"), database=f"postgresql://u:{SECRET}@h/d", agent="Li", language="en", phrasebooks=()
    )
    assert SECRET not in repr(settings) + str(settings) + f"{settings!r:>10}"


def test_a_report_that_cannot_be_written_is_none_and_old_ones_go(tmp_path: Path) -> None:
    assert report(KeyError(), Path("/proc/nowhere")) is None
    for _turn in range(MAX_KEPT + 3):
        newest = report(KeyError(), tmp_path)
    kept = sorted(tmp_path.glob("crash-*.txt"))
    assert len(kept) == MAX_KEPT
    assert kept[-1] == newest


@pytest.mark.process
@pytest.mark.parametrize("term", ["dumb", "unknown", "DUMB"])
def test_a_terminal_that_cannot_be_painted_on_is_told_so(tmp_path: Path, term: str) -> None:
    with Terminal(program(), env={**env(tmp_path), "TERM": term}, columns=100, rows=30) as terminal:
        assert terminal.wait(30) == 2
        assert f"TERM={term}" in plain(terminal.raw)
        assert b"\x1b" not in terminal.raw


@pytest.mark.process
@pytest.mark.parametrize("name", ["SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGXCPU", "SIGABRT"])
def test_any_signal_that_ends_it_restores_the_terminal(tmp_path: Path, name: str) -> None:
    number = signal.Signals[name]
    assert number in ending_signals()
    if name not in ("SIGQUIT", "SIGUSR1", "SIGXCPU"):
        return  # each start takes seconds; the table above covers the rest
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send("refund")
        terminal.signal(number)
        assert terminal.wait(20) == 128 + number
        assert ALT_SCREEN_LEFT in terminal.raw
        assert CURSOR_SHOWN in terminal.raw


def test_a_terminal_that_reports_no_size_and_others_in_a_hurry_spins_nothing(tmp_path: Path) -> None:
    with Terminal(program(), env={**env(tmp_path), "COLUMNS": "", "LINES": ""}) as terminal:
        ready(terminal)
        for rows, columns in [(0, 0), (30, 100), (1, 1), (24, 80), (60, 10), (0, 80), (30, 100), (0, 0)] * 4:
            fcntl.ioctl(terminal._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            terminal.read(0.01)
        terminal.settle(1.0, 10)
        since = len(terminal.raw)
        before = used(terminal.pid)
        terminal.read(3.0)
        assert used(terminal.pid) - before < 1.0, "it would paint for ever"
        assert len(terminal.raw) - since < 100_000
        terminal.send("\x11")
        assert terminal.wait(20) == 0


def used(pid: int) -> float:
    """Seconds of processor time of a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
