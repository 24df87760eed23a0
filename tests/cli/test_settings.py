"""`settings show` says what is in force and why; `settings set` changes one line and nothing else."""

import os
import stat
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest

from agent_assist import settings
from agent_assist.cli import main
from tests.cli.conftest import Run

COMMENTED = """# The desk of the late shift.
currency = "CNY"   # what we pay in

# Books of the team first.
phrasebooks = [
    "/srv/books",  # mounted
]
language = "en"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "settings.toml"


def shown(run: Run) -> dict[str, tuple[Any, str]]:
    return {row["name"]: (row["value"], row["source"]) for row in run("settings", "show", "--json").json["settings"]}


def test_every_setting_is_shown_with_its_value_and_where_it_comes_from(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('currency = "jpy"\nsignals_off = ["team"]\nagent = "老周"\n', "utf-8")
    monkeypatch.setenv("AGENT_ASSIST_LANG", "en")
    found = shown(run)
    assert set(found) == {"home", *settings.SETTING_NAMES}
    assert found["home"] == (str(file.parent), "environment")
    assert found["currency"] == ("JPY", "file")
    assert found["signals_off"] == (["team"], "file")
    assert found["agent"] == ("小李", "environment")
    assert found["language"] == ("en", "environment")
    assert found["role"] == ("lead", "default")
    assert found["phrasebooks"] == ([], "default")
    assert found["database"][1] == "default"
    table = run("settings", "show")
    assert "JPY" in table.out
    assert table.code == 0


def test_a_password_is_never_shown(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGENT_ASSIST_AGENT")
    url = "postgresql://xiaoli:S3cret@server/desk?password=S3cret"
    ran = run("settings", "set", "database", url)
    assert ran.code == 0
    both = run("settings", "show").out + run("settings", "show", "--json").out + ran.out + ran.err
    assert "S3cret" not in both
    assert tomllib.loads(file.read_text())["database"] == url
    assert shown(run)["agent"] == ("xiaoli", "database")
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", "mysql://u:S3cret@h/d")
    assert "S3cret" not in run("settings", "show").out


def test_a_first_setting_makes_a_file_for_its_owner_only(run: Run, tmp_path: Path) -> None:
    assert run("settings", "set", "currency", "usd").code == 0
    made = tmp_path / "home" / "settings.toml"
    assert made.read_text() == 'currency = "USD"\n'
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert shown(run)["currency"] == ("USD", "file")


def test_a_person_s_comments_and_order_survive(run: Run, file: Path) -> None:
    file.write_text(COMMENTED, "utf-8")
    assert run("settings", "set", "currency", "EUR").code == 0
    assert file.read_text("utf-8") == COMMENTED.replace('"CNY"', '"EUR"')
    assert run("settings", "set", "role", "agent").code == 0
    assert file.read_text("utf-8") == COMMENTED.replace('"CNY"', '"EUR"') + 'role = "agent"\n'
    assert run("settings", "set", "role", "--default").code == 0
    assert file.read_text("utf-8") == COMMENTED.replace('"CNY"', '"EUR"')


def test_windows_line_ends_stay(run: Run, file: Path) -> None:
    file.write_bytes(COMMENTED.replace("\n", "\r\n").encode())
    run("settings", "set", "currency", "EUR")
    assert file.read_bytes() == COMMENTED.replace('"CNY"', '"EUR"').replace("\n", "\r\n").encode()


def test_a_file_without_comments_keeps_its_order(run: Run, file: Path) -> None:
    file.write_text('theme = "nord"\ncurrency = "CNY"\nagent = "x"\n')
    assert run("settings", "set", "currency", "EUR").code == 0
    assert file.read_text() == 'theme = "nord"\ncurrency = "EUR"\nagent = "x"\n'


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["language", "fr"], "“language” cannot be “fr”. Choose from: zh, en."),
        (["role", "boss"], "Choose from: agent, lead."),
        (["currency", "YUAN"], "“currency” cannot be “YUAN”"),
        (["signals_off", "team", "taem"], "“signals_off” cannot be “taem”. Choose from: stage, "),
        (["theme", "pink"], "“theme” cannot be “pink”. Choose from: "),
        (["colour", "red"], "There is no setting “colour”. Settings are: database, "),
        (["language", "zh", "en"], "“language” takes one value."),
        (["language"], "Give a value, or --default"),
        (["language", "zh", "--default"], "Give a value, or --default"),
        (["colour", "--default"], "There is no setting “colour”"),
        (["home", "/x"], "--home DIR"),
        (["database", "mysql://x/y"], "database URL cannot be used"),
        (["phrasebooks", "~nosuchuser/x"], "no user “nosuchuser”"),
        (["currency", ""], "“currency” cannot be “”"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_written(
    run: Run, file: Path, arguments: list[str], named: str
) -> None:
    file.write_text(COMMENTED, "utf-8")
    ran = run("settings", "set", *arguments)
    assert (ran.code in (1, 2), ran.out) == (True, "")
    assert named in ran.err
    assert file.read_text("utf-8") == COMMENTED


def test_lists_take_any_number_of_values(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run("settings", "set", "phrasebooks", "~/team", "books")
    assert shown(run)["phrasebooks"] == (["~/team", str(tmp_path / "books")], "file")
    run("settings", "set", "phrasebooks", "")
    assert shown(run)["phrasebooks"] == ([], "file")


def test_one_wrong_setting_can_be_put_right_while_another_is_wrong(run: Run, file: Path) -> None:
    file.write_text('# mine\nlanguage = "fr"\ncolour = "red"\n')
    assert run("search", "x").code == 1
    ran = run("settings", "set", "language", "zh")
    assert ran.code == 0
    assert "colour" in ran.err
    assert run("settings", "set", "colour", "--default").code == 0
    assert file.read_text() == '# mine\nlanguage = "zh"\n'
    assert run("settings", "show").code == 0


@pytest.mark.parametrize("content", [b"language = ", b"\xff", b"a = " + b"[" * 50_000])
def test_a_file_that_is_no_toml_is_left_alone(run: Run, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    for arguments in (["show"], ["set", "language", "zh"]):
        ran = run("settings", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert "settings.toml" in ran.err
    assert file.read_bytes() == content


def test_a_link_to_a_file_kept_elsewhere_stays_one(run: Run, file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text("# kept\n")
    file.symlink_to(tmp_path / "dotfiles.toml")
    assert run("settings", "set", "role", "agent").code == 0
    assert file.is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text() == '# kept\nrole = "agent"\n'


def test_it_says_when_the_environment_wins(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("settings", "set", "agent", "老周")
    assert "AGENT_ASSIST_AGENT" in ran.err
    assert run("settings", "set", "role", "agent").err == ""


def test_a_folder_that_cannot_be_written_to_is_named(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    file.write_text(COMMENTED, "utf-8")
    monkeypatch.setattr(os, "fsync", full)
    ran = run("settings", "set", "role", "agent")
    assert ran.code == 1
    assert "No space left" in ran.err
    assert file.read_text("utf-8") == COMMENTED


def test_the_demo_keeps_nothing(run: Run, tmp_path: Path) -> None:
    assert run("--demo", "settings", "set", "role", "agent").code == 1
    assert not (tmp_path / "home" / "settings.toml").exists()


def test_of_many_changes_at_once_none_is_lost(file: Path) -> None:
    from agent_assist.services.settings_file import put

    file.write_text(COMMENTED, "utf-8")
    values = {"agent": "a", "theme": "nord", "role": "agent", "currency": "EUR", "language": "en"}
    threads = [threading.Thread(target=put, args=(file.parent, name, value)) for name, value in values.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = tomllib.loads(file.read_text("utf-8"))
    assert {name: found[name] for name in values} == values
    assert "# mounted" in file.read_text("utf-8")


def test_what_was_set_is_what_the_next_start_reads(file: Path) -> None:
    assert main(["settings", "set", "theme", "high-contrast"]) == 0
    assert settings.read().theme == "high-contrast"


def test_settings_that_are_a_link_in_a_circle_cannot_be_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_HOME", str(tmp_path))
    (tmp_path / "settings.toml").symlink_to("settings.toml")
    result = run("settings", "set", "theme", "nord")
    assert result.code == 1
    assert "leads nowhere" in result.err
    assert "fault of the program" not in result.err
