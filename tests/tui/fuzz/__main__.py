"""Runs by hand: `python -m tests.tui.fuzz --seed 7 --actions 5000`. `--replay FILE` does again what a failed run did,
and `--reduce FILE` cuts that down.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from tests.tui.fuzz.actions import Action, actions
from tests.tui.fuzz.reduce import reduced
from tests.tui.fuzz.run import Plan, Result, plan_of, run


class Log(msgspec.Struct, kw_only=True):
    """What a failed run did."""

    seed: int
    plan: Plan
    failure: str
    actions: list[Action]


def main() -> int:
    """Run as asked; the exit code is 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.tui.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--runs", type=int, default=1, help="so many seeds, one after the other")
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--lang", choices=("zh", "en"), help="instead of what the seed says")
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction, help="instead of what the seed says")
    parser.add_argument("--log", type=Path, default=Path(), help="folder for the actions and crashes of failed runs")
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--reduce", type=Path)
    parser.add_argument(
        "--tries", type=int, default=2, help="how often a shorter list is tried before it counts as sound"
    )
    parser.add_argument("--leave-out", default="", help="makers of actions, with commas between: bad,resize")
    asked = parser.parse_args()
    if asked.reduce or asked.replay:
        log = msgspec.json.decode((asked.reduce or asked.replay).read_bytes(), type=Log)
        if asked.reduce:
            return _reduce(log, asked.reduce, asked.tries)
        return _report(run(log.seed, log.plan, log.actions, say=_say, keep=asked.log), log.plan, log.actions, asked.log)
    failed = 0
    for seed in range(asked.seed, asked.seed + asked.runs):
        plan = plan_of(seed)
        plan = Plan(language=asked.lang or plan.language, demo=plan.demo if asked.demo is None else asked.demo)
        made = partial(actions, seed, asked.actions, asked.leave_out.split(","))
        failed |= _report(run(seed, plan, made(), say=_say, keep=asked.log), plan, made(), asked.log)
    return failed


def _say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


def _report(result: Result, plan: Plan, done: Iterable[Action], folder: Path) -> int:
    rate = result.actions / result.seconds if result.seconds else 0
    sys.stdout.write(
        f"seed {result.seed} ({plan.language}{', demo' if plan.demo else ''}): {result.failure or 'clean'}; "
        f"{result.actions} actions in {result.seconds} s ({rate:.0f}/s), {result.copied} copied, "
        f"{result.outside} outside, {result.restarts} restarts\n"
    )
    every = max(1, len(result.rss) // 12)
    sys.stdout.write("  MB: " + " ".join(f"{at}:{size:.0f}" for at, size in result.rss[::every]) + "\n")
    if not result.failure:
        return 0
    sys.stdout.write(result.last_words + "\n")
    log = Log(
        seed=result.seed,
        plan=plan,
        failure=result.failure,
        actions=list(islice(done, result.actions + 1)),
    )
    path = folder / f"fuzz-{result.seed}.json"
    path.write_bytes(msgspec.json.encode(log))
    sys.stdout.write(f"  actions: {path}\n")
    return 1


def _reduce(log: Log, path: Path, tries: int) -> int:
    first = log.failure[:20]

    def fails(fewer: Sequence[Action]) -> bool:
        for _try in range(tries):
            result = run(log.seed, log.plan, fewer)
            if result.failure[:20] == first:
                _say(f"{len(fewer)} actions fail: {result.failure[:100]!r}")
                return True
        return False

    log.actions = reduced(log.actions, fails)
    short = path.with_suffix(".short.json")
    short.write_bytes(msgspec.json.encode(log))
    for action in log.actions:
        sys.stdout.write(f"{action}\n")
    sys.stdout.write(f"  actions: {short}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
