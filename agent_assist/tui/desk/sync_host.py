"""What the synchronisation of the desk needs of its screen."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.message import Message
    from textual.timer import Timer
    from textual.worker import Worker


class SyncHost(Protocol):
    """What the screen does for the synchronisation: it gets messages, runs workers and timers."""

    @property
    def is_running(self) -> bool:
        """Whether messages are still handled."""

    def post_message(self, message: "Message") -> bool:
        """Queue a message for the screen."""

    def run_worker(self, work: Coroutine[Any, Any, None], /, *, group: str, exclusive: bool = False) -> "Worker[None]":
        """Run a coroutine that ends with the screen."""

    def set_timer(self, delay: float, callback: Callable[[], object], /) -> "Timer":
        """Call back once, after `delay` seconds."""
