"""Answers by choosing: a few options in sight, and the same with room for words of one's own."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.tui.content import content
from agent_assist.tui.dialogs.line import Words
from agent_assist.tui.dialogs.signals import Edited, Entered, Stepped


class Pick(Widget, can_focus=True):
    """One of a few options, all of them in sight: in a row when they fit, else one below the other.

    Arrows choose; before the first choice nothing is marked ● and Enter takes the option under the cursor.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        Binding("space", "take", show=False),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("up", "climb(-1)", show=False),
        Binding("down", "climb(1)", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    chosen: reactive[int] = reactive(-1)

    def __init__(self, options: Sequence[tuple[str, str]], text: str = "") -> None:
        """`options` are (value, label); `text` is the value chosen at first."""
        super().__init__()
        self.values = [value for value, _label in options]
        self.labels = [clean_line(label) for _value, label in options]
        chosen = self.values.index(text) if text in self.values else -1
        self.set_reactive(Pick.chosen, chosen)
        self.set_reactive(Pick.cursor, max(0, chosen))

    @property
    def text(self) -> str:
        return self.values[self.chosen] if self.chosen >= 0 else ""

    def _is_row(self, width: int) -> bool:
        return sum(cell_len(label) + 4 for label in self.labels) <= width

    def _lines(self, width: int) -> list[tuple[int, str]]:
        """The shown pieces as (option, text); in a row they stand side by side, else each is a line."""
        pieces: list[tuple[int, str]] = []
        for number, label in enumerate(self.labels):
            here = "▸" if self.has_focus and number == self.cursor else " "
            mark = "●" if number == self.chosen else "○"
            if self._is_row(width):
                pieces.append((number, f"{here}{mark} {label} "))
                continue
            first, *rest = chop_cells(label, max(2, width - 3)) or [""]
            pieces.append((number, f"{here}{mark} {first}"))
            pieces += [(number, f"   {part}") for part in rest]
        return pieces

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 if self._is_row(width) else len(self._lines(width))

    def render(self) -> Content:
        width = self.content_size.width
        shown = [
            content(text, "bold" if number == self.chosen else "") for number, text in self._lines(width)
        ]
        return Content("" if self._is_row(width) else "\n").join(shown)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def choose(self, number: int) -> None:
        """Mark this option as the answer."""
        self.cursor = number
        if number != self.chosen:
            self.chosen = number
            self.post_message(Edited())

    def action_move(self, by: int) -> None:
        if self.chosen < 0 and by > 0:
            self.choose(self.cursor)
        else:
            self.choose(min(max(0, self.cursor + by), len(self.values) - 1))

    def action_climb(self, by: int) -> None:
        leaves = self.cursor + by not in range(len(self.values)) and not (self.chosen < 0 and by > 0)
        if leaves or self._is_row(self.content_size.width):
            self.post_message(Stepped(by))
        else:
            self.action_move(by)

    def action_take(self) -> None:
        self.choose(self.cursor)

    def action_enter(self) -> None:
        self.choose(self.cursor)
        self.post_message(Entered())

    def on_click(self, event: events.Click) -> None:
        width, at = self.content_size.width, event.get_content_offset(self)
        if at is None:
            return
        if self._is_row(width):
            right = 0
            for number, text in self._lines(width):
                right += cell_len(text)
                if at.x < right:
                    self.choose(number)
                    return
        else:
            self.choose(self._lines(width)[at.y][0])


class Choice(Vertical):
    """One of the offered choices, or other words when none of them fits."""

    _OTHER = "\0other"

    def __init__(self, choices: Sequence[str], text: str = "") -> None:
        super().__init__()
        offered = [(choice, choice) for choice in choices]
        is_other = bool(text) and text not in choices
        self.pick = Pick([*offered, (self._OTHER, _("Other words…"))], self._OTHER if is_other else text)
        self.words = Words(text if is_other else "", example=_("In your own words"))
        self.words.display = is_other

    def compose(self) -> ComposeResult:
        yield self.pick
        yield self.words

    @property
    def text(self) -> str:
        return self.words.text if self._is_other else self.pick.text

    @property
    def _is_other(self) -> bool:
        return self.pick.text == self._OTHER

    def focus_answer(self) -> None:
        """Put the cursor where the answer is."""
        (self.words if self._is_other and self.words.text else self.pick).focus()

    @on(Edited)
    def _show_words(self) -> None:
        self.words.display = self._is_other

    @on(Entered)
    def _ask_words(self, event: Entered) -> None:
        if self._is_other and self.pick.has_focus:
            event.stop()
            self.words.focus()

    @on(Stepped)
    def _step_inside(self, event: Stepped) -> None:
        if event.by > 0 and self.pick.has_focus and self._is_other:
            event.stop()
            self.words.focus()
        elif event.by < 0 and self.words.has_focus:
            event.stop()
            self.pick.focus()
