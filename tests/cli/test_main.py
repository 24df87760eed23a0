"""What every command shares: help, usage, exit codes, streams, and what happens when things go wrong."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from agent_assist import __version__
from agent_assist.cli import main
from agent_assist.cli.diagnostics import guarded
from agent_assist.cli.root import COMMANDS, root
from agent_assist.errors import Damaged, MaybeSaved, NotSaved
from tests.cli.conftest import Run


def every_command() -> list[str]:
    """All commands with their groups, as one types them."""
    context = click.Context(root)
    names = []
    for name in COMMANDS:
        command = root.get_command(context, name)
        if isinstance(command, click.Group):
            names += [f"{name} {inner}" for inner in command.list_commands(context)]
        else:
            names.append(name)
    return names


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", ["", *every_command()])
def test_help_is_complete_in_both_languages_and_fits_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("AGENT_ASSIST_LANG", language)
    ran = run(*command.split(), "-h")
    assert (ran.code, ran.err) == (0, "")
    assert f"agent-assist {command}".strip() in ran.out
    told = [line for line in ran.out.splitlines() if not line.startswith("  agent-assist ")]
    assert max(width(line) for line in told) <= 80
    if language == "zh":
        assert "用法：" in ran.out
        assert "Show this help" not in ran.out


def width(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


def test_the_version_is_one_line(run: Run) -> None:
    assert run("--version").out == f"agent-assist {__version__}\n"


def test_without_a_terminal_the_desk_does_not_open_and_says_why(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "The desk needs a terminal" in ran.err
    assert "--help" in ran.err


WRONG_CALLS = [
    (["serach"], "There is no command “serach”.\n  Did you mean search?"),
    (["search", "x", "--limt", "3"], "There is no option --limt.\n  Did you mean --limit?"),
    (["search", "x", "--limit", "many"], "--limit is a whole number from 1 to 1000."),
    (["search"], "Say what to search for"),
    (["phrases", "list", "--kind", "x"], "--kind is one of: empathy, apology"),
    (["reply"], "ID|QUERY is missing."),
    (["reply", "x", "--set", "name"], "“name” is not NAME=VALUE."),
    (["offer", "add"], "--kind is missing."),
    (["search", "x", "--limit"], "--limit needs a value"),
    (["offer", "list", "--limit", "0"], "--limit is a whole number from 1."),
    (["phrases", "show", "a", "b"], "Too many words: b."),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_CALLS)
def test_a_wrong_call_exits_2_and_says_what_is_wrong(run: Run, arguments: list[str], message: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"agent-assist: {message}")
    assert ran.err.count("\n") == 2


def test_wrong_calls_are_explained_in_chinese_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    assert run("search", "x", "--limt").err == "agent-assist: 没有选项 --limt。\n  您要的是 --limit 吗？\n"


def test_home_and_demo_may_stand_anywhere_on_the_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--home", str(tmp_path / "h")]
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "settings.toml").write_text('language = "zh"\n', "utf-8")
    for line in ([*here, "incident", "list"], ["incident", "list", *here]):
        ran = run(*line)
        assert (ran.code, ran.err) == (0, "目前没有未恢复的故障。\n")
    assert main(["incident", "list", *here, "--demo"]) == 0  # the sample story has a store of its own
    assert "登录故障" in capsys.readouterr().out


def test_the_language_of_the_settings_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('language = "zh"\n', "utf-8")
    assert "用法：" in run("-h").out
    assert "没有命令" in run("serach").err


def test_settings_that_cannot_be_read_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text("colour = 1\n", "utf-8")
    ran = run("phrases", "list")
    assert ran.code == 1
    assert "settings.toml" in ran.err
    assert run("phrases", "-h").code == 0


ERRORS = [
    (NotSaved("Not saved: the disk is full.", hint="Free some space."), 1),
    (MaybeSaved("Maybe saved.", op_id="op-7"), 1),
    (Damaged("The log does not add up.", hint="Keep the file."), 5),
]


@pytest.mark.parametrize(("error", "code"), ERRORS)
def test_failures_are_one_line_and_a_way_out(capsys: pytest.CaptureFixture[str], error: Exception, code: int) -> None:
    def work() -> int:
        raise error

    assert guarded(work) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"agent-assist: {str(error).split('.')[0]}.\n  ")
    if isinstance(error, MaybeSaved):
        assert "--op-id op-7" in err


def test_an_unexpected_fault_is_shown_whole_and_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise RuntimeError("\x1b]52;c;aGk=\a")

    assert guarded(work) == 1
    err = capsys.readouterr().err
    assert "RuntimeError" in err
    assert "fault of the program" in err
    assert "\x1b" not in err


def test_ctrl_c_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise KeyboardInterrupt

    assert guarded(work) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.process
def test_a_reader_who_left_is_no_failure(books: Callable[[str], str]) -> None:
    large = "".join(f'[[phrase]]\nid = "a-{n}"\ntitle.zh = "题"\ntext.zh = "{"文" * 500}"\n' for n in range(200))
    program = f"{sys.executable} -m agent_assist phrases list --json --phrasebook {books(large)} | head -c 10"
    program += "; echo ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("0\n")
    assert done.stderr == ""


def _hears_interrupts() -> None:
    """Tests started in the background inherit an ignored SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.process
def test_a_stopped_batch_ends_quietly(small: str) -> None:
    batch = subprocess.Popen(
        [sys.executable, "-m", "agent_assist", "search", "--batch", "-", "--phrasebook", small],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_interrupts,
    )
    assert batch.stdin is not None
    assert batch.stdout is not None
    batch.stdin.write("denglu\n")
    batch.stdin.flush()
    assert batch.stdout.readline().startswith('{"query": "denglu"')
    batch.send_signal(signal.SIGINT)
    _out, err = batch.communicate(timeout=10)
    assert (batch.returncode, err) == (130, "")


def test_nothing_the_user_types_reaches_the_terminal_raw(run: Run, small: str) -> None:
    for arguments in (
        ["\x1b[2J"],
        ["search", "x", "--\x1b[2J"],
        ["phrases", "show", "\x1b]52;c;aGk=\a", "--phrasebook", small],
        ["reply", "zzz\x9b2J", "--phrasebook", small],
    ):
        ran = run(*arguments)
        assert not set(ran.out + ran.err) & {"\x1b", "\x9b", "\a"}


HEAVY = {"textual", "rich", "sqlalchemy", "alembic", "psycopg", "liquid", "babel"}


@pytest.mark.process
def test_search_starts_without_the_libraries_of_screen_database_and_templates(small: str) -> None:
    program = (
        "import sys; from agent_assist.cli import main; "
        f"main(['search', 'denglu', '--phrasebook', {small!r}]); "
        f"print(sorted(set(sys.modules) & {HEAVY!r}), sys.modules.get('agent_assist.cli.offer'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "login-apology" in done.stdout
    assert done.stdout.splitlines()[-1] == "[] None"


def test_the_documentation_names_every_command_and_every_option() -> None:
    context = click.Context(root, info_name="agent-assist")
    for page in ("command-line.md", "command-line.zh.md"):
        text = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
        for name in every_command():
            assert f"### `agent-assist {name}" in text, f"{page} does not document {name}"
            command: click.Command = root
            for word in name.split():
                assert isinstance(command, click.Group)
                found = command.get_command(context, word)
                assert found is not None
                command = found
            section = text.split(f"### `agent-assist {name}")[1].split("\n### ")[0]
            for param in command.params:
                if isinstance(param, click.Option) and not param.hidden and param.name != "json":
                    assert param.opts[-1] in section, f"{page}: {name} does not document {param.opts[-1]}"
