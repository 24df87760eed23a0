"""A line in which names of a list are typed, with those that fit below it; other words may stay as they are."""

import re
from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from agent_assist.cleaning import clean_line
from agent_assist.locale import current
from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.line_input import LineInput
from agent_assist.tui.forms.type_ahead import TypedOption, fold, matching, value_of
from agent_assist.tui.text.content import content, fit

MAX_SHOWN_OPTIONS = 4

_SEPARATORS = ",，、;；"
_LAST_PART = re.compile(f"[^{_SEPARATORS}]*$")


class PickInput(Vertical):
    """Names of `options` in one line, separated by commas when `several`. Down and up choose among those that fit,
    Enter or a comma takes one; without any below it, Down and Up leave the field."""

    def __init__(
        self, options: Sequence[TypedOption], text: str = "", *, example: str = "", several: bool = False
    ) -> None:
        super().__init__()
        self.options = tuple(options)
        self.several = several
        self.line = _PickLine(self, clean_line(text), example)
        self._list = _OptionList()
        self._list.display = False
        self.cursor = 0
        self._seen = self.line.value

    def compose(self) -> ComposeResult:
        yield self.line
        yield self._list

    @property
    def text(self) -> str:
        """Return what was typed, with the option at the cursor when another than the first was moved to."""
        offered = self.offered
        return self._with_last(offered[self.cursor].label) if 0 < self.cursor < len(offered) else self.line.value

    @property
    def offered(self) -> list[TypedOption]:
        """Return the options that the name being typed may mean; none when it is one of them already."""
        last = self._last
        fitting = matching(last, self.options)
        return [] if fitting and fold(fitting[0].label) == fold(last) else fitting[:MAX_SHOWN_OPTIONS]

    @property
    def _last(self) -> str:
        match = _LAST_PART.search(self.line.value) if self.several else None
        return (match[0] if match else self.line.value).strip()

    def _with_last(self, label: str) -> str:
        value = self.line.value
        start = _LAST_PART.search(value).start() if self.several else 0  # type: ignore[union-attr]
        space = " " if start and value[start - 1] in ",;" else ""
        return f"{value[:start]}{space}{label}"

    def focus_answer(self) -> None:
        """Put the cursor into the line."""
        self.line.focus()

    def take(self) -> None:
        """Write the option at the cursor out."""
        if offered := self.offered:
            text = self._with_last(offered[min(self.cursor, len(offered) - 1)].label)
            self.cursor = 0
            self.line.value = text
            self.line.cursor_position = len(text)
        self.show_options()

    def move(self, by: int) -> None:
        """Move among the options that fit; past them, out of the field."""
        offered = self.offered
        if len(offered) > 1 and 0 <= self.cursor + by < len(offered):
            self.cursor += by
            self.show_options()
            self.post_message(Edited())
        else:
            self.post_message(Stepped(by))

    def show_options(self) -> None:
        """Show what fits while the cursor is here."""
        self._list.show(self.offered if self.line.has_focus else [], self.cursor)

    @on(Edited)
    def _typed(self) -> None:
        value = self.line.value
        if self.several and value and value[-1] in _SEPARATORS and (last := _last_part(value[:-1])):
            label = next((option.label for option in matching(last, self.options)), last)
            taken = f"{value[: len(value) - 1 - len(last)]}{label}{value[-1]}"
            if taken != value:
                self.line.value = taken
                self.line.cursor_position = len(taken)
        if self.line.value != self._seen:  # not when only the cursor moved among the options
            self._seen, self.cursor = self.line.value, 0
        self.show_options()


class _PickLine(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "pick(1)", show=False),
        Binding("up", "pick(-1)", show=False),
    ]

    def __init__(self, owner: PickInput, text: str, example: str) -> None:
        super().__init__(text, example=example)
        self._owner = owner

    def action_pick(self, by: int) -> None:
        self._owner.move(by)

    async def action_submit(self) -> None:
        self._owner.take()
        self.post_message(Entered())

    def on_focus(self, _event: events.Focus) -> None:
        self._owner.show_options()

    def on_blur(self, _event: events.Blur) -> None:
        self._owner.take()


class _OptionList(Widget):
    """The options that fit, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._options: Sequence[TypedOption] = ()
        self._cursor = 0

    def show(self, options: Sequence[TypedOption], cursor: int) -> None:
        self._options, self._cursor = options, cursor
        self.display = bool(options)
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        return len(self._options)

    def render(self) -> Content:
        width = self.content_size.width
        lines = []
        for place, option in enumerate(self._options):
            also = next((word for word in option.words if fold(word) != fold(option.label)), "")
            mark = "▸" if place == self._cursor else " "
            lines.append(content(fit(f"{mark} {option.label}  {also}", width), "bold" if place == self._cursor else ""))
        return Content("\n").join(lines)


def values_of(text: str, options: Sequence[TypedOption]) -> list[str]:
    """Return the values that a text of several names stands for; words that name no option stay."""
    parts = (part.strip() for part in re.split(f"[{_SEPARATORS}\n]", text))
    return [value_of(part, options) for part in parts if part]


def joined_labels(labels: Sequence[str]) -> str:
    """Return names as they are typed into the line in the interface language."""
    return ("、" if current() == "zh" else ", ").join(labels)


def _last_part(text: str) -> str:
    match = _LAST_PART.search(text)
    return match[0].lstrip() if match else ""
