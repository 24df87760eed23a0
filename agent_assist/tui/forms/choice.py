"""Controls for choosing: a few options in sight, and the same with a text field for another answer."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
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
from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.line_input import TextInput
from agent_assist.tui.text.content import content, fit
from agent_assist.tui.text.wrap import wrap


class RadioRow(Widget, can_focus=True):
    """One of a few options: in a row when they fit, else one below the other, and only the chosen one without focus.

    In a row, left and right choose. Below each other, up and down only move ▸ and Enter chooses: an arrow key pressed
    to get past a field must not resolve an incident.
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
        self.set_reactive(RadioRow.chosen, chosen)
        self.set_reactive(RadioRow.cursor, max(0, chosen))

    @property
    def text(self) -> str:
        return self.values[self.chosen] if self.chosen >= 0 else ""

    @property
    def highlighted(self) -> str:
        """Return the label at ▸ while the cursor is here and another option is the answer, else ""."""
        is_elsewhere = self.has_focus and self.cursor != self.chosen and not self._is_row(self.content_size.width)
        return self.labels[self.cursor] if is_elsewhere else ""

    def _is_row(self, width: int) -> bool:
        return sum(cell_len(label) + 4 for label in self.labels) - 1 <= width

    def _lines(self, width: int) -> list[tuple[int, str]]:
        """Return what is shown as (number of the option, text): parts of one row, or lines."""
        pieces: list[tuple[int, str]] = []
        is_row = self._is_row(width)
        is_folded = not is_row and self.chosen >= 0 and not self.has_focus
        for number, label in enumerate(self.labels):
            here = "▸" if self.has_focus and number == self.cursor else " "
            mark = "●" if number == self.chosen else "○"
            if is_row:
                pieces.append((number, f"{here}{mark} {label} "))
            elif is_folded and number == self.chosen:
                pieces.append((number, f" {mark} {fit(label, width - 5)} ▾"))
            elif not is_folded:
                lines = [label[first:last] for first, last in wrap(label, width - 3)] or [""]
                pieces.append((number, f"{here}{mark} {lines[0]}"))
                pieces += [(number, f"   {line}") for line in lines[1:]]
        return pieces

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return 1 if self._is_row(width) else len(self._lines(width))

    def render(self) -> Content:
        width = self.content_size.width
        shown = [content(text, "bold" if number == self.chosen else "") for number, text in self._lines(width)]
        return Content("" if self._is_row(width) else "\n").join(shown)

    def on_focus(self) -> None:
        self.refresh(layout=True)

    def on_blur(self) -> None:
        self.refresh(layout=True)

    def choose(self, number: int) -> None:
        """Make this option the answer."""
        self.cursor = number
        if number != self.chosen:
            self.chosen = number
            self.post_message(Edited())

    def action_move(self, by: int) -> None:
        """Choose the option beside the current one."""
        first_choice = self.chosen < 0 and by > 0
        self.choose(self.cursor if first_choice else min(max(0, self.cursor + by), len(self.values) - 1))

    def action_climb(self, by: int) -> None:
        """Move ▸ up or down among options below each other; past the last one, to the next field."""
        there = self.cursor + by
        if self._is_row(self.content_size.width) or there not in range(len(self.values)):
            self.post_message(Stepped(by))
        else:
            self.cursor = there

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


class ChoiceOrText(Vertical):
    """One of the offered choices, or another text when none of them fits."""

    _OTHER = "\0other"

    def __init__(self, choices: Sequence[str], text: str = "") -> None:
        super().__init__()
        offered = [(choice, choice) for choice in choices]
        is_other = bool(text) and text not in choices
        self.options = RadioRow([*offered, (self._OTHER, _("Other words…"))], self._OTHER if is_other else text)
        self.other_text = TextInput(text if is_other else "", example=_("In your own words"))
        self.other_text.display = is_other

    def compose(self) -> ComposeResult:
        yield self.options
        yield self.other_text

    @property
    def text(self) -> str:
        return self.other_text.text if self._is_other else self.options.text

    @property
    def _is_other(self) -> bool:
        return self.options.text == self._OTHER

    def focus_answer(self) -> None:
        """Put the cursor into the part that holds the answer."""
        (self.other_text if self._is_other and self.other_text.text else self.options).focus()

    @on(Edited)
    def _show_words(self) -> None:
        self.other_text.display = self._is_other

    @on(Entered)
    def _ask_words(self, event: Entered) -> None:
        if self._is_other and self.options.has_focus:
            event.stop()
            self.other_text.focus()

    @on(Stepped)
    def _step_inside(self, event: Stepped) -> None:
        if event.by > 0 and self.options.has_focus and self._is_other:
            event.stop()
            self.other_text.focus()
        elif event.by < 0 and self.other_text.has_focus:
            event.stop()
            self.options.focus()
