"""How the desk feels, as ratios measured in one run: `python tests/benchmarks/desk.py [--runs N]`.

first paint   process start until the search box is on the screen, against an empty Textual app (goal ≤ 1.5)
key           key press until the changed result list is on the screen, with 200 and 10,000 phrases, against the echo of
              a key in an empty Textual app (goal ≤ 1.5)
search        `agent-assist search` as a whole process, against `python -c pass`

Everything runs in a real pseudo-terminal, in turn (A B A B …), so that a slow moment of the machine hits both sides.
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.terminal import Terminal, program

EMPTY = [sys.executable, str(Path(__file__).with_name("empty_app.py"))]
ENGLISH = {"AGENT_ASSIST_LANG": "en"}
COUNTER = r"(\d+) / (\d+)"


def ratio(ours: list[float], yardstick: list[float]) -> float:
    """Median of the pairwise ratios."""
    return statistics.median(a / b for a, b in zip(ours, yardstick, strict=True))


def first_paint(argv: list[str], ready: str, env: dict[str, str]) -> float:
    with Terminal(argv, env=env) as terminal:
        return terminal.wait_for(ready) - terminal.started


def echo_times(keys: str) -> list[float]:
    """Key to echo in the empty app, one figure a key."""
    with Terminal(EMPTY) as terminal:
        terminal.wait_for("READY")
        terminal.settle()
        return [_pressed(terminal, key, re.escape(key)) for key in keys]


def desk_times(keys: str, env: dict[str, str]) -> list[float]:
    """Key to changed result counter on the desk, one figure a key."""
    with Terminal(program(), env=env) as terminal:
        terminal.wait_for(COUNTER)
        terminal.settle(0.8)
        return [_pressed(terminal, key, COUNTER) for key in keys]


def _pressed(terminal: Terminal, key: str, pattern: str) -> float:
    terminal.settle(0.15)
    before, since = time.perf_counter(), len(terminal.raw)
    terminal.send(key)
    return terminal.wait_for(pattern, since=since) - before


def book(folder: Path, entries: int) -> None:
    """A phrasebook of so many different entries, beside the shipped ones."""
    folder.mkdir(parents=True)
    topics = ["登录", "支付", "退款", "物流", "会员", "发票", "短信", "直播", "优惠券", "账户"]
    acts = ["失败", "延迟", "重复", "丢失", "无法打开", "一直加载", "提示错误", "不到账"]
    with (folder / "large.toml").open("w", encoding="utf-8") as file:
        for n in range(entries):
            zh = f"{topics[n % 10]}{acts[n // 10 % 8]} 第 {n} 种情况"
            file.write(
                f'[[phrase]]\nid = "bench-{n}"\nkind = "status"\n[phrase.title]\nzh = "{zh}"\nen = "Case {n}"\n'
                f'[phrase.text]\nzh = "{zh}，工程师正在处理。"\nen = "Case {n}: engineers are on it."\n'
            )


def whole_process(argv: list[str], env: dict[str, str]) -> float:
    before = time.perf_counter()
    subprocess.run(argv, env={**os.environ, **env}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled, and so is the yardstick
    result: dict[str, object] = {"python": sys.version.split()[0], "runs": runs}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        small = {**ENGLISH, "AGENT_ASSIST_HOME": f"{folder}/small"}
        large = {**ENGLISH, "AGENT_ASSIST_HOME": f"{folder}/large"}
        book(Path(folder, "large", "phrasebooks"), 10_000)
        first_paint(program(), COUNTER, small)  # creates the database, warms the disk
        ours, empty = [], []
        for _run in range(runs):
            ours.append(first_paint(program(), "Search", small))
            empty.append(first_paint(EMPTY, "READY", {}))
        result["first_paint"] = {"ratio": ratio(ours, empty), "desk_s": statistics.median(ours)}
        keys = "refund login sms" * max(1, runs // 4)
        echo = echo_times(keys)
        for name, env in (("200", small), ("10000", large)):
            times = desk_times(keys, env)
            result[f"key_{name}"] = {"ratio": ratio(times, echo), "p50_ms": statistics.median(times) * 1e3}
        result["key_echo_p50_ms"] = statistics.median(echo) * 1e3
        search, python = [], []
        for _run in range(runs):
            search.append(whole_process(program("search", "登录"), small))
            python.append(whole_process([sys.executable, "-c", "pass"], {}))
        result["cli_search"] = {"ratio": ratio(search, python), "search_s": statistics.median(search)}
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
