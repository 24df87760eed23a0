"""How an error ends the app: kept for the report, instead of printed with the values of all variables."""

from typing import Any, TypeVar

from textual.app import App
from textual.worker import WorkerFailed

Result = TypeVar("Result")


def crash(app: App[Any], error: BaseException) -> None:
    """End the program as an error in a handler of a message does."""
    if not isinstance(error, Exception):
        wrapped = RuntimeError()
        wrapped.__cause__ = error
        error = wrapped
    app._handle_exception(error)


def crash_from_thread(app: App[Any], error: BaseException) -> None:
    """End the program from another thread; does nothing when the app has ended already."""
    loop = app._loop
    if loop is not None and not loop.is_closed():
        loop.call_soon_threadsafe(crash, app, error)


class CapturesFault(App[Result]):
    """An app that keeps the error that ended it; Textual prints it with the values of all variables around it."""

    fault: BaseException | None = None
    """The first error, if there was one."""

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:  # a test, which wants to see it raised
            super()._handle_exception(error)
            return
        self._return_code = 1
        self.note(error.error if isinstance(error, WorkerFailed) else error)
        self._close_messages_no_wait()

    def note(self, fault: BaseException) -> None:
        """Keep an error for the report after the terminal is restored. Only the first: others follow from it."""
        if self.fault is None:
            self.fault = fault

    def panic(self, *renderables: Any) -> None:
        if self.is_headless:
            super().panic(*renderables)
        else:
            self._handle_exception(RuntimeError("panic"))
