"""What every test shares: a fixed time, a fixed zone, a private home, and English unless a test asks for Chinese.

The quick loop while you work, without processes, PostgreSQL and screens: `pytest -m "not slow and not process and not
screen"`. Plain `pytest` adds those; `pytest -m slow` runs the long proofs.
"""

import datetime as dt
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist import locale
from agent_assist.locale import texts

NOW = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
"""14:10 in Shanghai."""

CLIPBOARD = ("DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION", "TMUX", "WSL_DISTRO_NAME", "TERMUX_VERSION")
"""Variables that say where a clipboard is."""

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "CST")


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads the tester's own settings, clock zone, clipboard or language."""
    for name in list(os.environ):
        if name.startswith("AGENT_ASSIST_") or name in CLIPBOARD:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AGENT_ASSIST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AGENT_ASSIST_AGENT", "小李")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("LANG", "C.UTF-8")
    locale.use("en")


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite desk without content, to copy."""
    from agent_assist.store import open_store

    path = tmp_path_factory.mktemp("blank") / "desk.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def tz() -> dt.tzinfo:
    return SHANGHAI


def pytest_configure(config: pytest.Config) -> None:
    """Compile the Chinese texts once, before any worker starts, when a checkout changed since it was installed.

    Let Python keep what it compiles, too, as it does for users: the tests start the program many times.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if not hasattr(config, "workerinput") and texts.is_stale():
        texts.compile_catalogue()


def pytest_xdist_auto_num_workers() -> int:
    """Twice the processors and one: almost half of the suite's time is waiting, for keys, processes and locks."""
    return 2 * (os.cpu_count() or 1) + 1


_POSTGRES = "postgres_server"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the PostgreSQL server, by a fixture or by a parameter, and what opens a screen."""
    for item in items:
        if "tui" in item.path.parts and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.screen)
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if _POSTGRES in getattr(item, "fixturenames", ()) or "postgres" in parameters:
            item.add_marker(pytest.mark.process)


@pytest.fixture(autouse=True)
def _only_marked_tests_start_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the quick loop quick: a test in it that starts a process is not marked as it should be."""
    if "not process" not in request.config.option.markexpr:
        return

    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("This test starts a process: mark it with pytest.mark.process.")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    for name in ("fork", "forkpty"):
        monkeypatch.setattr(os, name, refuse, raising=False)
