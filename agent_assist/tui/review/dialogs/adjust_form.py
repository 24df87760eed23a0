"""Another promise in place of an offer: what is not changed stays as it is."""

from collections.abc import Iterable, Mapping

from textual.widget import Widget

from agent_assist.locale import _, current
from agent_assist.offers import Offer, parse_duration
from agent_assist.offers.parse import parse_amount, parse_thing
from agent_assist.tui.forms.field import FormField, ParsedAnswer, needed
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput, TextInput


class AdjustScreen(FormScreen[Mapping[str, str] | None]):
    """Answers with `amount`, `duration`, `thing`, `sentence` as typed where they changed, and `note`."""

    enter_records = True

    def __init__(
        self, offer: Offer, currency: str, *, typed: Mapping[str, str] | None = None, problem: str = ""
    ) -> None:
        super().__init__(typed=typed, problem=problem)
        self.offer = offer
        self.currency = offer.money.currency if offer.money else currency
        self.was = {
            "amount": offer.money.plain() if offer.money else "",
            "duration": offer.duration.display(current()) if offer.duration else "",
            "thing": offer.thing,
            "sentence": offer.sentence,
        }

    @property
    def heading(self) -> str:
        return _("Adjust {offer} for {name}", offer=self.offer.id, name=self.offer.customer or _("(no name)"))

    @property
    def accept_label(self) -> str:
        return _("Adjust")

    def fields(self) -> Iterable[Widget]:
        was, now = self.was, {**self.was, **self.typed}
        if was["amount"] or not (was["duration"] or was["thing"]):
            yield FormField(
                "amount",
                _("Amount ({currency})", currency=self.currency),
                LineInput(now["amount"], example="20"),
                parse=self._parse_amount,
                was=was["amount"],
            )
        if was["duration"]:
            yield FormField(
                "duration",
                _("Duration"),
                LineInput(now["duration"], example=_("7d, 1 month")),
                parse=_parse_duration,
                was=was["duration"],
            )
        if was["thing"]:
            yield FormField(
                "thing",
                _("What"),
                LineInput(now["thing"]),
                was=was["thing"],
                parse=lambda text: ParsedAnswer(parse_thing(text)),
            )
        yield FormField(
            "sentence",
            _("Promised sentence"),
            TextInput(now["sentence"], lines=True),
            was=was["sentence"],
            why=_("As the customer gets it from now on."),
        )
        yield FormField(
            "note",
            _("Note"),
            TextInput(now.get("note", ""), lines=True),
            parse=needed(_("Say why it changes."), _("For example: waited twice as long.")),
            why=_("Stays on the log; the author of the offer reads it."),
        )

    def first_field(self) -> FormField:
        return self.shown_fields[0]

    def submit(self, answers: Mapping[str, str]) -> None:
        changed = {name: text for name, text in answers.items() if text and text != self.was.get(name, "")}
        if not changed.keys() - {"note"}:
            self.shown_fields[0].show_error(_("Nothing is different yet."))
            self.shown_fields[0].focus_answer()
            return
        self.dismiss(changed)

    def _parse_amount(self, text: str) -> ParsedAnswer:
        return ParsedAnswer(text.strip(), f"= {parse_amount(text, self.currency).display(current())}")


def _parse_duration(text: str) -> ParsedAnswer:
    return ParsedAnswer(text.strip(), f"= {parse_duration(text).display(current())}")
