"""Fixtures of the storage tests: the running server, and a store or a database URL for each engine."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_assist.store import MemoryStore, Store, open_store
from tests.store.engines import Server, running_postgres
from tests.store.teams import Team


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[Server]:
    yield postgres_server
    postgres_server.drop()


@pytest.fixture(scope="session")
def teams() -> list[Team]:
    """The team that is free, if there is one: making one takes ten times as long as putting its database back.

    The last one goes with the server.
    """
    return []


@pytest.fixture
def people(postgres: Server, home: Path, teams: list[Team]) -> Iterator[Team]:
    """A team with 小李 and 小陈 as agents, 老周 and 老王 as leads."""
    team = teams.pop() if teams else Team(postgres, home)
    team.home = home
    yield team
    if team.begin_anew():
        teams.append(team)
    else:
        team.close()


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Where the desk's own files live: in memory where there is such a place, for slow proofs on the disk."""
    memory = Path("/dev/shm")  # noqa: S108
    if request.node.get_closest_marker("slow") or not os.access(memory, os.W_OK):
        memory = tmp_path
    with tempfile.TemporaryDirectory(dir=memory, prefix="agent-assist-") as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(home: Path, blank_file: Path) -> str:
    shutil.copy(blank_file, home / "desk.db")
    return f"sqlite:///{home / 'desk.db'}"


@pytest.fixture
def postgres_url(postgres: Server) -> str:
    return postgres.url()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of each engine."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opening(request: pytest.FixtureRequest, home: Path) -> Callable[[], Store]:
    """Opens the same store again and again, as several desks would; memory has only one."""
    if request.param == "memory":
        only = MemoryStore()
        return lambda: only
    place = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return lambda: open_store(place, home=home)


@pytest.fixture
def store(opening: Callable[[], Store]) -> Iterator[Store]:
    opened = opening()
    yield opened
    opened.close()
