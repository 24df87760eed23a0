"""Where data lives and whose word counts."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from agent_assist import settings
from agent_assist.errors import Refused
from agent_assist.search.signals import MAX_SIGNAL_SCORE


def test_everything_lives_below_the_home_that_was_named(tmp_path: Path) -> None:
    read = settings.read(environ={"AGENT_ASSIST_HOME": str(tmp_path)})
    assert read.home == tmp_path
    assert read.database == f"sqlite:///{tmp_path / 'desk.db'}"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('agent = "老周"\nlanguage = "zh"\ncurrency = "JPY"\n', "utf-8")
    from_file = settings.read(home=tmp_path, environ={})
    assert (from_file.agent, from_file.language, from_file.currency) == ("老周", "zh", "JPY")
    both = settings.read(home=tmp_path, environ={"AGENT_ASSIST_AGENT": "小李", "AGENT_ASSIST_LANG": "en"})
    assert (both.agent, both.language) == ("小李", "en")


@pytest.mark.parametrize(
    ("content", "named", "why"),
    [
        ("agent = ", "settings.toml", "broken TOML names the file"),
        ('colour = "red"', "colour", "an unknown key is named"),
        ("agent = 5", "“agent” must be a text", "a wrong type is named"),
        ('language = "fr"', "“language” cannot be “fr”. Choose from: zh, en", "so is what it may be"),
        ('phrasebooks = "books"', "“phrasebooks” must be a list of texts", "a list is a list"),
        ("phrasebooks = [1]", "“phrasebooks” must be a list of texts", "of texts"),
        ('currency = "YUAN"', "“currency” cannot be “YUAN”", "a currency exists"),
        ("[agent]", "“agent” must be a text", "a table is no text"),
        ('role = ""', "Choose from: agent, lead", "an empty role is none"),
        ("x = " + "[" * 50_000, "nested too deeply", "nesting costs nothing"),
        ("agent" + ".a" * 50_000 + " = 1", "settings.toml:1: This file is nested", "nor does a long key"),
    ],
)
def test_a_broken_settings_file_is_refused_by_name_and_left_alone(
    tmp_path: Path, content: str, named: str, why: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(content)
    with pytest.raises(Refused, match="nothing was changed") as refused:
        settings.read(home=tmp_path, environ={})
    assert named in str(refused.value), why
    assert file.read_text() == content


def test_a_new_home_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    read = settings.read(home=tmp_path / "new", environ={})
    settings.prepare_home(read)
    assert read.home.stat().st_mode & 0o777 == 0o700


def test_own_phrasebooks_come_after_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "phrasebooks").mkdir()
    read = settings.read(home=tmp_path, environ={})
    assert read.phrasebooks == (settings.shipped_phrasebooks(), tmp_path / "phrasebooks")


def test_every_ranking_signal_can_be_switched_off_by_its_name(tmp_path: Path) -> None:
    assert set(get_args(settings.Signal)) == set(MAX_SIGNAL_SCORE)
    (tmp_path / "settings.toml").write_text('signals_off = ["team", "recent"]')
    assert settings.read(home=tmp_path, environ={}).signals_off == ("team", "recent")
    (tmp_path / "settings.toml").write_text('signals_off = ["taem"]')
    with pytest.raises(Refused, match=r"settings\.toml.*taem"):
        settings.read(home=tmp_path, environ={})


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"AGENT_ASSIST_DATABASE": "postgresql://%E5%B0%8F%E6%9D%8E:pw@server/desk"}, "小李"),
        ({"AGENT_ASSIST_DATABASE": "postgresql://server/desk", "PGUSER": "老周"}, "老周"),
        ({"AGENT_ASSIST_DATABASE": "postgresql://小李@server/desk", "AGENT_ASSIST_AGENT": "小陈"}, "小陈"),
        ({"AGENT_ASSIST_DATABASE": "sqlite:////home/me/desk.db"}, "小王"),
        ({"AGENT_ASSIST_DATABASE": "postgresql://[broken"}, "小王"),
    ],
)
def test_in_a_team_the_name_is_that_of_the_account(tmp_path: Path, environment: dict[str, str], name: str) -> None:
    (tmp_path / "settings.toml").write_text('agent = "小王"', "utf-8")
    assert settings.read(home=tmp_path, environ=environment).agent == name


def test_on_one_s_own_desk_one_is_the_lead_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    assert settings.read(home=tmp_path, environ={}).role == "lead"
    (tmp_path / "settings.toml").write_text('role = "agent"', "utf-8")
    assert settings.read(home=tmp_path, environ={}).role == "agent"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


def _latin(path: Path) -> None:
    path.write_bytes('agent = "ab"\nagent = "é"'.encode("latin-1"))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_pipe, "not a regular file"),
        (_endless, "not a regular file"),
        (Path.mkdir, "not a regular file"),
        (_loop, "symbolic links"),
        (_huge, "larger than 1 MB"),
        (_latin, "Line 2 is not UTF-8"),
    ],
)
def test_settings_that_are_no_file_of_text_are_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    make(tmp_path / "settings.toml")
    before = time.monotonic()
    with pytest.raises(Refused, match=why):
        settings.read(home=tmp_path, environ={})
    assert time.monotonic() - before < 30


def test_the_home_of_nobody_is_refused_with_a_way_out(tmp_path: Path) -> None:
    calls: list[dict[str, Any]] = [
        {"home": Path("~nosuchuser/x"), "environ": {}},
        {"environ": {"AGENT_ASSIST_HOME": "~nosuchuser/x"}},
    ]
    for call in calls:
        with pytest.raises(Refused, match="no user “nosuchuser”") as refused:
            settings.read(**call)
        assert "--home DIR" in refused.value.hint
        assert settings.read_without_file(**call).home.name == "x"


def test_a_phrasebook_folder_of_nobody_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('phrasebooks = ["~nosuchuser/x", "~/books"]')
    read = settings.read(home=tmp_path, environ={})
    assert read.phrasebooks[1:] == (Path("~nosuchuser/x"), Path("~/books").expanduser())


@pytest.mark.parametrize("name", ["q?1", "a%41b", "My%20Documents", "x#y", "王 女", b"b\xff", "a:b;c&d=e'\""])
def test_the_database_lies_in_the_home_whatever_it_is_called(tmp_path: Path, name: str | bytes) -> None:
    from agent_assist.store import open_store
    from agent_assist.store.database_info import read_database_info
    from tests.offers.samples import an_offer

    home = Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + os.fsencode(name)))
    read = settings.read(home=home, environ={})
    store = open_store(read.database, home=home)
    store.add_offer(an_offer())
    store.close()
    assert [path.name for path in home.iterdir() if path.suffix == ".db"] == ["desk.db"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == [home.name]
    assert read_database_info(read.database, home=home).log.seq == 1


def test_secrets_of_the_settings_stay_out_of_what_a_crash_prints(tmp_path: Path) -> None:
    read = settings.read(home=tmp_path, environ={"AGENT_ASSIST_DATABASE": "postgresql://u:S3cret@h/d?password=S3cret"})
    from rich.pretty import pretty_repr

    assert "S3cret" not in repr(read) + pretty_repr(read)
    assert "S3cret" in read.database


def test_times_of_the_clock_are_checked_when_they_are_set() -> None:
    assert settings.fault("clock", ["SEV1 5m 30m 2h", "SEV4 - - 4h"]) == ""
    assert "SEV1 5 30" in settings.fault("clock", ["SEV1 5 30"])
    assert settings.fault("clock", "SEV1 5m 30m 2h")
    assert settings.fault("clock_bell", "off") == ""
    assert settings.fault("clock_bell", "loud")
