"""A decision about offers: what it is about stands above, a note is written below. It only asks."""

from collections.abc import Iterable, Mapping, Sequence

from textual.widget import Widget

from agent_assist.locale import _
from agent_assist.tui.forms.field import FormField, as_typed, needed
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import TextInput
from agent_assist.tui.forms.paragraph import Paragraph


class DecideScreen(FormScreen[str | None]):
    """Answers with the note, which may be empty unless it `needs_note`; None when it was left."""

    enter_records = True

    def __init__(
        self, question: str, about: Sequence[str], action: str, *, needs_note: bool, note: str = "", problem: str = ""
    ) -> None:
        super().__init__(typed={"note": note} if note else None, problem=problem)
        self.question = question
        self.about = about
        self.action = action
        self.needs_note = needs_note

    @property
    def heading(self) -> str:
        return self.question

    @property
    def accept_label(self) -> str:
        return self.action

    def fields(self) -> Iterable[Widget]:
        yield Paragraph("\n".join(self.about), classes="dialog-text")
        parse = needed(_("Say why, so that its author can tell the customer."), _("For example: refunded already."))
        yield FormField(
            "note",
            _("Note"),
            TextInput(self.typed.get("note", ""), lines=True),
            parse=parse if self.needs_note else as_typed,
            why=_("Stays on the log; the author of the offer reads it."),
        )

    def submit(self, answers: Mapping[str, str]) -> None:
        self.dismiss(answers["note"])
