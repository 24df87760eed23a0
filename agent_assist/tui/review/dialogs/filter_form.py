"""Which offers to look at: a small form behind the one line of conditions. Everything may stay open."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import get_args

from textual import on
from textual.widget import Widget

from agent_assist.errors import Refused
from agent_assist.incidents.typed_times import parse_bound
from agent_assist.locale import _
from agent_assist.offers import OFFER_KINDS, State
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.field import FormField, ParsedAnswer
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput
from agent_assist.tui.review.filter_input import PERIODS, FilterInput, echo_amount, state_words


class FilterScreen(FormScreen[FilterInput | None]):
    """Answers with the conditions; None when it was left. `titles` are the incidents on record by id."""

    def __init__(
        self,
        current: FilterInput,
        titles: Mapping[str, str],
        agents: Sequence[str],
        currency: str,
        tz: dt.tzinfo,
        clock: Callable[[], dt.datetime],
    ) -> None:
        super().__init__()
        self.filter_before = current
        self.titles = titles
        self.agents = agents
        self.currency = currency
        self.tz = tz
        self.clock = clock

    @property
    def heading(self) -> str:
        return _("Which offers")

    @property
    def accept_label(self) -> str:
        return _("Show")

    def fields(self) -> Iterable[Widget]:
        now = self.filter_before
        yield FormField(
            "period", _("When"), RadioRow([(name, _(label)) for name, label in PERIODS.items()], now.period)
        )
        yield FormField("since", _("From"), LineInput(now.since, example="2026-11-01"), parse=self._day(end=False))
        yield FormField("until", _("To"), LineInput(now.until, example="2026-11-20"), parse=self._day(end=True))
        yield FormField(
            "incident",
            _("Incident"),
            LineInput(now.incident, example=next(iter(self.titles), "INC-1")),
            parse=self._incident,
        )
        yield FormField(
            "agent", _("By whom"), LineInput(now.agent, example=next(iter(self.agents), "")), parse=self._agent
        )
        kinds = [("", _("all")), *((kind, _(KIND_NAMES[kind])) for kind in OFFER_KINDS)]
        yield FormField("kind", _("Kind"), RadioRow(kinds, now.kind))
        states = [("", _("all")), ("given", state_words("given"))]
        states += [(state, state_words(state)) for state in get_args(State)]
        yield FormField("state", _("State"), RadioRow(states, now.state))
        yield FormField("least", _("Worth from"), LineInput(now.least, example="20"), parse=self._amount)
        yield FormField("most", _("Worth up to"), LineInput(now.most, example="200"), parse=self._amount)
        yield FormField("text", _("Words"), LineInput(now.text, example=_("order number, name, part of the sentence")))

    def first_field(self) -> FormField:
        return self.shown_fields[0]

    def show_relevant_fields(self) -> None:
        for name in ("since", "until"):
            self.field(name).display = self.field("period").text == "range"

    @on(FormField.Changed)
    def _period_changed(self, event: FormField.Changed) -> None:
        if event.field.name == "period":
            self.show_relevant_fields()

    def submit(self, answers: Mapping[str, str]) -> None:
        self.dismiss(FilterInput.from_form(answers))

    def action_back(self) -> None:
        """Nothing that is typed here is worth a question."""
        self.dismiss(None)

    def _day(self, *, end: bool) -> Callable[[str], ParsedAnswer]:
        def parse(text: str) -> ParsedAnswer:
            if not text.strip():
                return ParsedAnswer("")
            at = parse_bound(text, self.clock(), self.tz, end=end).astimezone(self.tz)
            return ParsedAnswer(
                text.strip(), _("before {time}", time=f"{at:%Y-%m-%d %H:%M}") if end else f"{at:%Y-%m-%d %H:%M}"
            )

        return parse

    def _incident(self, text: str) -> ParsedAnswer:
        typed = text.strip().upper()
        if not typed:
            return ParsedAnswer("")
        named = typed if typed.startswith("INC-") else f"INC-{typed}"
        if self.titles and named not in self.titles:
            raise Refused(
                _("There is no incident {id}.", id=named), hint=_("For example {id}.", id=next(iter(self.titles)))
            )
        return ParsedAnswer(named, self.titles.get(named, ""))

    def _agent(self, text: str) -> ParsedAnswer:
        typed = text.strip()
        alike = [agent for agent in self.agents if typed and agent.casefold().startswith(typed.casefold())]
        if len(alike) == 1:
            return ParsedAnswer(alike[0], alike[0] if alike[0] != typed else "")
        return ParsedAnswer(typed, _(", ").join(alike[:8]))

    def _amount(self, text: str) -> ParsedAnswer:
        return ParsedAnswer(text.strip(), echo_amount(text, self.currency))
