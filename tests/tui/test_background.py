"""Work away from the screen: what only waits holds nothing up."""

import asyncio
import threading

import pytest

from agent_assist.tui.background import SerialWorker, run_daemon


async def test_waiting_for_news_holds_up_neither_the_screen_nor_the_backroom() -> None:
    worker, news = SerialWorker(), threading.Event()
    waiting = asyncio.create_task(run_daemon(lambda: news.wait(30)))
    assert await asyncio.wait_for(worker.do(lambda: "stored"), 5) == "stored"
    assert not waiting.done()
    news.set()
    assert await asyncio.wait_for(waiting, 5)
    worker.shutdown(lambda: None)


async def test_what_fails_aside_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        await run_daemon(fail)


async def test_giving_up_the_wait_is_no_failure() -> None:
    news = threading.Event()
    waiting = asyncio.create_task(run_daemon(lambda: news.wait(30)))
    await asyncio.sleep(0)
    waiting.cancel()
    news.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await run_daemon(lambda: 1) == 1


async def test_giving_up_the_wait_takes_no_work_out_of_the_row() -> None:
    worker, begin, done = SerialWorker(), threading.Event(), threading.Event()
    before = asyncio.create_task(worker.do(lambda: begin.wait(30)))
    waiting = asyncio.create_task(worker.do(done.set))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    begin.set()
    await before
    worker.shutdown(lambda: None).result(10)
    assert done.is_set()
