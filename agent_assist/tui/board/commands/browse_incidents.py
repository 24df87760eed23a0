"""Moving among the incidents of the board, and leaving it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent_assist.tui.board.screen import BoardScreen


async def next_incident(screen: "BoardScreen") -> None:
    """Choose the next incident."""
    screen.go_to(screen.state.place + 1)


async def previous_incident(screen: "BoardScreen") -> None:
    """Choose the incident before."""
    screen.go_to(screen.state.place - 1)


async def first_incident(screen: "BoardScreen") -> None:
    """Choose the first incident."""
    screen.go_to(0)


async def last_incident(screen: "BoardScreen") -> None:
    """Choose the last incident."""
    screen.go_to(len(screen.state.rows) - 1)


async def leave_board(screen: "BoardScreen") -> None:
    """Go back to the desk."""
    screen.dismiss(None)
