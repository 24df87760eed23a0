"""kill -9 while `offer add` writes: what was acknowledged is there, nothing is there in part, a retry adds no second.

The kill comes a random moment after SQLite's journal appears, which is while the entry is being written; one in four
comes at any time of the run. The counts are printed (`pytest -s`).
"""

import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent_assist.cli import main

pytestmark = [pytest.mark.process, pytest.mark.skipif(os.name != "posix", reason="kill -9 needs POSIX")]

SEED = 20261121


class Running(NamedTuple):
    """A started command: `ended(seconds)` waits that long for its end and says whether it came."""

    pid: int
    ended: Callable[[float], bool]


Start = Callable[[list[str], Path], Running]


def add(home: Path, number: int, op_id: str = "") -> list[str]:
    """The command line that logs offer `number`; each goes to a customer of its own."""
    return [
        "--home",
        str(home),
        "offer",
        "add",
        "--kind",
        "coupon",
        "--amount",
        f"{number + 1}.50",
        "--customer",
        f"客户{number}",
        "--sentence",
        f"送您第 {number} 张优惠券",
        "--op-id",
        op_id or f"op-{number}",
        "--json",
    ]


def as_installed(arguments: list[str], output: Path) -> Running:
    """A fresh interpreter, as the user starts it."""
    with output.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "agent_assist", *arguments], stdout=file)

    def ended(seconds: float) -> bool:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    return Running(process.pid, ended)


@pytest.fixture
def preloaded() -> Iterator[Start]:
    """The same command in a forked process."""
    helper = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.preloaded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        cwd=Path(__file__).parents[2],
    )
    assert helper.stdin is not None
    assert helper.stdout is not None
    words, answers = helper.stdin, helper.stdout

    def start(arguments: list[str], output: Path) -> Running:
        words.write(json.dumps({"arguments": arguments, "output": str(output)}).encode() + b"\n")
        pid = int(answers.readline())

        def ended(seconds: float) -> bool:
            if not select.select([answers], [], [], seconds)[0]:
                return False
            assert answers.readline() == b"ended\n"
            return True

        return Running(pid, ended)

    yield start
    words.close()
    helper.wait(10)


def acknowledged(start: Start, arguments: list[str], home: Path, chance: random.Random, usual: float) -> bool:
    """Start the command, kill it, and say whether it had told the user that the offer is saved."""
    output = home.parent / "acknowledgement"
    left_behind = journal(home)  # by the one killed before; SQLite rolls it back first
    running = start(arguments, output)
    if chance.random() < 0.25:
        over = running.ended(chance.uniform(0, usual))
    else:
        over = False
        while not over and journal(home) in (None, left_behind):
            over = running.ended(0.0003)
        over = over or running.ended(chance.uniform(0, 0.03))
    if not over:
        with contextlib.suppress(ProcessLookupError):  # it ended in this very moment
            os.kill(running.pid, signal.SIGKILL)
        assert running.ended(30)
    try:
        return bool(json.loads(output.read_bytes())["offer"]["id"])
    except ValueError:
        return False


def journal(home: Path) -> tuple[int, int] | None:
    """Which journal there is now, if any: the sign that an entry is being written."""
    try:
        found = (home / "desk.db-journal").stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints as JSON, run to its end in this process."""
    capsys.readouterr()
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def faults(
    capsys: pytest.CaptureFixture[str], home: Path, told: dict[int, bool], retry: Callable[[int], list[str]]
) -> list[str]:
    """Everything that is wrong with the log, before and after every command was given once more."""
    here = ("--home", str(home))
    found = []
    saved = {offer["customer"] for offer in printed(capsys, *here, "offer", "list", "--json")}
    found += [f"lost {number}" for number, was_told in told.items() if was_told and f"客户{number}" not in saved]
    for number in told:
        again = printed(capsys, *retry(number))
        if again["already"] != (f"客户{number}" in saved):
            found.append(f"{number} was taken for {'an old' if again['already'] else 'a new'} one")
    offers = printed(capsys, *here, "offer", "list", "--json")
    for number in told:
        same = [offer for offer in offers if offer["customer"] == f"客户{number}"]
        if len(same) != 1:
            found.append(f"{number} is there {len(same)} times")
        whole = (number * 100 + 150, "CNY", f"送您第 {number} 张优惠券", "coupon", "offered")
        found += [f"{number} is there in part" for offer in same if what(offer) != whole]
    if [offer["seq"] for offer in offers] != list(range(1, len(offers) + 1)):
        found.append("the sequence has gaps")
    if not printed(capsys, *here, "offer", "verify", "--json")["ok"]:
        found.append("the log does not add up")
    lost = sum(f"客户{number}" in saved for number, was_told in told.items() if not was_told)
    print(f"seed {SEED}: {len(told)} kills, {sum(told.values())} acknowledged, {lost} saved without acknowledgement")
    return found


def what(offer: dict[str, Any]) -> tuple[object, ...]:
    amount = offer["amount"]
    return amount["minor"], amount["currency"], offer["sentence"], offer["kind"], offer["state"]


EVERYTHING = """
currency = "CNY"
repeat_needs_approval = false
[[rule]]
name = "Everything"
allow = { coupon = "any" }
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a database that is ready, so that each run only writes its entry."""
    from agent_assist.store import open_store

    open_store(f"sqlite:///{tmp_path / 'home' / 'desk.db'}", home=tmp_path / "home").close()
    (tmp_path / "home" / "policy.toml").write_text(EVERYTHING, "utf-8")
    return tmp_path / "home"


def killed(start: Start, home: Path, count: int) -> dict[int, bool]:
    """For each of `count` runs, whether it was acknowledged before it was killed; more of them, on a machine that is
    busy or fast, until kills came before and after the acknowledgement."""
    chance = random.Random(SEED)
    before = time.perf_counter()
    assert start(add(home.parent / "other", 0), home.parent / "first").ended(60)
    usual = time.perf_counter() - before
    told: dict[int, bool] = {}
    while len(told) < count or (len(set(told.values())) < 2 and len(told) < 10 * count):
        number = len(told)
        told[number] = acknowledged(start, add(home, number), home, chance, usual)
    return told


def test_some_kills_lose_nothing_and_double_nothing(
    preloaded: Start, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = killed(preloaded, home, 8)
    assert 0 < sum(told.values()) < len(told), "the kills must come before and after the acknowledgement"
    assert faults(capsys, home, told, lambda number: add(home, number)) == []


@pytest.mark.slow
def test_two_hundred_kills_of_the_installed_command_lose_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = killed(as_installed, home, 200)
    assert 0 < sum(told.values()) < len(told), "the kills must come before and after the acknowledgement"
    assert faults(capsys, home, told, lambda number: add(home, number)) == []


def test_control_an_acknowledgement_before_the_write_is_found_out(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hasty = """print('{"offer": {"id": "OFF-1"}}', flush=True); from agent_assist.cli import main; main(%r)"""
    with (tmp_path / "told").open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", hasty % (add(home, 0),)], stdout=file)
    while not (tmp_path / "told").stat().st_size:
        assert process.poll() is None
    process.kill()
    process.wait(30)
    assert "lost 0" in faults(capsys, home, {0: True}, lambda number: add(home, number))


def test_control_a_retry_under_a_new_name_is_found_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, *add(home, 0))
    assert "0 is there 2 times" in faults(capsys, home, {0: True}, lambda number: add(home, number, op_id="another"))
