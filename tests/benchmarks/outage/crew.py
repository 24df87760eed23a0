"""One process with its share of the agents, told by the parent what to do next.

It ends as a killed desk does: nothing is saved at the end.
"""

import asyncio
import os
import resource
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from agent_assist import locale
from agent_assist.services import Services
from agent_assist.settings import Settings
from tests.benchmarks.outage.headless_desk import HeadlessDesk
from tests.benchmarks.outage.plan import Plan
from tests.benchmarks.outage.record import Record, resident_bytes
from tests.benchmarks.outage.shift import Shift

LAG_SECONDS = 0.1
"""Seconds between two looks at whether the event loop is late."""

RECORDING_SECONDS = 60.0
"""Seconds that replies sent last may take to be on record."""

OPENING = 4
"""Desks of one process that open the database at the same time."""


class Crew:
    """The agents of this process."""

    def __init__(self, plan: Plan, numbers: list[int]) -> None:
        self.record = Record()
        settings = Settings(
            home=plan.folder / "homes" / "library",
            database="",
            agent="library",
            language="zh",
            phrasebooks=(plan.folder / "book",),
        )
        library = Services(settings)
        assert library.library.phrases, library.library.problems
        self.record.resident.append(resident_bytes())
        faulty = min((number for number in numbers if not plan.is_lead(number)), default=-1)
        self.desks = {
            number: HeadlessDesk(plan, number, self.record, library, plan.fault if number == faulty else "")
            for number in numbers
        }
        self.shifts = [Shift(plan, number, desk, self.record) for number, desk in self.desks.items()]

    async def open(self) -> None:
        """Start all desks, a few at a time, and wait until each has read the database."""
        turn = asyncio.Semaphore(OPENING)

        async def start(desk: HeadlessDesk) -> None:
            async with turn:
                desk.sync.start()
                await desk.opened.wait()

        await asyncio.gather(*(start(desk) for desk in self.desks.values()))

    async def work(self) -> None:
        """Begin the day."""
        for shift in self.shifts:
            shift.start()

    async def rest(self) -> None:
        """End the day: last drafts are typed, and what was sent is on record."""
        await asyncio.gather(*(shift.rest() for shift in self.shifts))
        until = time.monotonic() + RECORDING_SECONDS
        while any(desk.state.unrecorded for desk in self.desks.values()) and time.monotonic() < until:
            await asyncio.sleep(0.2)

    async def versions(self) -> list[dict[str, int]]:
        """Return which facts each desk shows."""
        return [desk.versions for desk in self.desks.values()]

    async def report(self) -> Record:
        """Return what was done and seen."""
        self.record.resident.append(resident_bytes())
        return self.record

    async def watch_loop(self) -> None:
        """Write down how late the event loop is: what is late here is late through the rehearsal itself."""
        while True:
            due = time.monotonic() + LAG_SECONDS
            await asyncio.sleep(LAG_SECONDS)
            self.record.lags.append((due, time.monotonic() - due))


def run(pipe: Connection, plan: Plan, numbers: list[int]) -> None:
    """Do what comes through the pipe until `end`; answer each order when it is done."""
    locale.use("zh")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # about eight files an agent
    try:
        asyncio.run(_serve(pipe, plan, numbers))
    except BaseException as error:
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
    finally:
        os._exit(0)  # as a kill would: no desk saves anything now


async def _serve(pipe: Connection, plan: Plan, numbers: list[int]) -> None:
    crew = Crew(plan, numbers)
    watching = asyncio.ensure_future(crew.watch_loop())
    while (order := await _received(pipe)) != "end":
        pipe.send(await getattr(crew, order)())
    watching.cancel()


async def _received(pipe: Connection) -> Any:
    """Wait for an order in a daemon thread, which ends with the process."""
    loop = asyncio.get_running_loop()
    order: asyncio.Future[Any] = loop.create_future()

    def receive() -> None:
        try:
            received = pipe.recv()
        except EOFError:  # the parent is gone
            received = "end"
        loop.call_soon_threadsafe(order.set_result, received)

    threading.Thread(target=receive, daemon=True).start()
    return await order
