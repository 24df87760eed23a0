"""The desk under random use; the fuzzer itself repeats what it did, notices what it is for, and cuts it down."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tui.fuzz.actions import Action, actions
from tests.tui.fuzz.reduce import reduced
from tests.tui.fuzz.run import plan_of, run
from tests.tui.fuzz.subject import Hung, Subject

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it reads Linux's /proc"),
]

GROWTH = 25.0
"""Megabytes that memory may rise in the second half of a long run."""


def test_a_seed_means_the_same_actions_each_time() -> None:
    assert list(actions(7, 500)) == list(actions(7, 500))
    assert list(actions(7, 100)) != list(actions(8, 100))
    assert list(actions(7, 500))[:100] == list(actions(7, 100))


def test_what_fails_is_cut_down_to_what_it_takes() -> None:
    whole = list(actions(3, 200))
    needed = {whole[20], whole[150]}

    def fails(fewer: Sequence[Action]) -> bool:
        return needed <= set(fewer)

    assert set(reduced(whole, fails)) == needed


def python(code: str, folder: Path) -> Subject:
    return Subject([sys.executable, "-c", code], dict(os.environ), folder)


def test_a_program_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    with python("raise SystemExit(3)", tmp_path) as subject:
        assert subject.wait(20) == 3


def test_a_program_that_spins_is_noticed(tmp_path: Path) -> None:
    with python("while True: pass", tmp_path) as subject, pytest.raises(Hung):
        subject.until_idle(cpu=0.3)


def test_what_is_copied_and_what_leaks_is_noticed_across_reads(tmp_path: Path) -> None:
    code = (
        "import sys, time; out = sys.stdout.buffer; out.write(b'\\x1b]52;c;5p2'); out.flush(); time.sleep(0.2);"
        "out.write(b'l\\x07\\xc2'); out.flush(); time.sleep(0.2); out.write(b'\\x9b'); out.flush(); time.sleep(5)"
    )
    with python(code, tmp_path) as subject:
        while not subject.leaks:
            subject.check()
            subject.read(0.05)
        assert len(subject.copied) == 1


@pytest.mark.parametrize(
    ("seed", "many"), [(1, 120), *(pytest.param(seed, 200, marks=pytest.mark.slow) for seed in (1, 2))]
)
def test_the_desk_stands_some_random_actions(seed: int, many: int) -> None:
    result = run(seed, plan_of(seed), actions(seed, many))
    assert not result.failure, f"seed {seed}: {result.failure}\n{result.last_words}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_the_desk_stands_5000_random_actions(seed: int) -> None:
    result = run(seed, plan_of(seed), actions(seed, 5_000))
    assert not result.failure, f"seed {seed}: {result.failure}\n{result.last_words}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
def test_30000_random_actions_leave_the_desk_as_it_was_and_its_memory_on_a_plateau(seed: int) -> None:
    result = run(seed, plan_of(seed), actions(seed, 30_000))
    assert not result.failure, f"seed {seed}: {result.failure}\n{result.last_words}"
    assert result.growth < GROWTH, f"megabytes by actions: {result.rss}"
