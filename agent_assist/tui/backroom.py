"""One thread that does everything slow or blocking in the order it was asked for; the screen never waits for it.

The order matters: a draft saved after the reply was sent must not overtake it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Backroom:
    """Work handed in comes back as an awaitable; what it raised is raised there."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backroom")
        self._last: Future[object] | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """Run it after everything handed in before. Giving up on the answer does not stop the work."""
        return await asyncio.wrap_future(self._thread.submit(work))

    def last(self, work: Callable[[], object]) -> Future[object]:
        """Hand in the final piece of work. Asked again, it answers with the one that was handed in first."""
        if self._last is None:
            self._last = self._thread.submit(work)
            self._thread.shutdown(wait=False)
        return self._last
