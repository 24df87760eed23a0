"""Work off the screen's thread: one serial worker, daemon threads for waits, and when garbage is collected.

Textual's own workers run callbacks; what may block runs in one of these and comes back as an awaitable.
"""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

T = TypeVar("T")

_PACKAGE = Path(__file__).parent.parent


class SerialWorker:
    """One thread that runs what is slow or blocking in the order it was handed in.

    The order matters: a draft saved after the reply was sent must not overtake it. What the work raises is raised where
    it is awaited.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="serial-worker")
        self._shutdown: Future[object] | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """Run `work` after everything handed in before it. Cancelling the wait does not stop the work."""
        # Shielded: cancelling the wait would remove queued work, a draft for instance, before it has run.
        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(work)))

    def shutdown(self, work: Callable[[], object]) -> Future[object]:
        """Queue the final piece of work and accept no more. A second call returns the first call's future."""
        if self._shutdown is None:
            self._shutdown = self._thread.submit(work)
            self._thread.shutdown(wait=False)
        return self._shutdown


async def run_daemon(work: Callable[[], T]) -> T:
    """Run a long wait, such as for news of other desks, in a daemon thread of its own.

    It delays nothing in the serial worker, and the end of the program does not wait for it.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def resolve(result: T | None, error: BaseException | None) -> None:
        if answer.done():  # the caller was cancelled
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
        with suppress(RuntimeError):  # the event loop is closed
            loop.call_soon_threadsafe(resolve, result, failure)

    threading.Thread(target=run, name="daemon-wait", daemon=True).start()
    return await answer


@contextmanager
def deferred_gc() -> Iterator[None]:
    """Collect no garbage while the program starts; `resume_gc` ends that early, leaving the block in any case."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def resume_gc() -> None:
    """Collect garbage again, but never scan what was loaded until now: phrases and index stay for the whole shift, and
    scanning them again and again took 0.1 s in the middle of typing."""
    gc.enable()
    gc.freeze()


def place_of(error: BaseException) -> str:
    """Return the error's type and its place in the program for a report; its message may name a customer."""
    ours = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return type(error).__name__
    return f"{type(error).__name__}, {Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
