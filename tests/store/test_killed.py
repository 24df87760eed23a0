"""kill -9 while offers are added: nothing acknowledged is lost, nothing is half there, nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from agent_assist.store import open_store

pytestmark = [pytest.mark.process, pytest.mark.skipif(not hasattr(os, "fork"), reason="the victims are forked")]

ROOT = Path(__file__).parents[2]
SEED = 20261120


class Outcome(NamedTuple):
    """What was found after the last kill."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    in_doubt: int
    """Committed, but killed before that could be said."""
    verified: bool


def kill_often(url: str, home: Path, kills: int, mode: str) -> Outcome:
    """Kill the adding process at random moments; each successor first tries again what was not acknowledged."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    acknowledged: set[str] = set()
    number, in_doubt = 0, 0
    store = open_store(url, home=home)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.adder", url, str(home), mode],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as adder:
        assert adder.stdin is not None
        assert adder.stdout is not None
        for kill in range(kills):
            # Every other victim dies where it hurts most: after the commit, before anybody was told.
            wanted = chance.randint(1, 4)
            fatal = number + wanted if kill % 2 else -1
            adder.stdin.write(f"1 offer {number} 1000000 {fatal}\n")
            victim, acks = 0, 0
            for line in adder.stdout:
                word, *rest = line.split()
                if word == "pid":
                    victim = int(rest[0])
                elif word == "try":
                    number = int(rest[0].removeprefix("offer0-"))
                elif word == "ack":
                    acknowledged.add(rest[0])
                    number, acks = number + 1, acks + 1
                if acks == wanted and victim and fatal < 0:
                    time.sleep(chance.uniform(0, 0.012))  # the moment of death, anywhere in the next offer or two
                    os.kill(victim, signal.SIGKILL)
                    wanted = -1
                if word == "dead":
                    break
            if f"offer0-{number}" in {offer.customer for offer in store.offers(limit=3)}:
                in_doubt += 1
        adder.stdin.close()
    kept = Counter(offer.customer for offer in store.offers())
    verdict = store.verify()
    store.close()
    return Outcome(
        kills,
        len(acknowledged),
        lost=len(acknowledged - set(kept)),
        doubled=sum(kept.values()) - len(kept),
        in_doubt=in_doubt,
        verified=verdict.ok and verdict.entries == sum(kept.values()),
    )


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(url: str, home: Path, kills: int) -> None:
    outcome = kill_often(url, home, kills, "honest")
    print(outcome)
    assert (outcome.lost, outcome.doubled, outcome.verified) == (0, 0, True)
    assert outcome.acknowledged >= kills


@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", ["acknowledges first", "new op_id"])
def test_the_proof_bites(sqlite_url: str, home: Path, mode: str, kills: int) -> None:
    """Control: speaking before the commit loses offers, and trying again under a new op_id doubles them."""
    outcome = kill_often(sqlite_url, home, kills, mode)
    print(outcome)
    assert (outcome.lost if mode == "acknowledges first" else outcome.doubled) > 0
