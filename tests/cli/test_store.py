"""`store`: moving, backing up and restoring as a person calls them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.store import open_store
from tests.cli.conftest import Run
from tests.offers.samples import an_offer
from tests.store.conftest import postgres, postgres_server  # noqa: F401
from tests.store.engines import Server
from tests.store.full_desk import fill_desk


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The user's own desk with something on record."""
    home = tmp_path / "home"
    store = open_store(f"sqlite:///{home / 'desk.db'}", home=home)
    fill_desk(store)
    store.close()
    return home


def test_a_backup_is_made_and_put_back(run: Run, desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    made = run("store", "backup", str(file), "--json").json
    assert made["bytes"] == file.stat().st_size
    store = open_store(f"sqlite:///{desk / 'desk.db'}", home=desk)
    store.add_offer(an_offer("later"))
    refused = run("store", "restore", str(file))
    assert (refused.code, "--older" in refused.err) == (1, True)
    restored = run("store", "restore", str(file), "--older")
    assert restored.code == 0
    assert f"up to #{made['head']['seq']}" in restored.out
    assert "is kept in" in restored.err
    assert store.head().hash == made["head"]["hash"]
    assert run("offer", "verify").code == 0
    store.close()


def test_everything_is_for_the_owners_eyes_only(run: Run, desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    run("store", "backup", str(file))
    run("store", "move", "--to", f"sqlite:///{desk / 'deeper' / 'moved.db'}")
    run("store", "restore", str(file))
    modes = {path: path.stat().st_mode & 0o777 for path in (file, desk, *desk.rglob("*"))}
    assert {path.name: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


def test_moving_names_the_new_place_without_its_password(run: Run, desk: Path, postgres: Server) -> None:  # noqa: F811
    url = postgres.url().replace("postgres:@", "postgres:geheim-passwort@")
    assert "geheim" in url
    moved = run("store", "move", "--to", url)
    assert moved.code == 0, moved.err
    assert "AGENT_ASSIST_DATABASE=postgresql://postgres@" in moved.err
    for again in (url, url.replace("desk_", "no_such_desk_"), url + "&sslmode=x", url + "&password=geheim2"):
        ran = run("store", "move", "--to", again)
        assert ran.code in (1, 5)
        assert "geheim" not in moved.out + moved.err + ran.out + ran.err


def test_a_log_that_does_not_verify_exits_5(run: Run, desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    run("store", "backup", str(file))
    content = file.read_bytes()
    at = content.index("我们为您准备了".encode())
    file.write_bytes(content[:at] + b"\xe4" + content[at + 1 :])
    ran = run("store", "restore", str(file))
    assert ran.code == 5
    assert "Nothing was changed" in ran.err


@pytest.mark.process
def test_ctrl_c_leaves_the_new_place_empty(desk: Path, tmp_path: Path) -> None:
    """The signal arrives in the middle of the copying, as a person would send it."""
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background job ignores it
        "from agent_assist.cli import main, store\n"
        "store._Progress.__call__ = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    target = tmp_path / "moved" / "desk.db"
    done = subprocess.run(
        [sys.executable, "-c", program, "store", "move", "--to", f"sqlite:///{target}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AGENT_ASSIST_HOME": str(desk)},
    )
    assert done.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in done.stderr
    assert list(target.parent.iterdir()) == []


def test_the_demo_and_a_wrong_address_are_refused_in_one_sentence(run: Run, desk: Path) -> None:
    assert "demo" in run("--demo", "store", "backup", "x").err
    assert run("store", "move", "--to", "nonsense").code == 1
    assert run("store", "move").code == 2
    assert json.loads(run("offer", "list", "--json").out) == []
