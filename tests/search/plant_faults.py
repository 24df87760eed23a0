"""Would a test fail if a part of search were gone? `python -m tests.search.plant_faults [WORD]` takes away one weight,
one reading, one branch after another (those whose names hold WORD) and prints those under which every test passes.

Each fault is planted in a process of its own that then runs the tests; nothing is written.
"""

import argparse
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent_assist.search import index, pinyin, pinyin_typos, query, rank, signals, unit_match
from agent_assist.search.vocabulary import Vocabulary

HERE = Path(__file__).parent
TESTS = ("test_ranking", "test_signals", "test_search", "test_synonyms", "test_words", "test_shipped_book")
Fault = Callable[[], None]


def nothing(*_args: object, **_options: object) -> Iterator[str]:
    """No words."""
    return iter(())


def faults() -> Mapping[str, Fault]:
    """What can be planted, by name."""
    found: dict[str, Fault] = {}
    for place, table in (
        ("rank.WEIGHTS", rank.WEIGHTS),
        ("rank.LONG_QUERY_WEIGHTS", rank.LONG_QUERY_WEIGHTS),
        ("MAX_SIGNAL_SCORE", signals.MAX_SIGNAL_SCORE),
    ):
        for name in table:
            found[f"{place}[{name}] = 0"] = partial(table.update, {name: 0.0})
    for module, names in (
        (unit_match, "HOMOPHONE NEAR_HOMOPHONE STEM BEGINNING PART SLIP SLIP_IN_BEGINNING KIN"),
        (pinyin_typos, "SPELT BLURRED CUT_AT_END CUT INITIAL SLIPPED"),
        (rank, "SYNONYM SYNONYM_LOOKUP JUMP JUMP_AT_SPACE MIN_WEIGHT"),
        (query, "_HEARD_PAIR _SLIPPED _SOUND _SOUND_PAIR _INITIAL_PAIR _INITIAL_TRIPLE"),
    ):
        for name in names.split():
            found[f"{module.__name__.rpartition('.')[2]}.{name} = 0"] = partial(setattr, module, name, 0.0)
    branches: tuple[tuple[str, object, str, object], ...] = (
        ("courtesy counts in full", query, "COURTESY_WEIGHT", 1.0),
        ("no courtesy is known", query, "courtesy_spans", lambda _folded: []),
        ("joining words count in full", query, "FUNCTION_WORD_WEIGHT", 1.0),
        (
            "slips without pinyin.slipped",
            pinyin_typos,
            "pinyin",
            SimpleNamespace(**{**vars(pinyin), "slipped": nothing}),
        ),
        ("slips without _by_confusable", pinyin_typos, "_by_confusable", dict),
        ("slips without _by_beginning", pinyin_typos, "_by_beginning", dict),
        ("torn syllables are not looked up", query, "_torn_syllables", lambda _pieces: set()),
        ("pinyin is read in one way", query, "pinyin", SimpleNamespace(**{**vars(pinyin), "parses": best_parse})),
        ("a known word is never pinyin", query, "_may_be_pinyin", lambda run, known: not known and run.isalpha()),
        ("moves without one_slip", unit_match, "one_slip", lambda *_: False),
        ("moves without slip_in_beginning", unit_match, "slip_in_beginning", lambda *_: False),
        ("moves without parts of runs", unit_match.UnitMatcher, "_part", nothing),
        ("homophones are not heard", unit_match.UnitMatcher, "_add_homophones", lambda *_: None),
        ("vocabulary without slips", Vocabulary, "_within_one_slip", nothing),
        ("vocabulary without slips in beginnings", Vocabulary, "_beginnings_within_one_slip", nothing),
        ("vocabulary without beginnings", Vocabulary, "_completions", lambda *_: []),
        ("vocabulary without words typed together", Vocabulary, "_split_into_words", nothing),
        ("no unheard synonyms", rank.Ranking, "_min_synonym_weight", lambda *_: 0.0),
        ("no synonyms in the alignment", rank.Ranking, "_synonym_pieces", lambda *_: {}),
        ("rare and common words count the same", index.Index, "idf", lambda *_: 5.0),
        ("a use long ago counts", signals, "RECENT_USE_PERIOD", signals.RECENT_USE_PERIOD * 100),
        ("one use is often", signals, "MANY_USES", 1),
    )
    for name, owner, attribute, value in branches:
        found[name] = partial(setattr, owner, attribute, value)
    return found


def best_parse(run: str) -> tuple[tuple[str, ...], ...]:
    """Only the cheapest way to read a run of letters."""
    return pinyin.parses(run)[:1]


def planted(fault: str) -> int:
    """Plant a fault here and run the tests; not 0 when one fails."""
    faults()[fault]()
    tests = [str(HERE / f"{name}.py") for name in TESTS]
    return int(pytest.main(["-n0", "-x", "-qq", "--no-header", "--tb=no", "-p", "no:cacheprovider", *tests]))


def is_caught(fault: str) -> bool:
    """Whether a test fails under the fault."""
    command = [sys.executable, "-m", "tests.search.plant_faults", "--plant", fault]
    run = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stdout + run.stderr)
    return run.returncode == 1


def survivors(word: str = "") -> list[str]:
    """The faults under which every test passes, of those whose names hold the word."""
    named = [fault for fault in faults() if word in fault]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(itertools.compress(named, (not caught for caught in pool.map(is_caught, named))))


def main() -> int:
    """Print the survivors; exit code 1 when there are any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--plant", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plant:
        return planted(options.plant)
    alive = survivors(options.word)
    for fault in alive:
        print(fault)
    print(f"{len(alive)} of {sum(options.word in fault for fault in faults())} faults survive", file=sys.stderr)
    return bool(alive)


if __name__ == "__main__":
    sys.exit(main())
