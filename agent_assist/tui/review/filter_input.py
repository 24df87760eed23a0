"""The conditions of the review as a person types them, and the filter that the store gets.

Days are the desk's own: `today` begins at midnight where the lead sits, 7 days are today and the six before.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.typed_times import parse_bound
from agent_assist.locale import N_, _, current
from agent_assist.offers import STATE_NAMES, Money, OfferFilter, OfferKind, State, parse_money
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.time_zone import start_of_day

Period = Literal["today", "7d", "30d", "all", "range"]

PERIODS: Mapping[Period, str] = {
    "today": N_("Today"),
    "7d": N_("7 days"),
    "30d": N_("30 days"),
    "all": N_("Always"),
    "range": N_("From … to"),
}
_DAYS: Mapping[Period, int] = {"today": 1, "7d": 7, "30d": 30}


class FilterInput(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions as they are typed; empty ones hold always."""

    period: Period = "all"
    since: str = ""
    until: str = ""
    incident: str = ""
    agent: str = ""
    kind: OfferKind | Literal[""] = ""
    state: State | Literal["", "given"] = ""
    least: str = ""
    most: str = ""
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing is left out."""
        return self == FilterInput()

    @classmethod
    def from_form(cls, typed: Mapping[str, str]) -> "FilterInput":
        """Return the answers of the form as conditions."""
        known = {name: clean_line(typed.get(name, "")) for name in cls.__struct_fields__}
        if known["period"] != "range":
            known["since"] = known["until"] = ""
        return msgspec.convert(known | {"period": known["period"] or "all"}, cls)

    def to_filter(self, now: dt.datetime, tz: dt.tzinfo, currency: str) -> OfferFilter:
        """Return the filter for the store. Refused when a day or an amount cannot be read or names another currency."""
        since = until = None
        if self.period in _DAYS:
            since = start_of_day(now.astimezone(tz).date() - dt.timedelta(days=_DAYS[self.period] - 1), tz)
        elif self.period == "range":
            since = parse_bound(self.since, now, tz) if self.since else None
            until = parse_bound(self.until, now, tz, end=True) if self.until else None
        least, most = (parse_money(text, currency) if text else None for text in (self.least, self.most))
        if least and most and least.currency != most.currency:
            raise Refused(_("Both amounts must be in one currency."), hint=_("For example 20 and 50."))
        limit = least or most
        return OfferFilter(
            since=since,
            until=until,
            incident=self.incident,
            agent=self.agent,
            kind=self.kind,
            state=self.state,
            text=self.text,
            currency=limit.currency if limit else "",
            least=least.minor if least else None,
            most=most.minor if most else None,
        )


def describe(filter_input: FilterInput, titles: Mapping[str, str]) -> list[str]:
    """Return each condition in words; nothing when everything is shown."""
    parts = []
    if filter_input.period == "range":
        parts.append(_("{since} to {until}", since=filter_input.since or "…", until=filter_input.until or "…"))
    elif filter_input.period != "all":
        parts.append(_(PERIODS[filter_input.period]))
    if filter_input.incident:
        parts.append(f"{filter_input.incident} {titles.get(filter_input.incident, '')}".strip())
    if filter_input.agent:
        parts.append(_("by {agent}", agent=filter_input.agent))
    if filter_input.kind:
        parts.append(_(KIND_NAMES[filter_input.kind]))
    if filter_input.state:
        parts.append(state_words(filter_input.state))
    if filter_input.least or filter_input.most:
        parts.append(f"{filter_input.least or '…'} – {filter_input.most or '…'}")
    if filter_input.text:
        parts.append(_("“{words}”", words=filter_input.text))
    return parts


def state_words(state: str) -> str:
    """Return a state, or all that count, in the interface language."""
    if state == "given":
        return _("all that count")
    return _(STATE_NAMES[state]) if state in get_args(State) else state  # type: ignore[index]


def echo_amount(text: str, currency: str) -> str:
    """Return how a typed amount is understood, "" for none. Refused with examples."""
    if not text.strip():
        return ""
    money = parse_money(text, currency)
    return f"= {Money(money.minor, money.currency).display(current())}"
