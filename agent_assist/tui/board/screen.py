"""The board: every incident with its age, clock, chats and offers; what is done about them is a key away.

It lies over the desk, which goes on behind it and is as it was when this screen is left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from agent_assist.errors import AgentAssistError
from agent_assist.roles import Role
from agent_assist.services import Services
from agent_assist.services.incident_board import BoardRow, read_board
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.board.actions import ACTIONS
from agent_assist.tui.board.state import BoardState
from agent_assist.tui.board.widgets.board_list import BoardList
from agent_assist.tui.board.widgets.board_panels import BoardDetail, BoardHead
from agent_assist.tui.command import CommandLoader
from agent_assist.tui.command_screen import CommandScreen

if TYPE_CHECKING:
    from agent_assist.store.news import News

BOARD_INTERVAL = 5.0
"""Seconds between reads of chats and offers; facts that change are read at once."""


@dataclass
class BoardRead(Message, bubble=False):
    """The board was read."""

    rows: tuple[BoardRow, ...]
    role: Role


@dataclass
class BoardFailed(Message, bubble=False):
    """The database does not answer; `reason` is a sentence that says what to do."""

    reason: str


class BoardScreen(CommandScreen[BoardState, None]):
    """All incidents at a glance."""

    ACTIONS = ACTIONS

    def __init__(self, services: Services, worker: SerialWorker, *, commands: CommandLoader) -> None:
        super().__init__(commands)
        self.services = services
        self.worker = worker
        self.state = BoardState(services.settings.agent)
        self.head = BoardHead(self.state)
        self.board_list = BoardList(self.state, services.clock, services.tz)
        self.detail = BoardDetail(self.state, services.clock, services.tz)

    def body(self) -> Iterable[Widget]:
        yield self.head
        yield Container(self.board_list, self.detail, id="board-room")

    def on_mount(self) -> None:
        self.load()
        self.set_interval(BOARD_INTERVAL, partial(self.unless_over, self.load))

    def choose_layout(self, size: Size) -> None:
        super().choose_layout(size)
        self.state.layout = self.layout_now

    def conditions(self) -> BoardState:
        return self.state

    def show_all(self) -> None:
        self.head.draw()
        self.board_list.draw()
        self.detail.draw()
        self.show_footer()

    def hear(self, news: "tuple[News, ...]") -> None:  # noqa: ARG002 - chats, offers and facts all stand here
        self.load()

    def lose_store(self, reason: str) -> None:
        self.post_message(BoardFailed(reason))

    def load(self) -> None:
        """Read the board again; while that is under way once is enough."""
        if not any(worker.group == "board" and worker.is_running for worker in self.workers):
            self.run_worker(self._read(), group="board")

    async def _read(self) -> None:
        services = self.services
        try:
            rows, role = await self.worker.do(lambda: (read_board(services), services.store.role()))
        except AgentAssistError as error:
            self.post_message(BoardFailed(str(error)))
        else:
            self.post_message(BoardRead(rows, role))

    @on(BoardRead)
    def _board_read(self, event: BoardRead) -> None:
        self.state.show(event.rows, event.role)
        self.show_all()

    @on(BoardFailed)
    def _board_failed(self, event: BoardFailed) -> None:
        is_first = not self.state.store_error
        self.state.fail(event.reason)
        self.show_all()
        if is_first:
            self.notify_user(event.reason, "error", 10)

    @on(BoardList.Picked)
    def _row_picked(self, event: BoardList.Picked) -> None:
        self.go_to(event.place)

    def go_to(self, place: int) -> None:
        """Choose the incident at this place."""
        self.state.choose(place)
        self.show_all()
