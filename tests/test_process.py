"""The program as a process in a real terminal: crashes, signals, missing terminals."""

import os
import subprocess
import sys
from pathlib import Path

from tests.terminal import Terminal, program

CHINESE = {"AGENT_ASSIST_LANG": "zh"}
READY = r"\d+ / \d+"


def _env(home: Path) -> dict[str, str]:
    return {**CHINESE, "AGENT_ASSIST_HOME": str(home)}


def _chat(terminal: Terminal, name: str) -> None:
    """Open another chat and name its customer."""
    terminal.send("\x14")  # ^T
    terminal.wait_to_see("回复语言")
    terminal.send(name)
    terminal.wait_to_see(f"姓名 +{name}")
    terminal.send("\x13")  # ^S
    terminal.wait_to_see(f"^.*{name}")


def test_kill_9_loses_no_chat_and_no_draft(tmp_path: Path) -> None:
    with Terminal(program(), env=_env(tmp_path)) as terminal:
        terminal.wait_to_see("F5")  # what to do first: the database is open
        for name in ("赵女士", "钱先生", "Zoe"):
            _chat(terminal, name)
        terminal.send("tuikuan")
        terminal.wait_to_see("tuikuan")
        terminal.settle(1.5)
        terminal.kill()
    with Terminal(program(), env=_env(tmp_path)) as terminal:
        terminal.wait_to_see("^.*赵女士.*钱先生.*Zoe")
        terminal.send("\x1b3")  # Alt+3
        terminal.wait_to_see("tuikuan")


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    own = tmp_path / "own"
    env = {**_env(own), "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    with Terminal(program("--demo"), env=env) as terminal:
        terminal.wait_for(READY)
        terminal.settle(1.0)
        terminal.send("\x11")
        assert terminal.wait() == 0
    assert not own.exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_without_a_terminal_it_says_so_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        program(),
        env={**os.environ, "AGENT_ASSIST_HOME": str(tmp_path), "AGENT_ASSIST_LANG": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert done.stdout == ""


def test_the_first_screen_imports_no_database_and_no_templates() -> None:
    code = "import sys, agent_assist.tui.starting; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "textual" in loaded
    for late in ("sqlalchemy", "alembic", "psycopg", "liquid", "pypinyin", "numpy", "agent_assist.replies"):
        assert f"'{late}'" not in loaded, late
