"""The ways out for a reply never claim more than they know."""

import stat
import time
from pathlib import Path

import pytest

from agent_assist import clipboard


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def _install(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}:/bin:/usr/bin", "TERM": "xterm-256color", **more}


def test_a_working_program_gets_the_exact_text(programs: Path, tmp_path: Path) -> None:
    _install(programs, "xclip", f"cat > {tmp_path}/got")
    outcome = clipboard.copy("王女士,您好\n[A123]", environ=_environment(programs, DISPLAY=":0"))
    assert outcome.route == "native"
    assert (tmp_path / "got").read_text() == "王女士,您好\n[A123]"


def test_a_failing_program_is_not_called_copied(programs: Path) -> None:
    _install(programs, "xclip", "exit 1")
    _install(programs, "xsel", "exit 1")
    outcome = clipboard.copy("x", environ=_environment(programs, DISPLAY=":0"))
    assert outcome.route == "shown"
    assert "xclip" in outcome.detail


def test_a_hanging_program_costs_its_patience_and_no_more(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "PATIENCE", 0.2)
    _install(programs, "wl-copy", "sleep 30")
    handed: list[str] = []
    before = time.monotonic()
    outcome = clipboard.copy("x", to_terminal=handed.append, environ=_environment(programs, WAYLAND_DISPLAY="w"))
    assert outcome.route == "osc52"
    assert handed == ["x"]
    assert time.monotonic() - before < 10


def test_over_ssh_the_text_goes_to_the_terminal_not_to_the_far_desktop(programs: Path, tmp_path: Path) -> None:
    _install(programs, "xclip", f"cat > {tmp_path}/got")
    environment = _environment(programs, DISPLAY=":0", SSH_CONNECTION="1.2.3.4 1 5.6.7.8 22")
    handed: list[str] = []
    assert clipboard.copy("x", to_terminal=handed.append, environ=environment).route == "osc52"
    assert not (tmp_path / "got").exists()


def test_a_text_too_long_for_the_terminal_is_shown_instead_of_cut(programs: Path) -> None:
    handed: list[str] = []
    outcome = clipboard.copy("长" * 30_000, to_terminal=handed.append, environ=_environment(programs))
    assert outcome.route == "shown"
    assert handed == []


def test_without_any_way_the_text_is_shown_with_the_reason(programs: Path) -> None:
    outcome = clipboard.copy("x", environ=_environment(programs))
    assert outcome == clipboard.Outcome("shown", "no clipboard program was found")
