"""An outage with N agents through the services of the real desk, without its screen, on one PostgreSQL server.

`python -m tests.benchmarks.outage_day --agents 200 --minutes 6` plays one day, `--sweep 10,50,100,200,500` several and
fits how transactions grow. Each agent types, changes chats, changes replies by hand, sends, promises (some of it above
the policy); leads have the review open, decide and update the facts; in the middle the server restarts. At the end
desks are left as a killed one is. Prints one line of JSON a measurement, then the checks; exit 1 when one fails.

A machine that is busy with other work makes people slower and news later: beside the figures stand the answers each
agent gave in a minute (about two), the load of the machine, and how late the rehearsal itself was.

`--factor F` lets F minutes of the day pass in a real one: people are F times as fast, while the program's own times
(polls, heartbeats, pauses before drafts are saved) stay as they are. So what people cause is F times as much for each
agent and second, what the program does by itself is not, and news is timed under the higher load. Figures for a team
are those of factor 1.

The server is one of its own, durable, with room for all connections; `--url` names another by its owner's account (it
is not restarted, and its processor time and memory are not known), `--desk-url` what the desks connect to instead, such
as a pooler; `--pooler` starts PgBouncer as docs/team.md does.
"""

import argparse
import datetime as dt
import json
import multiprocessing
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from agent_assist import locale
from agent_assist.incidents.apply import new_incident, parse_facts
from agent_assist.offers.policy import Policy
from agent_assist.offers.policy_file import read_policy
from agent_assist.store import open_store
from tests.benchmarks.outage import checks, crew, figures
from tests.benchmarks.outage.headless_desk import desk_url
from tests.benchmarks.outage.plan import INCIDENTS, PHRASES, Fault, Plan
from tests.benchmarks.outage.server import OwnServer, PooledServer, Server, publish_policy

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from tests.benchmarks.outage.record import Record

SETTLING_SECONDS = 25.0
"""Seconds in which all desks must be back after the restart, and in which news must have reached them at the end."""

GROWING = ("transactions_per_second", "cores")
"""Figures of the server whose growth with the team is fitted."""


