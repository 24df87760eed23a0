"""What may be offered in a team is what a lead published: nothing that lies on one person's machine changes it."""

from pathlib import Path

import pytest

from agent_assist.cli import main
from agent_assist.store import open_store
from tests.cli.conftest import Ran
from tests.store.teams import Team
from tests.store.test_team import facts_by

LAX = 'currency = "CNY"\n[[rule]]\nname = "All"\nallow = { coupon = "100000000" }\n'
_OFFER = ("offer", "add", "--kind", "coupon", "--amount", "1000000", "--customer", "王女士", "--sentence", "x")


def call(
    people: Team, short: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str
) -> Ran:
    """A command of this person, whose own folder the test fills."""
    monkeypatch.delenv("AGENT_ASSIST_AGENT", raising=False)
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.url(short))
    capsys.readouterr()
    code = main(words)
    return Ran(code, *capsys.readouterr())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A person's own folder with what would help them to promise more."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "policy.toml").write_text(LAX, "utf-8")
    (home / "settings.toml").write_text('role = "lead"\ncurrency = "JPY"\nagent = "老周"\n', "utf-8")
    return home


def test_an_agent_s_own_files_change_nothing_that_the_team_enforces(
    people: Team, own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = call(people, "小李", capsys, monkeypatch, *_OFFER, "--currency", "CNY")
    assert ran.code == 4
    made = people.store("owner").offer("OFF-1")
    assert (made.state, made.agent) == ("pending", people.name("小李"))
    assert call(people, "小李", capsys, monkeypatch, "offer", "approve", "OFF-1").code == 1
    assert call(people, "小李", capsys, monkeypatch, "policy", "publish", str(own / "policy.toml")).code == 1
    in_yen = call(people, "小陈", capsys, monkeypatch, *_OFFER[:5], "1", *_OFFER[6:])
    assert in_yen.code == 4, "another currency than the policy's cannot be held to its limits, so it waits"
    assert people.store("owner").offer("OFF-1").state == "pending"


def test_everybody_hears_that_nothing_is_published_and_that_their_file_does_not_count(
    people: Team, own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people.store("老周").open_incident(facts_by(people, "老周"))
    for words in (("policy", "check"), ("policy", "show")):
        ran = call(people, "小李", capsys, monkeypatch, *words)
        assert "No policy is published" in ran.err
        assert "does not count" in ran.err
        assert "All" not in ran.out.split()
    asked = call(people, "小李", capsys, monkeypatch, *_OFFER, "--dry-run")
    assert "No policy is published" in asked.out
    doctor = call(people, "小李", capsys, monkeypatch, "doctor").out
    assert "no policy published" in doctor
    assert "policy publish" in doctor


def test_once_published_it_is_named_and_rules(
    people: Team, own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(people, "老周", capsys, monkeypatch, "policy", "publish", str(own / "policy.toml")).code == 0
    ran = call(people, "小李", capsys, monkeypatch, "policy", "check")
    assert "version 1" in ran.out
    assert "No policy" not in ran.err
    assert call(people, "小李", capsys, monkeypatch, *_OFFER, "--currency", "CNY").code == 0
    assert "policy v1" in call(people, "小李", capsys, monkeypatch, "doctor").out


def test_the_database_of_one_person_is_no_team(sqlite_url: str, home: Path) -> None:
    store = open_store(sqlite_url, home=home)
    assert not store.is_team()
    store.close()


def test_the_owner_of_a_team_is_bound_like_everybody(people: Team) -> None:
    assert people.store("owner").is_team()
    assert people.store("小李").is_team()
