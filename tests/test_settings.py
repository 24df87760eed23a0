"""Where data lives and whose word counts."""

from pathlib import Path
from typing import get_args

import pytest

from agent_assist import settings
from agent_assist.errors import Refused
from agent_assist.search.signals import MOST


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
        ("agent = 5", "$.agent", "a wrong type is named"),
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
    assert set(get_args(settings.Signal)) == set(MOST)
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