class Crews:
    """The processes of the agents; an order goes to all of them, and all answers are waited for."""

    def __init__(self, plan: Plan) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for first in range(plan.processes):
            ours, theirs = context.Pipe()
            numbers = list(range(first, plan.agents, plan.processes))
            process = context.Process(target=crew.run, args=(theirs, plan, numbers), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def order(self, what: str) -> list[Any]:
        """Have it done by all. Raises what one of them raised."""
        for pipe in self._pipes:
            pipe.send(what)
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    def end(self) -> None:
        """End the processes as a kill would."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(30)


def prepare(plan: Plan, server: Server) -> Policy:
    """Make the team, publish the policy and open the incidents."""
    book = plan.folder / "book"
    book.mkdir()
    (book / "day.toml").write_text(PHRASES, "utf-8")
    server.make_team(plan)
    lead = desk_url(replace(plan, url=server.owner_url), plan.name(0))
    publish_policy(lead, plan.policy())
    policy, problems = read_policy(plan.policy(), "the day's policy")
    assert policy is not None, problems
    _open_incidents(lead, plan)
    return policy


def _open_incidents(lead: str, plan: Plan) -> None:
    store = open_store(lead, home=None)
    now = dt.datetime.now(dt.UTC)
    for number in range(INCIDENTS):
        facts = {
            "title": f"登录故障 {number + 1}",
            "severity": "SEV1",
            "scope": "约 15% 用户无法登录",
            "cause": "数据库升级",
        }
        store.open_incident(new_incident(parse_facts(facts, now, dt.UTC), now=now, author=plan.name(0)))
    store.close()


def play(plan: Plan, server: Server) -> tuple[list[dict[str, Any]], list[checks.Finding]]:
    """Play the day; returns its figures and its checks."""
    policy = prepare(plan, server)
    crews = Crews(plan)
    try:
        day, stale = _played(plan, server, crews)
    finally:
        crews.end()
    if plan.fault == "broken-chain":
        checks.break_chain(server)
    store = open_store(server.owner_url, home=None)
    found = checks.check_all(plan, server, store, day.records, policy)
    store.close()
    lines = [*figures.lines(day), {"what": "stored", **checks.stored(server)}]
    return lines, [*found, checks.Finding("every desk shows the newest facts", plan.agents, stale)]


def _played(plan: Plan, server: Server, crews: Crews) -> tuple[figures.Day, tuple[str, ...]]:
    crews.order("open")
    crews.order("work")
    time.sleep(plan.seconds * 0.1)  # chats are opened all at once in the beginning
    before = server.spent()
    time.sleep(plan.seconds * 0.4)
    middle = server.spent()
    memory = server.memory()
    away = server.restart()
    up_at = time.monotonic()
    time.sleep(min(SETTLING_SECONDS, plan.seconds * 0.2))
    again = server.spent()
    time.sleep(plan.seconds * 0.4)
    last = server.spent()
    crews.order("rest")
    stale = _stale_desks(server, crews)
    records: list[Record] = crews.order("report")
    windows = (figures.Window(before.at, middle.at), figures.Window(again.at, last.at))
    spent = middle.since(before).plus(last.since(again))
    return figures.Day(plan, windows, spent, records, server.samples, memory, away, up_at), stale


def _stale_desks(server: Server, crews: Crews) -> tuple[str, ...]:
    """Wait until every desk shows the newest facts; returns those that do not in time."""
    store = open_store(server.owner_url, home=None)
    until = time.monotonic() + SETTLING_SECONDS
    while stale := checks.stale([shown for one in crews.order("versions") for shown in one], store):
        if time.monotonic() > until:
            break
        time.sleep(0.5)
    store.close()
    return stale


@contextmanager
def server_for(options: argparse.Namespace, agents: int) -> Iterator[Server]:
    """A fresh server of its own, or the one at the URL."""
    own: Callable[[], Server] = PooledServer if options.pooler else partial(OwnServer, agents * 3)
    with Server(options.url) if options.url else own() as server:
        yield server


def one_day(options: argparse.Namespace, agents: int) -> tuple[list[dict[str, Any]], bool]:
    """Play a day with so many agents and print it; returns its figures and whether every check holds."""
    with tempfile.TemporaryDirectory(prefix="agent-assist-day-") as folder, server_for(options, agents) as server:
        plan = Plan(
            agents=agents,
            minutes=options.minutes,
            factor=options.factor,
            seed=options.seed,
            facts_minutes=options.facts,
            processes=min(options.processes, agents),
            folder=Path(folder),
            url=options.desk_url or server.desk_url,
            password=options.password or secrets.token_hex(8),
            fault=options.fault,
        )
        shown = {name: getattr(plan, name) for name in ("agents", "leads", "minutes", "factor", "seed", "processes")}
        print(json.dumps({"what": "plan", **shown}), flush=True)
        lines, found = play(plan, server)
    for line in lines:
        print(json.dumps({"agents": agents} | line, ensure_ascii=False), flush=True)
    for finding in found:
        held = {"check": finding.name, "looked_at": finding.looked_at, "wrong": len(finding.wrong)}
        examples = {"examples": finding.wrong[: checks.SHOWN]} if finding.wrong else {}
        print(json.dumps({"agents": agents} | held | examples, ensure_ascii=False), flush=True)
    return lines, not any(finding.wrong for finding in found)


def fit(sizes: Sequence[int], days: Sequence[list[dict[str, Any]]]) -> dict[str, Any]:
    """Return how the load of the server grows with the team."""
    servers = [next(line for line in day if line["what"] == "server") for day in days]
    return {
        "what": "growth",
        **{name: round(figures.exponent(sizes, [one[name] for one in servers]), 3) for name in GROWING},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=6, help="of the day that is played")
    parser.add_argument("--factor", type=float, default=1, help="minutes of the day in a real one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--facts", type=float, default=1, help="minutes of the day between two updates of the facts")
    parser.add_argument("--processes", type=int, default=4, help="over which the agents are spread")
    parser.add_argument("--sweep", help="sizes of the team, such as 10,50,100,200,500")
    parser.add_argument("--pooler", action="store_true", help="start PgBouncer before a server with 100 connections")
    parser.add_argument("--url", help="a server's database, with the account that owns it")
    parser.add_argument("--desk-url", help="what the desks connect to, if it is another address")
    parser.add_argument("--password", help="of the agents' accounts; default: a random one")
    parser.add_argument("--fault", choices=get_args(Fault), default="", help="what a check must find")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server and the processes of the agents end too
    locale.use("zh")
    sizes = [int(size) for size in options.sweep.split(",")] if options.sweep else [options.agents]
    days = [one_day(options, size) for size in sizes]
    if len(sizes) > 1:
        print(json.dumps(fit(sizes, [lines for lines, _held in days])))
    return 0 if all(held for _lines, held in days) else 1


if __name__ == "__main__":
    sys.exit(main())
