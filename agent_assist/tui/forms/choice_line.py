"""One of several options on one line, as long as they may be: the same keys in every width and language."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.type_ahead import TypedOption, matching
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import line

_GAP = 2
"""Cells between two options."""


class ChoiceLine(Widget, can_focus=True):
    """Left and right choose; letters choose what begins with them, also in pinyin. What does not fit scrolls.

    With `is_optional`, Backspace, or left from the first option, chooses nothing. Without `takes_letters` only arrows
    choose: a letter that was meant for another field must not resolve an incident.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("backspace,delete,ctrl+u", "clear_choice", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    chosen: reactive[int] = reactive(-1)

    def __init__(
        self,
        options: Sequence[TypedOption],
        text: str = "",
        *,
        is_optional: bool = True,
        takes_letters: bool = True,
    ) -> None:
        """`text` is the value chosen at first."""
        super().__init__()
        self.options = tuple(options)
        self.is_optional = is_optional
        self.takes_letters = takes_letters
        self._letters = ""
        values = [option.value for option in options]
        self.set_reactive(ChoiceLine.chosen, values.index(text) if text in values else -1)

    @property
    def text(self) -> str:
        """Return the chosen value, "" for none."""
        return self.options[self.chosen].value if self.chosen >= 0 else ""

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        return 1

    def render(self) -> Content:
        width, pieces = self.content_size.width, self._pieces()
        first, last = self._window([cell_len(piece) for piece in pieces], width)
        shown = [
            content(piece, "bold" if place == self.chosen else "")
            for place, piece in enumerate(pieces[first:last], first)
        ]
        before, after = ("‹" if first else " "), ("›" if last < len(pieces) else "")
        return line(before, *shown, after)

    def _pieces(self) -> list[str]:
        marks = ("●" if place == self.chosen else "○" for place in range(len(self.options)))
        return [f"{mark} {option.label}{' ' * _GAP}" for mark, option in zip(marks, self.options, strict=True)]

    def _window(self, cells: Sequence[int], width: int) -> tuple[int, int]:
        """Return from which option to which there is room, with the chosen one among them."""
        if 1 + sum(cells) - _GAP <= width:
            return 0, len(cells)
        first, last, room = 0, 0, width - 2  # the marks of what does not fit
        while last < len(cells) and (cells[last] <= room or last <= self.chosen):
            room -= cells[last]
            last += 1
            while room < 0 and first < last - 1:
                room += cells[first]
                first += 1
        return first, max(last, first + 1)

    def choose(self, place: int) -> None:
        """Make this option the answer, or none at -1."""
        if place != self.chosen:
            self.chosen = place
            self.post_message(Edited())

    def action_move(self, by: int) -> None:
        lowest = -1 if self.is_optional else 0
        self.choose(min(max(lowest, self.chosen + by), len(self.options) - 1))

    def action_clear_choice(self) -> None:
        self._letters = ""
        if self.is_optional:
            self.choose(-1)

    def action_step(self, by: int) -> None:
        self.post_message(Stepped(by))

    def action_enter(self) -> None:
        self.post_message(Entered())

    def on_blur(self) -> None:
        self._letters = ""

    def on_key(self, event: events.Key) -> None:
        if not (self.takes_letters and event.is_printable and event.character):
            return
        event.stop()
        for letters in (self._letters + event.character, event.character):
            if best := matching(letters, self.options):
                self._letters = letters
                self.choose(self.options.index(best[0]))
                return

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        pieces = self._pieces()
        first, last = self._window([cell_len(piece) for piece in pieces], self.content_size.width)
        right = 1
        for place in range(first, last):
            right += cell_len(pieces[place])
            if at.x < right:
                self.choose(place)
                return
