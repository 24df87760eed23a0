"""The step under way on a screen: something that asks or waits, begun by one key; one at a time."""

from agent_assist.tui.textual_private import now

HOLDING = 1.0
"""Seconds at most that keys wait for what a step asks; one that takes longer must not take the typing away."""


class Step:
    """When it began, and whether what is typed meanwhile belongs to what it asks."""

    def __init__(self) -> None:
        self._since = 0.0
        self._is_running = False
        self._ended = float("-inf")

    def begin(self) -> None:
        """A step began, or goes on with the answer to what it asked."""
        self._since, self._is_running = now(), True

    def end(self) -> None:
        """The step is over."""
        self._ended, self._is_running = now(), False

    def holds_keys(self, seconds: float = HOLDING) -> bool:
        """Whether keys wait for what the step asks, as it began less than so many seconds ago."""
        return self._is_running and now() - self._since < seconds

    def was_on_at(self, time: float) -> bool:
        """Whether a key stamped with this time was pressed before the last step was over."""
        return time < self._ended
