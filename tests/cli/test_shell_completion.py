"""Shells are given click's completion: a script for the start-up file, then commands and options as they are typed."""

from pathlib import Path

import pytest

from agent_assist.cli.shell_completion import VARIABLE
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        pytest.param(
            "bash",
            "complete -o nosort -F _agent_assist_completion agent-assist",
            marks=pytest.mark.process,  # click asks bash for its version
        ),
        ("zsh", "#compdef agent-assist"),
        ("fish", "complete --no-files --command agent-assist"),
    ],
)
def test_each_shell_is_given_its_script(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str, line: str) -> None:
    monkeypatch.setenv(VARIABLE, f"{shell}_source")
    code, out, err = run()
    assert code == 0
    assert line in out
    assert err == ""


def completed(run: Run, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Return what zsh is told may stand in place of the last word: kind, value and help of each, line by line."""
    monkeypatch.setenv(VARIABLE, "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["agent-assist", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    code, out, _err = run()
    assert code == 0
    return out.splitlines()


def test_commands_are_completed_with_what_they_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(run, monkeypatch, "offer", "appr")[:2] == ["plain", "approve"]
    lines = completed(run, monkeypatch, "se")
    assert [line for line in lines if line.startswith("se")] == ["search", "settings"]
    assert "Find the phrase for a question." in lines


def test_options_are_completed_in_the_language_of_the_interface(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    lines = completed(run, monkeypatch, "search", "--js")
    assert lines[:2] == ["plain", "--json"]
    assert "JSON" in lines[2]
    assert "给程序" in lines[2] or "程序" in lines[2]


def test_a_shell_that_is_not_known_gets_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "tcsh_source")
    assert run().code == 1


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_both_readmes_have_the_line_of_each_shell(page: str) -> None:
    text = (Path(__file__).parents[2] / page).read_text("utf-8")
    assert [shell for shell in ("bash", "zsh", "fish") if f"{VARIABLE}={shell}_source agent-assist" not in text] == []
