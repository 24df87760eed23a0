"""A screen that ends once, whatever arrives together and whoever asks for it."""

from textual.await_complete import AwaitComplete
from textual.screen import ScreenResultType

from agent_assist.tui.textual_private import LateMessagesDropped


class EndsOnce(LateMessagesDropped[ScreenResultType]):
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
        closing: AwaitComplete = super().dismiss(result)
        return closing
