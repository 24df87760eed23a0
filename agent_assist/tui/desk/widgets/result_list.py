"""The list of phrases. It draws the few rows in sight itself, so a new list costs the same for 5 rows and for 200."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.tui.desk.render.results_text import Row, columns, row_line
from agent_assist.tui.widgets.scrolled_list import ScrolledList


class ResultList(ScrolledList):
    """Rows with one chosen; the search box keeps the focus, so keys arrive from the screen."""

    @dataclass
    class Picked(Message):
        """The row at `place` was clicked."""

        place: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._chosen = 0
        self._draft = ""
        self._marks: Mapping[str, str] = {}
        self._instead: list[Content] = []

    def show_rows(
        self, rows: Sequence[Row], chosen: int, draft: str, marks: Mapping[str, str], instead: list[Content]
    ) -> None:
        """Show these rows with the chosen one in sight; `draft` is the id of the phrase being changed by hand.

        `marks` are shown at the end of rows, by id; `instead` is shown when there are no rows.
        """
        self._marks = marks
        is_new = rows is not self._rows
        self._rows, self._chosen, self._draft, self._instead = rows, chosen, draft, instead
        if is_new:
            self._top = 0
        self.keep_in_sight(chosen)
        self.draw()

    def draw(self) -> None:
        if not self.size.width:
            return
        if not self._rows:
            self.show(self._instead)
            return
        widths = columns(self.size.width)
        self.show(
            [
                row_line(
                    self._rows[place],
                    widths,
                    is_chosen=place == self._chosen,
                    is_draft=self._rows[place].phrase.id == self._draft,
                    mark=self._marks.get(self._rows[place].phrase.id, ""),
                )
                for place in self.window(len(self._rows))
            ]
        )

    def on_resize(self) -> None:
        self.keep_in_sight(self._chosen)
        super().on_resize()

    def on_click(self, event: events.Click) -> None:
        place = self._top + event.y
        if place < len(self._rows):
            self.post_message(self.Picked(place))
