"""What was promised to a customer, in a few keys: the kind decides which one thing is asked for besides it.

The answer is the typed texts that `parse_offer` takes; each is checked by the functions it uses, to say at once, next
to the field, what cannot be used.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import asdict
from textual import on
from textual.widget import Widget

from agent_assist.chats import Chat
from agent_assist.errors import Refused
from agent_assist.incidents import Incident
from agent_assist.incidents.fact_words import shown_wording
from agent_assist.locale import _, current
from agent_assist.offers import Money, parse_duration
from agent_assist.offers.parse import check_given, parse_amount, parse_customer, parse_sentence, parse_thing
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.tui.desk.offer_prefill import OfferPrefill
from agent_assist.tui.desk.render.policy_text import allowed, has_already
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.field import FormField, ParsedAnswer, needed
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.forms.paragraph import Paragraph

if TYPE_CHECKING:
    from agent_assist.services.compensation import PolicyPreview

_ASKS = {
    "coupon": ("amount",),
    "refund": ("amount",),
    "credit": ("amount",),
    "extension": ("duration",),
    "gift": ("thing",),
    "other": ("amount", "duration", "thing"),
}


class OfferScreen(FormScreen[Mapping[str, str] | None]):
    """Answers with names of `OFFER_INPUTS` to typed texts, without empty ones; None when it was left."""

    enter_records = True

    def __init__(
        self,
        *,
        chat: Chat | None,
        incident: Incident | None,
        prefill: OfferPrefill | None = None,
        currency: str = "CNY",
        typed: Mapping[str, str] | None = None,
        problem: str = "",
        keep: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        """`keep` hears at every change what was typed differently from what the form proposes; without it, leaving asks
        first."""
        super().__init__(typed=typed, problem=problem)
        self.chat = chat
        self.keep = keep
        self._prefill = asdict(prefill or OfferPrefill())
        self.incident = incident
        self.first = {**self._prefill, **self.typed}
        self.currency = currency
        self.preview: PolicyPreview | None = None
        self._policy_lines = "", ""

    def show_policy(self, preview: "PolicyPreview", now: dt.datetime, tz: dt.tzinfo) -> None:
        """Show what may be promised to this customer now, and what they already have."""
        self.preview = preview
        self._policy_lines = allowed(preview), has_already(preview, now, tz)
        if self.is_asking:
            self.query_one("#offer-policy", Paragraph).update(*self._policy_lines)

    @property
    def heading(self) -> str:
        name = self.chat.customer.name if self.chat else ""
        return _("Log an offer to {name}", name=name) if name else _("Log an offer")

    @property
    def accept_label(self) -> str:
        return _("Log offer")

    def fields(self) -> Iterable[Widget]:
        if self.incident is not None:
            where = f"{self.incident.id} {shown_wording(self.incident, 'title')}".strip()
            yield Paragraph(_("For incident {incident}", incident=where), classes="dialog-text")
        yield Paragraph(classes="dialog-text", id="offer-policy")
        kinds = [(kind, _(name)) for kind, name in KIND_NAMES.items()]
        yield FormField(
            "kind",
            _("Kind"),
            RadioRow(kinds, self.first["kind"]),
            parse=needed(_("Choose what kind of offer it is."), _("Arrow keys choose.")),
        )
        yield FormField(
            "amount",
            _("Amount ({currency})", currency=self.currency),
            LineInput(self.first["amount"], example="20"),
            parse=self._parse_amount,
        )
        yield FormField(
            "duration",
            _("Duration"),
            LineInput(self.first.get("duration", ""), example=_("7d, 1 month")),
            parse=self._parse_duration,
        )
        yield FormField(
            "thing", _("What"), LineInput(self.first.get("thing", ""), example=_("a gift box")), parse=self._parse_thing
        )
        yield FormField(
            "reason",
            _("Reason"),
            TextInput(self.first.get("reason", ""), example=_("waited an hour for an answer")),
            why=_("For the log; the customer does not read it."),
        )
        if self.chat is None or not self.chat.customer.name:
            yield FormField(
                "customer",
                _("Customer"),
                LineInput(self.first.get("customer", ""), example=_("Ms Li, 王女士")),
                parse=lambda text: ParsedAnswer(parse_customer(text)),
            )
        yield FormField(
            "sentence",
            _("Promised sentence"),
            TextInput(self.first["sentence"], lines=True),
            parse=lambda text: ParsedAnswer(parse_sentence(text)),
        )

    def show_relevant_fields(self) -> None:
        self.query_one("#offer-policy", Paragraph).update(
            *self._policy_lines
        )  # they may be known before the form is there
        for name in ("amount", "duration", "thing"):
            self.field(name).display = name in self._asks

    @on(FormField.Changed)
    def _kind_changed(self, event: FormField.Changed) -> None:
        if event.field.name == "kind":
            self.show_relevant_fields()
        if self.keep is not None:
            self.keep(self._typed_here())

    def _typed_here(self) -> dict[str, str]:
        """Only what was changed: what the form proposes follows the reply."""
        texts = {str(field.name): field.text for field in self.all_fields}
        return {name: text for name, text in texts.items() if text != self._prefill.get(name, "")}

    def action_back(self) -> None:
        if self.keep is None:
            super().action_back()
        else:
            self.dismiss(None)  # what was typed is kept, so there is nothing to ask

    def submit(self, answers: Mapping[str, str]) -> None:
        typed = {name: text for name, text in answers.items() if text}
        try:
            check_given(typed.get("amount"), typed.get("duration"), typed.get("thing"))
        except Refused as refused:
            self.field("amount").show_error(str(refused))
            self.field("amount").focus_answer()
            return
        self.dismiss(typed | {"currency": self.currency} if "amount" in typed else typed)

    @property
    def _asks(self) -> tuple[str, ...]:
        return _ASKS.get(self.field("kind").text, ())

    def _is_optional(self, text: str) -> bool:
        return not text.strip() and len(self._asks) > 1

    def _parse_amount(self, text: str) -> ParsedAnswer:
        if self._is_optional(text):
            return ParsedAnswer("")
        money = parse_amount(text, self.currency)
        return ParsedAnswer(text.strip(), f"= {money.display(current())}" + self._beyond(money))

    def _beyond(self, money: Money) -> str:
        most = self.preview.rule.allow.get(self.field("kind").text) if self.preview and self.preview.rule else None  # type: ignore[call-overload]
        if isinstance(most, Money) and most.currency == money.currency and money.minor > most.minor:
            return " · " + _("above {most}: waits for a lead", most=most.display(current()))
        return ""

    def _parse_duration(self, text: str) -> ParsedAnswer:
        if self._is_optional(text):
            return ParsedAnswer("")
        return ParsedAnswer(text.strip(), f"= {parse_duration(text).display(current())}")

    def _parse_thing(self, text: str) -> ParsedAnswer:
        if self._is_optional(text):
            return ParsedAnswer("")
        return ParsedAnswer(parse_thing(text))
