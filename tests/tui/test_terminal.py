"""The real program in a real pseudo-terminal: signals, crashes, no terminal at all."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent_assist.store import open_store
from tests.terminal import Terminal, plain, program

ALT_SCREEN_LEFT, CURSOR_SHOWN = b"\x1b[?1049l", b"\x1b[?25h"


def env(home: Path) -> dict[str, str]:
    return {"AGENT_ASSIST_HOME": str(home), "AGENT_ASSIST_LANG": "en", "AGENT_ASSIST_AGENT": "Li"}


def ready(terminal: Terminal) -> None:
    terminal.wait_for(r"\d+ / \d+", 40)
    terminal.wait_for("No incident is open", 40)
    terminal.settle()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal_and_keeps_the_draft(tmp_path: Path, number: signal.Signals) -> None:
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


def test_after_kill_9_the_next_start_shows_the_chats_and_the_draft(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send("refund")
        terminal.wait_for("refund")
        terminal.settle()
        terminal.send("\x14")
        terminal.wait_to_see("Form of address")
        terminal.settle()
        terminal.send("Amy")
        terminal.wait_to_see("Name +Amy")
        terminal.send("\x13")
        terminal.wait_to_see("2 Amy")
        terminal.send("delivery")
        terminal.wait_for("delivery")
        terminal.settle(0.4)  # the draft is stored 0.3 s after the last key
        terminal.kill()
    with Terminal(program(), env=env(tmp_path)) as terminal:
        terminal.wait_to_see("▸2 Amy", 40)
        terminal.wait_for("delivery", 40)
        terminal.settle()
        terminal.send("\x0e")
        terminal.wait_for("refund", 20)


def test_the_program_ends_when_its_window_is_closed(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        os.close(terminal._fd)
        terminal._fd = -1
        deadline = time.monotonic() + 20
        pid = 0
        while pid == 0 and time.monotonic() < deadline:
            pid, _status = os.waitpid(terminal.pid, os.WNOHANG)
            select.select([], [], [], 0.05)
        assert pid == terminal.pid, "it would go on for ever with nobody there"
        terminal.pid = 0


def test_without_a_terminal_it_says_what_to_use_instead_and_does_not_spin(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent_assist"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False,
        env={**env(tmp_path), "PATH": ""}, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert done.stdout == ""


def test_the_demo_opens_with_its_story_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Terminal(program("--demo"), env=env(tmp_path)) as terminal:
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
    assert not list(tmp_path.iterdir())
