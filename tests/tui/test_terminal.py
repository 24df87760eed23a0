"""The real program in a real pseudo-terminal: signals, crashes, no terminal at all."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from agent_assist.store import open_store
from agent_assist.tui.app import ending_signals
from tests.terminal import PATIENCE, Terminal, plain, program

pytestmark = pytest.mark.process

ALT_SCREEN_LEFT, CURSOR_SHOWN = b"\x1b[?1049l", b"\x1b[?25h"


def env(home: Path) -> dict[str, str]:
    return {"AGENT_ASSIST_HOME": str(home), "AGENT_ASSIST_LANG": "en", "AGENT_ASSIST_AGENT": "Li"}


def ready(terminal: Terminal) -> None:
    terminal.wait_for(r"\d+ / \d+", 40)
    terminal.wait_for("No incident is open", 40)
    terminal.settle()


def until_kept(home: Path, draft: str) -> None:
    """Wait until one of the chats in the database has this draft."""
    with closing(open_store(f"sqlite:///{home / 'desk.db'}", home=home, read_only=True)) as store:
        deadline = time.monotonic() + PATIENCE
        while draft not in [chat.query for chat in store.open_chats("Li")]:
            assert time.monotonic() < deadline, "the draft was never stored"
            select.select([], [], [], 0.05)


ENDING = ["SIGTERM", "SIGINT", "SIGXCPU", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGABRT"]


def test_every_signal_that_would_end_it_silently_is_taken() -> None:
    ending = {signal.Signals[name] for name in ENDING}
    ignored = {one for one in ending if signal.getsignal(one) is signal.SIG_IGN}  # as by nohup, which is to be kept
    assert ending - ignored <= set(ending_signals())


@pytest.mark.parametrize("name", [*ENDING[:3], *(pytest.param(name, marks=pytest.mark.slow) for name in ENDING[3:])])
def test_a_signal_restores_the_terminal_and_keeps_the_draft(tmp_path: Path, name: str) -> None:
    number = signal.Signals[name]
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send("refund")
        terminal.wait_for("refund")
        terminal.signal(number)
        assert terminal.wait(20) == 128 + number
        assert ALT_SCREEN_LEFT in terminal.raw
        assert CURSOR_SHOWN in terminal.raw
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert [chat.query for chat in store.open_chats("Li")] == ["refund"]
    store.close()


def test_kill_9_loses_no_chat_and_no_draft(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        terminal.wait_to_see("F5", 40)  # what to do first: the database is open
        for name in ("赵女士", "钱先生", "Zoe"):
            terminal.send("\x14")
            terminal.wait_to_see("Form of address")
            terminal.send(name)
            terminal.wait_to_see(f"Name +{name}")
            terminal.send("\x13")
            terminal.wait_to_see(f"^.*{name}")
        terminal.send("tuikuan")
        terminal.wait_to_see("tuikuan")
        until_kept(tmp_path, "tuikuan")
        terminal.kill()
    with Terminal(program(), env=env(tmp_path)) as terminal:
        terminal.wait_to_see("^.*赵女士.*钱先生.*Zoe", 40)
        terminal.send("\x1b3")  # Alt+3
        terminal.wait_to_see("tuikuan")


def test_after_a_stop_from_outside_keys_arrive_in_order_and_the_program_ends(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        for _time in range(3):
            terminal.signal(signal.SIGSTOP)
            os.waitpid(terminal.pid, os.WUNTRACED)
            terminal.signal(signal.SIGCONT)
            terminal.settle()
        for part in ("refund", " for ", "an order", " that ", "never came"):
            terminal.send(part)
            terminal.settle(0.05)
        terminal.wait_to_see("refund for an order that never came")
        terminal.send("\x11")
        assert terminal.wait(20) == 0


def test_the_program_ends_when_its_window_is_closed(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        os.close(terminal._fd)
        terminal._fd = -1
        deadline = time.monotonic() + PATIENCE
        pid = 0
        while pid == 0 and time.monotonic() < deadline:
            pid, _status = os.waitpid(terminal.pid, os.WNOHANG)
            select.select([], [], [], 0.05)
        assert pid == terminal.pid, "it would go on for ever with nobody there"
        terminal.pid = 0


def test_without_a_terminal_it_says_what_to_use_instead_and_does_not_spin(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent_assist"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
        env={**env(tmp_path), "PATH": ""},
        text=True,
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert done.stdout == ""


def test_the_demo_opens_with_its_story_and_leaves_nothing_behind(tmp_path: Path) -> None:
    own, run_daemon = tmp_path / "own", tmp_path / "aside"
    run_daemon.mkdir()
    with Terminal(program("--demo"), env={**env(own), "TMPDIR": str(run_daemon)}) as terminal:
        terminal.wait_for("Sign-in outage", 40)
        terminal.settle()
        since = len(terminal.raw)
        terminal.send("denglu")
        terminal.wait_for("登录", since=since)
        terminal.settle()
        terminal.send("\r")
        terminal.settle(0.4)
        assert re.search(rb"\x1b\]52;c;[A-Za-z0-9+/=]{100,}", terminal.raw)
        terminal.send("\x1b2")
        terminal.wait_to_see("▸2 Li Wei")
        terminal.send("\x11")
        assert terminal.wait(20) == 0
    assert "Traceback" not in plain(terminal.raw)
    assert not own.exists()
    assert not list(run_daemon.iterdir())


def test_the_first_screen_imports_no_database_and_no_templates() -> None:
    code = "import sys, agent_assist.tui.startup; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "textual" in loaded
    for late in (
        "sqlalchemy",
        "alembic",
        "psycopg",
        "liquid",
        "pypinyin",
        "numpy",
        "rapidfuzz",
        "tree_sitter",
        "agent_assist.replies",
    ):
        assert f"'{late}'" not in loaded, late
