"""What is done about the chosen incident. Facts are published by the desk, which owns their form: the board asks it."""

from typing import TYPE_CHECKING

from agent_assist.tui.command_screen import IncidentAction, IncidentActionAsked

if TYPE_CHECKING:
    from agent_assist.tui.board.screen import BoardScreen


async def update(screen: "BoardScreen") -> None:
    """Change the facts."""
    _ask(screen, "update")


async def new(screen: "BoardScreen") -> None:
    """Record another incident."""
    screen.post_message(IncidentActionAsked("new", None))


async def resolve(screen: "BoardScreen") -> None:
    """Record that it is over."""
    _ask(screen, "resolve")


async def reopen(screen: "BoardScreen") -> None:
    """Record that it goes on."""
    _ask(screen, "reopen")


async def told(screen: "BoardScreen") -> None:
    """Record that customers heard of it elsewhere."""
    _ask(screen, "told")


async def announce(screen: "BoardScreen") -> None:
    """Show what can be published about it on each channel."""
    _ask(screen, "announce")


async def timeline(screen: "BoardScreen") -> None:
    """Show every version of the facts."""
    _ask(screen, "timeline")


def _ask(screen: "BoardScreen", action: IncidentAction) -> None:
    chosen = screen.state.chosen
    if chosen is not None:
        screen.post_message(IncidentActionAsked(action, chosen.versions))
