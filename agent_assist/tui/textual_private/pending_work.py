"""Whether widgets, screens and the command palette still have something to do, or can do it at all."""

from typing import Any, cast

from textual.app import App
from textual.command import CommandList, CommandPalette, Provider, SimpleProvider
from textual.message_pump import MessagePump


def is_settled(app: App[Any]) -> bool:
    """Return whether what was typed has had its effect: no widget on the screen has a message left to handle."""
    if not app.screen_stack:
        return True
    return _is_idle(app) and all(_is_idle(node) for node in app.screen.walk_children(with_self=True))


def _is_idle(pump: MessagePump) -> bool:
    """Return whether it is closed, or waits for its next message and has none."""
    if pump._closed or pump._closing:
        return True
    queue: Any = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters)


def provider_type(provider: SimpleProvider) -> type[Provider]:
    """Return a provider that holds its commands as what a palette takes: called for a provider, it returns itself."""
    return cast("type[Provider]", provider)


def is_gathering(palette: CommandPalette) -> bool:
    """Return whether a command palette still searches for what was typed."""
    group = CommandPalette._GATHER_COMMANDS_GROUP
    return any(worker.node is palette and worker.group == group and worker.is_running for worker in palette.workers)


class PagesWhenShown(CommandPalette):
    """A command palette that turns no page of a list without a line on the screen: Textual's fails with KeyError."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
