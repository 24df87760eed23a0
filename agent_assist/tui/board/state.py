"""What is on the board now, without any screen."""

from typing import TYPE_CHECKING

from agent_assist.services.incident_board import BoardRow

if TYPE_CHECKING:
    from agent_assist.roles import Role
    from agent_assist.tui.widgets.layout import Layout


class BoardState:
    """Rows as they were read last, and the one the pointer is on."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.layout: Layout = "wide"
        self.role: Role = "lead"
        self.rows: tuple[BoardRow, ...] = ()
        self.place = 0
        self.is_loading = True
        self.store_error = ""
        """Why the database cannot be used; "" while it can."""

    @property
    def chosen(self) -> BoardRow | None:
        """The row the pointer is on."""
        return self.rows[self.place] if self.place < len(self.rows) else None

    @property
    def open_rows(self) -> int:
        """How many incidents are open; they stand first."""
        return sum(row.is_open for row in self.rows)

    def show(self, rows: tuple[BoardRow, ...], role: "Role") -> None:
        """Take what was read. The pointer stays on its incident."""
        before = self.chosen
        self.rows, self.role = rows, role
        self.is_loading, self.store_error = False, ""
        places = {row.incident.id: place for place, row in enumerate(rows)}
        self.choose(places.get(before.incident.id, self.place) if before else self.place)

    def choose(self, place: int) -> None:
        """Move the pointer; places outside are the nearest inside."""
        self.place = min(max(0, place), max(0, len(self.rows) - 1))

    def fail(self, reason: str) -> None:
        """Note that the database does not answer; what was read stays."""
        self.store_error, self.is_loading = reason, False
