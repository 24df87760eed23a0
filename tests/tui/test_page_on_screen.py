"""The status page on a lead's desk: read now and then, heard by everybody, and never in anybody's way."""

import asyncio
import json
from pathlib import Path

from msgspec.structs import replace

from agent_assist.store import MemoryStore
from agent_assist.tui.desk.sync import PollIntervals
from tests.services.page_server import Behaviour, answer, page_server
from tests.tui.standing import desk, filled

FAST = PollIntervals(books=60, uses=60, page=0.05)


def page(**changes: object) -> bytes:
    entry = {"id": "i1", "name": "Payments are slow", "status": "investigating", "impact": "major"} | changes
    return json.dumps({"page": {"id": "p1", "name": "Example"}, "incidents": [entry]}).encode()


class Pages:
    """Answers with the pages in turn, the last one for ever."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self._left = list(behaviours)
        self.count = 0

    def __call__(self, request) -> None:  # type: ignore[no-untyped-def]
        self.count += 1
        behave = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        behave(request)


async def test_an_incident_of_the_page_comes_to_the_desk_once(tmp_path: Path) -> None:
    store, pages = filled(), Pages(answer(page()))
    with page_server(pages) as address:
        async with desk(tmp_path, store, intervals=FAST, status_page=address) as at:
            await at.type("denglu")
            await at.until_said("Payments are slow")
            while pages.count < 4:
                await at.settle()
            assert len(store.incidents(open_only=True)) == 2
            assert at.screen.state.chat.query == "denglu"


async def test_a_page_that_cannot_be_read_is_marked_until_it_can(tmp_path: Path) -> None:
    is_broken = True

    def pages(request) -> None:  # type: ignore[no-untyped-def]
        answer(b"", status=500)(request) if is_broken else answer(page())(request)

    with page_server(pages) as address:
        async with desk(tmp_path, filled(), intervals=FAST, status_page=address) as at:
            await at.until_said("error 500")
            await at.until("status page not read yet")
            is_broken = False
            await at.until_said("The status page is read again.")
            assert "status page" not in at.seen.splitlines()[0]


async def test_what_people_changed_stays_and_the_difference_is_told(tmp_path: Path) -> None:
    store, pages = filled(), Pages(answer(page()))
    with page_server(pages) as address:
        async with desk(tmp_path, store, intervals=FAST, status_page=address) as at:
            await at.until_said("Payments are slow")
            mine = next(one for one in store.incidents() if one.feed)
            store.add_version(replace(mine, severity="SEV1", author="老周"), expected=mine.version)
            await at.until_said("kept “SEV1”; the page says “SEV2”")
            assert store.incident(mine.id).severity == "SEV1"


async def test_an_agent_s_desk_asks_no_page(tmp_path: Path) -> None:
    pages = Pages(answer(page()))
    store = MemoryStore(role="agent")
    asked: list[object] = []

    def role() -> str:
        asked.append(1)
        return "agent"

    store.role = role  # type: ignore[method-assign, assignment]
    with page_server(pages) as address:
        async with desk(tmp_path, store, intervals=FAST, status_page=address) as at:
            for _turn in range(20):
                await at.settle()
            before = len(asked)
            await asyncio.sleep(10 * FAST.page)
            await at.settle()
    assert pages.count == 0
    assert before
    assert len(asked) == before, "the database is asked for the role once, not at every turn"
