"""`team`: what a lead with a PostgreSQL address sees, and that no password but a new one is ever shown."""

# ruff: noqa: F811 - fixtures of the store tests are used here under their names
import io
import sys

import pytest
import sqlalchemy as sa

from agent_assist.store import open_store
from tests.cli.conftest import Run
from tests.offers.samples import an_offer
from tests.store.conftest import home, people, postgres, postgres_server, teams  # noqa: F401
from tests.store.teams import Team

SECRET = "geheim-passwort"  # noqa: S105


@pytest.fixture
def owner(people: Team, monkeypatch: pytest.MonkeyPatch) -> str:
    """The owner's address, with a password in it, as the only setting."""
    url = sa.make_url(people.owner).set(password=SECRET).render_as_string(hide_password=False).replace(" ", "%20")
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", url)
    monkeypatch.delenv("AGENT_ASSIST_AGENT")
    return url


def test_five_commands_make_a_team(people: Team, owner: str, run: Run) -> None:
    assert "ready for a team" in run("team", "init").out
    name = people.name("小赵")
    people.expect(name)
    added = run("team", "add", name, "--role", "agent")
    assert added.code == 0
    line = added.out.splitlines()[1]
    assert line.startswith("AGENT_ASSIST_DATABASE='postgresql://")
    store = open_store(line.partition("'")[2].rstrip("'"), home=people.home)
    assert store.add_offer(an_offer(agent=name)).offer.agent == name
    store.close()
    assert [name, "agent", "yes"] in [line.rsplit(maxsplit=2) for line in run("team", "list").out.splitlines()]
    assert {each["name"]: each["role"] for each in run("team", "list", "--json").json}[name] == "agent"
    assert run("team", "remove", name).code == 0
    assert name not in run("team", "list").out


def test_a_password_from_standard_input_is_not_shown(
    people: Team,
    owner: str,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people.expect(people.name("小赵"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("mein-eigenes-wort\n"))
    ran = run("team", "add", people.name("小赵"), "--role", "agent", "--password-from-stdin")
    assert ran.code == 0
    assert "mein-eigenes-wort" not in ran.out + ran.err


def test_no_command_shows_the_owners_password_even_when_it_fails(
    people: Team,
    owner: str,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = (
        ("team", "init"),
        ("team", "list"),
        ("team", "list", "--json"),
        ("team", "remove", "nobody"),
        ("team", "add", people.name("小李"), "--role", "lead"),
        ("team", "add", "pg_x", "--role", "lead"),
        ("doctor",),
        ("doctor", "--json"),
    )
    for call in calls:
        ran = run(*call)
        assert SECRET not in ran.out + ran.err, call
    for broken in (owner.replace("/desk_", "/no_such_desk_"), owner.replace("host=", "hots="), owner + "&sslmode=x"):
        monkeypatch.setenv("AGENT_ASSIST_DATABASE", broken)
        for call in calls:
            ran = run(*call)
            assert SECRET not in ran.out + ran.err, call
            assert "Traceback" not in ran.err


def test_without_a_team_database_the_way_out_is_named(run: Run) -> None:
    ran = run("team", "init")
    assert ran.code == 1
    assert "postgresql://" in ran.err


@pytest.mark.parametrize("given", [b"p\xe4ss\n", b"x" * 5000])
def test_a_password_that_cannot_be_typed_again_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    ran = run("team", "add", "x", "--role", "agent", "--password-from-stdin")
    assert (ran.code, ran.out) == (1, "")
    assert "The password on standard input" in ran.err
