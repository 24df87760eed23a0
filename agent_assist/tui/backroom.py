"""One thread that does everything slow or blocking in the order it was asked for; the screen never waits for it.

The order matters: a draft saved after the reply was sent must not overtake it.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Backroom:
    """Work handed in comes back as an awaitable; what it raised is raised there."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backroom")
        self._last: Future[object] | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """Run it after everything handed in before. Giving up on the answer does not stop the work."""
        # Shielded: to cancel the wait would take work that has not begun out of the row, a draft for instance.
        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(work)))

    def last(self, work: Callable[[], object]) -> Future[object]:
        """Hand in the final piece of work. Asked again, it answers with the one that was handed in first."""
        if self._last is None:
            self._last = self._thread.submit(work)
            self._thread.shutdown(wait=False)
        return self._last


async def aside(work: Callable[[], T]) -> T:
    """Run what only waits, such as for news of other desks, in a thread of its own: it holds up no work in the
    backroom, and the end of the program does not wait for it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():  # nobody waits any more
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failure = error
        with suppress(RuntimeError):  # the program ended meanwhile
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await answer
