"""The conditions that `offer list`, `offer summary` and `offer export` share, and their value from what was typed."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

import click
import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.cli.session import Session
from agent_assist.errors import Refused, Usage
from agent_assist.incidents.typed_times import parse_bound
from agent_assist.locale import N_, _
from agent_assist.offers import OFFER_KINDS, OfferFilter, State, parse_money

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--since", metavar="TIME", help=N_("Only from this day or moment on: 2026-11-20, 14:10, -2h.")),
    click.option("--until", metavar="TIME", help=N_("Only before this moment; a day counts whole.")),
    click.option("--incident", metavar="ID", help=N_("Only for this incident.")),
    click.option("--agent", metavar="NAME", help=N_("Only by this agent.")),
    click.option("--customer", metavar="NAME", help=N_("Only to this customer.")),
    click.option("--order", metavar="NUMBER", help=N_("Only about this order.")),
    click.option("--kind", type=click.Choice(OFFER_KINDS), help=N_("Only of this kind.")),
    click.option(
        "--state",
        type=click.Choice((*get_args(State), "given")),
        help=N_("Only in this state; given: what counts, neither waiting nor declined nor voided."),
    ),
    click.option("--tier", metavar="NAME", help=N_("Only to customers of this tier.")),
    click.option("--text", metavar="WORDS", help=N_("Only with these words in a text of the offer or its history.")),
    click.option("--currency", metavar="CODE", help=N_("Only in this currency.")),
    click.option("--least", metavar="MONEY", help=N_("Only worth this much or more.")),
    click.option("--most", metavar="MONEY", help=N_("Only worth this much or less.")),
)
_PLAIN = ("incident", "agent", "customer", "order", "tier", "text")


def options(command: _F) -> _F:
    """All the conditions."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filter_from_options(session: Session, options_typed: Mapping[str, str | None]) -> OfferFilter:
    """What was asked for. Raises Usage for what cannot be read."""
    conditions: dict[str, Any] = {name: clean_line(options_typed.get(name) or "") for name in _PLAIN}
    conditions |= {"kind": options_typed.get("kind") or "", "state": options_typed.get("state") or ""}
    currency = (options_typed.get("currency") or "").upper()
    for name in ("least", "most"):
        if typed := options_typed.get(name):
            money = parse_money(typed, currency or session.settings.currency)
            if currency and money.currency != currency:
                raise Usage(_("--least, --most and --currency name different currencies."))
            currency = money.currency
            conditions[name] = money.minor
    conditions["currency"] = currency
    for name in ("since", "until"):
        if typed := options_typed.get(name):
            conditions[name] = _moment(session, typed, end=name == "until")
    return msgspec.convert(conditions, OfferFilter)


def _moment(session: Session, typed: str, *, end: bool) -> dt.datetime:
    try:
        return parse_bound(typed, session.services.clock(), session.services.tz, end=end)
    except Refused as refused:
        raise Usage(refused.message, hint=refused.hint) from refused
