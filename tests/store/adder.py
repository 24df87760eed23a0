"""Adds offers until it is killed: the victim of the durability tests, a process of its own.

`python -m tests.store.adder URL HOME MODE` forks fresh victims for every line `VICTIMS PREFIX FIRST COUNT FATAL` it
reads, so that a kill costs no new interpreter. A victim writes `try OP` before and `ack OP SEQ` after each offer; at
offer FATAL it dies after the commit, before it can say so. MODE `honest` is how the program works, `limited` under a
policy that has room for `ROOM` offers; the other modes are the controls, which must be caught.
"""

import os
import signal
import sys
from pathlib import Path

import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401 - everything is imported once, before the forks

import agent_assist.store.opening  # noqa: F401
from agent_assist.offers import Policy, PolicyConditions, Rule, Terms
from agent_assist.store import open_store
from tests.offers.samples import AT, an_offer

ROOM = 20
LIMITED = Terms(
    Policy(rules=(Rule("all", {"coupon": "any"}),), limits={"per_incident": ROOM * 2000}, repeat_needs_approval=False),
    PolicyConditions(),
    AT,
)


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def add(url: str, home: Path, mode: str, prefix: str, first: int, count: int, fatal: int) -> None:
    store = open_store(url, home=home)
    for number in range(first, first + count):
        name = f"{prefix}-{number}"
        op_id = f"{name}-{os.getpid()}" if mode == "new op_id" else name
        say(f"try {name}")
        if mode == "acknowledges first":
            say(f"ack {name} 0")
        recorded = store.add_offer(
            an_offer(op_id, customer=name, order=name), terms=LIMITED if mode == "limited" else None
        )
        if number == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        if mode != "acknowledges first":
            say(f"ack {name} {recorded.offer.seq}")
    store.close()


def main() -> None:
    url, home, mode = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    for line in sys.stdin:
        victims, prefix, *numbers = line.split()
        first, count, fatal = map(int, numbers)
        alive = []
        for victim in range(int(victims)):
            process = os.fork()
            if process == 0:
                try:
                    add(url, home, mode, f"{prefix}{victim}", first, count, fatal)
                finally:
                    os._exit(0)
            say(f"pid {process}")
            alive.append(process)
        for process in alive:
            os.waitpid(process, 0)
        say("dead")


if __name__ == "__main__":
    main()
