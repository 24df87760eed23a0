"""The rehearsal of an outage holds its own checks, and they bite: a small one, see `tests.benchmarks.outage_day`."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.outage.figures import exponent
from tests.store.engines import Server

pytestmark = [pytest.mark.slow, pytest.mark.process]

SMALL = ("--agents", "8", "--minutes", "6", "--factor", "20", "--processes", "2")


def played(*options: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the lines that were printed."""
    command = [sys.executable, "-m", "tests.benchmarks.outage_day", *SMALL, *options]
    ended = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert ended.stdout, ended.stderr.decode()
    return ended.returncode, [json.loads(line) for line in ended.stdout.decode().splitlines()]


def failed_checks(lines: list[dict[str, Any]]) -> list[str]:
    return [line["check"] for line in lines if line.get("wrong")]


def test_a_small_day_with_a_restart_holds(postgres_server: Server) -> None:
    code, lines = played()
    assert (code, failed_checks(lines)) == (0, [])
    looked_at = {line["check"]: line["looked_at"] for line in lines if "check" in line}
    assert len(looked_at) == 11
    assert all(looked_at.values()), looked_at
    (server,) = (line for line in lines if line.get("what") == "server")
    assert server["transactions_per_second"] > 0


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("lost-promise", "every promise that was acknowledged is on the log once"),
        ("doubled-promise", "every promise that was acknowledged is on the log once"),
        ("over-limit", "no offer above the rule went out by itself"),
        ("broken-chain", "the chain verifies"),
        ("lost-draft", "every agent's last drafts are there at the next start"),
        ("lost-reply", "every reply that was acknowledged is on record"),
        ("lost-news", "every desk shows the newest facts"),
    ],
)
def test_a_planted_fault_is_found(postgres_server: Server, fault: str, check: str) -> None:
    code, lines = played("--fault", fault)
    assert code == 1
    assert check in failed_checks(lines)


def test_the_fit_finds_the_exponent() -> None:
    sizes = [10, 50, 200]
    assert exponent(sizes, [3 * size**1.5 for size in sizes]) == pytest.approx(1.5)
