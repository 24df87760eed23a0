"""kill -9 of a desk while its agent types and the server is frozen: what is older than a second is there again."""

import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent_assist.store import open_store
from tests.store.crashing import Server, own_server
from tests.store.test_contract import an_incident
from tests.terminal import PATIENCE, Terminal, program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.process,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="signals"),
]

SEED = 20261128
AGENT = "Li"
BEFORE = "abcd"
"""Typed, and saved on the server, before it is frozen."""

KEPT_SECONDS = 1.0
"""Every letter that was typed so long before the kill must be there."""


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Stop every process of the server: sockets stay open, nothing answers."""
    hit = server.processes()
    for process in hit:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(hit):
            process.send_signal(signal.SIGCONT)


def env(server: Server, home: Path) -> dict[str, str]:
    return {
        "AGENT_ASSIST_HOME": str(home),
        "AGENT_ASSIST_DATABASE": server.url,
        "AGENT_ASSIST_LANG": "en",
        "AGENT_ASSIST_AGENT": AGENT,
    }


def stored_query(server: Server) -> str:
    with closing(open_store(server.url)) as store:
        return next((chat.query for chat in store.open_chats(AGENT)), "")


def until_stored(server: Server, terminal: Terminal, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while stored_query(server) != text:
        assert time.monotonic() < deadline, terminal.screen()
        terminal.read_for(0.1)  # a program whose terminal reads nothing stands still


def type_until_killed(terminal: Terminal, chance: random.Random, seconds: float) -> tuple[str, str]:
    """Type letter by letter, then kill. Returns what was typed, and the part of it that must be there."""
    typed: list[tuple[float, str]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        terminal.send(letter)
        typed.append((time.monotonic(), letter))
        terminal.read_for(chance.uniform(0.03, 0.25))
    killed_at = time.monotonic()
    terminal.kill()
    everything = "".join(letter for _at, letter in typed)
    return everything, "".join(letter for at, letter in typed if at < killed_at - KEPT_SECONDS)


def after_a_kill(server: Server, home: Path, chance: random.Random, *, has_journal: bool) -> tuple[str, str, str]:
    """Let a desk be killed while the server is frozen, start it again. Returns all, what must be there, what is."""
    with Terminal(program(), env=env(server, home)) as terminal:
        terminal.wait_to_see("SEV2", 40)
        terminal.settle()
        terminal.send("\x15")  # what the round before left in the box
        terminal.send(BEFORE)
        until_stored(server, terminal, BEFORE)
        if not has_journal:
            shutil.rmtree(home / "drafts", ignore_errors=True)
            (home / "drafts").write_text("no folder", "utf-8")
        with frozen(server):
            everything, owed = type_until_killed(terminal, chance, chance.uniform(2.0, 7.0))
    if not has_journal:
        (home / "drafts").unlink()
    with Terminal(program(), env=env(server, home)) as terminal:
        terminal.wait_to_see(BEFORE, 40)
        terminal.settle()
        back = stored_query(server)
        terminal.signal(signal.SIGTERM)
        terminal.wait(20)
    return BEFORE + everything, BEFORE + owed, back


def test_every_letter_older_than_a_second_is_there_again(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    with own_server() as server:
        with closing(open_store(server.url)) as store:
            store.open_incident(an_incident())
        for number in range(8):
            everything, owed, back = after_a_kill(server, tmp_path, chance, has_journal=True)
            print(number, len(everything), "typed", len(owed), "owed", len(back), "back")
            assert everything.startswith(back)
            assert back.startswith(owed)
        lost_everything, owed, back = after_a_kill(server, tmp_path, chance, has_journal=False)
        print("control", len(lost_everything), "typed", len(owed), "owed", len(back), "back")
        assert back == BEFORE, "without the journal everything after the freeze must be lost"
