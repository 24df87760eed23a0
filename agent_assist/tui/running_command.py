"""The command under way on a screen: something that asks or waits, started by one key; one at a time."""

from agent_assist.tui.textual_private import now

KEY_HOLD_SECONDS = 1.0
"""Seconds at most that keys wait for the dialog of a command; a slower one must not hold back what is typed."""


class RunningCommand:
    """When the command started, and whether keys typed meanwhile belong to what it asks."""

    def __init__(self) -> None:
        self._started_at = 0.0
        self._is_running = False
        self._finished_at = float("-inf")

    def start(self) -> None:
        """Note that a command started, or goes on with the answer to what it asked."""
        self._started_at, self._is_running = now(), True

    def finish(self) -> None:
        """Note that the command is over."""
        self._finished_at, self._is_running = now(), False

    def holds_keys(self, seconds: float = KEY_HOLD_SECONDS) -> bool:
        """Return whether keys wait for what the command asks: it started less than `seconds` ago."""
        return self._is_running and now() - self._started_at < seconds

    def was_running_at(self, time: float) -> bool:
        """Return whether a key stamped with this time was pressed before the last command was over."""
        return time < self._finished_at
