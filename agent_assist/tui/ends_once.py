"""A screen that ends once, whatever arrives together and whoever asks for it."""

from collections.abc import Callable
from typing import Any

from textual.await_complete import AwaitComplete
from textual.screen import ScreenResultType

from agent_assist.tui.textual_private import IgnoresLateMessages


class EndsOnce(IgnoresLateMessages[ScreenResultType]):
    """Answers once. What asks again, from a button, a key or a worker, comes too late and changes nothing."""

    @property
    def is_asking(self) -> bool:
        """Whether it is on the screen and has not answered: what a worker brings later is of no use any more."""
        return self.is_mounted and self.is_attached and not self.is_over

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer and close. Only the first answer counts, and only while nothing lies over the screen."""
        if self.is_over or not self.is_active:
            return AwaitComplete()
        self.is_over = True
        # Now, not with its last widget: between the two they would look for widgets that are gone.
        self.workers.cancel_node(self)
        closing: AwaitComplete = super().dismiss(result)
        return closing

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **named: Any) -> bool:
        return super().call_after_refresh(self.unless_over, callback, *args, **named)

    def unless_over(self, callback: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Do what was put off; once the screen has answered its widgets may be gone."""
        return None if self.is_over else callback(*args, **named)
