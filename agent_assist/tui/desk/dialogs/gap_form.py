"""The form for a reply's gaps: each missing field once, with the right control, and why the facts do not fill it.

Nothing typed is lost. Accepting and Escape both answer with all values the chat should keep from now on; text that
cannot be used yet is kept under its name with `UNFINISHED` before it, where it fills no gap and comes back when the
form is opened again. None means that nothing changed. `keep` hears the same values at every change, for a draft
that survives a crash.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.replies.fill import gap_for
from agent_assist.tui.desk.dialogs import typed_answers
from agent_assist.tui.forms.choice import ChoiceOrText
from agent_assist.tui.forms.field import AnswerParser, FieldControl, FormField, needed
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.forms.paragraph import Paragraph

if TYPE_CHECKING:
    from agent_assist.replies import Gap
    from agent_assist.services import Reply

UNFINISHED = "?"
"""Before the name of a value that was typed but cannot be used yet; no template can ask for such a name."""

_CONTEXT_CHARACTERS = 16
"""Characters of the reply shown on either side of a gap."""

_SENTENCE_END = re.compile(r"[\n。！？]|[.!?] ")
_OTHER_GAP = re.compile(r"\[[^\]\n]*\?\]")


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class GapScreen(FormScreen[Mapping[str, str] | None]):
    """Asks for what `reply` lacks. `values` are the chat's; `clock` gives aware times, `tz` is the agent's."""

    def __init__(
        self,
        reply: "Reply",
        values: Mapping[str, str],
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
        tz: dt.tzinfo,
        currency: str = "CNY",
        keep: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        super().__init__()
        self.reply = reply
        self.values = dict(values)
        self.clock = clock
        self.tz = tz
        self.currency = currency
        self.keep = keep
        self._gaps = (*reply.gaps, *self._typed_before())

    @property
    def heading(self) -> str:
        phrase = self.reply.phrase
        return _("Fill in: {title}", title=phrase.title.get(self.reply.lang) or next(iter(phrase.title.values()), ""))

    @property
    def accept_label(self) -> str:
        return _("Fill in")

    def fields(self) -> Iterable[Widget]:
        for gap in self._gaps:
            label = gap.label[:1].upper() + gap.label[1:]
            yield FormField(gap.name, label, self._control(gap), parse=self._parser(gap), why=self._why(gap))
        if not self._gaps:
            yield Paragraph(_("Nothing is missing in this reply."), classes="dialog-text")

    def submit(self, _answers: Mapping[str, str]) -> None:
        self.dismiss(self._all_values())

    def action_back(self) -> None:
        self.dismiss(self._all_values() if self.is_changed else None)

    @on(FormField.Changed)
    def _keep_typed(self) -> None:
        if self.keep is not None:
            self.keep(self._all_values())

    def _all_values(self) -> dict[str, str]:
        values = {name: value for name, value in self.values.items() if not name.startswith(UNFINISHED)}
        for field in self.query(FormField):
            name, text = str(field.name), field.text
            values.pop(name, None)
            if not text.strip():
                continue
            try:
                values[name] = field.parse(text).value
            except Refused:
                values[UNFINISHED + name] = text
        return values

    def _typed_before(self) -> "Iterable[Gap]":
        """Yield what was filled in earlier for this phrase, so that a typing error can be corrected."""
        asked_now = {gap.name for gap in self.reply.gaps}
        for name in self.reply.phrase.fields:
            if name not in asked_now and self.values.get(name):
                yield gap_for(self.reply.phrase, name, self.reply.lang)

    def _control(self, gap: "Gap") -> FieldControl:
        kept = self.values.get(UNFINISHED + gap.name) or self.values.get(gap.name) or gap.default
        text = typed_answers.typed_form(kept, self.clock(), self.tz)
        match gap.control:
            case "choice" if gap.choices:
                return ChoiceOrText(gap.choices, text)
            case "datetime":
                return LineInput(text, example=_("14:30, +45m, tomorrow 9:00, 12-31"))
            case "number":
                return LineInput(text, example="3")
            case "money":
                return LineInput(text, example=f"20 ({self.currency})")
        return TextInput(text, lines=not gap.name.startswith(("customer.", "incident.")))

    def _parser(self, gap: "Gap") -> AnswerParser:
        lang = self.reply.lang
        if gap.name == "incident.eta":
            return lambda text: typed_answers.parse_typed_eta(text, self.clock(), self.tz, lang)
        match gap.control:
            case "datetime":
                return lambda text: typed_answers.parse_time(text, self.clock(), self.tz, lang)
            case "number":
                return typed_answers.parse_number
            case "money":
                return lambda text: typed_answers.parse_amount(text, self.currency, lang)
            case "choice":
                return needed(_("Choose one: arrow keys, then Enter."), _("“Other words…” lets you type."))
        return needed(_("This is still missing; the reply cannot be copied without it."))

    def _why(self, gap: "Gap") -> str:
        """Return why the facts do not fill this gap, or where it stands in the reply."""
        only_here = _("What you type is used in this reply only.")
        if not gap.name.startswith("incident."):
            return self._place(gap)
        match gap.reason:
            case "unknown eta":
                why = _("The facts give no time, so none is quoted.")
            case "passed eta":
                why = _("The time in the facts has passed, so it is not quoted.")
            case "language":
                why = _("The facts say this only in the other language.")
            case "empty":
                why = _("The facts do not say this yet.")
            case _:
                why = _("No incident is linked to this chat.")
        return f"{why} {only_here}"

    def _place(self, gap: "Gap") -> str:
        """Return the words around the gap in the reply, with … for other gaps."""
        text = self.reply.text
        shown = f"[{gap.label}?]"
        here = next((mark for mark in self.reply.marks if text[mark.start : mark.end] == shown), None)
        if here is None:
            return ""
        before = _OTHER_GAP.sub("…", _SENTENCE_END.split(text[: here.start])[-1]).lstrip()
        after = _OTHER_GAP.sub("…", _SENTENCE_END.split(text[here.end :])[0]).rstrip()
        left = ("…" if len(before) > _CONTEXT_CHARACTERS else "") + before[-_CONTEXT_CHARACTERS:]
        return f"{left}____{after[:_CONTEXT_CHARACTERS]}" + ("…" if len(after) > _CONTEXT_CHARACTERS else "")
