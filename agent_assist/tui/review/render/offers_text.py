"""One line an offer on the review screen: marks, time, state, kind, what is given, to whom and by whom, in columns."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
from rich.cells import cell_len
from textual.content import Content

from agent_assist.locale import N_, _
from agent_assist.offers import Offer, State
from agent_assist.offers.offer_words import describe_given
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.tui.text.content import fit, pad
from agent_assist.tui.text.line import line

SIGNS: Mapping[State, str] = {
    "pending": "●",
    "offered": "○",
    "approved": "✓",
    "declined": "✗",
    "voided": "–",
    "delivered": "★",
}
"""Beside every state word, so that colour is never alone."""

SHORT_STATES: Mapping[State, str] = {
    "pending": N_("waits"),
    "offered": N_("offered"),
    "approved": N_("approved"),
    "declined": N_("declined"),
    "voided": N_("voided"),
    "delivered": N_("delivered"),
}
STYLES: Mapping[State, str] = {"pending": ".warn", "approved": ".ok", "declined": ".dim", "voided": ".dim"}

OUTLIER = "▲"

NOTHING_GIVEN = "—"
"""In the place of an amount: the offer gives no more than its sentence."""

_AMOUNT = 13
_TIME = 11
_AGENT = 8
_INCIDENT = 7


class OfferColumns(msgspec.Struct, frozen=True):
    """Widths in cells; 0 leaves a column out. Pointer, mark, state sign, amount and outlier are always there."""

    time: int
    state: int
    kind: int
    customer: int
    agent: int
    incident: int
    amount: int = _AMOUNT


def offer_columns(cells: int, lang: str) -> OfferColumns:
    """Return the widths for a list of this width, whatever its rows hold; `lang` is that of the interface."""
    state, kind = _widest(tuple(SHORT_STATES.values()), lang), _widest(tuple(KIND_NAMES.values()), lang)
    fixed = 4 + 2 + _AMOUNT + 2  # pointer and mark, sign, amount, outlier
    shown = OfferColumns(0, 0, 0, 0, 0, 0)
    for name, width in (
        ("customer", 8),
        ("time", _TIME),
        ("agent", _AGENT),
        ("kind", kind),
        ("state", state),
        ("incident", _INCIDENT),
    ):
        if fixed + width + 2 <= cells:
            fixed += width + 2
            shown = msgspec.structs.replace(shown, **{name: width})
    spare = max(0, cells - fixed)
    return msgspec.structs.replace(shown, customer=shown.customer + spare) if shown.customer else shown


@cache
def _widest(words: tuple[str, ...], _lang: str) -> int:
    return max(cell_len(_(word)) for word in words)


def offer_line(
    offer: Offer, widths: OfferColumns, tz: dt.tzinfo, *, is_chosen: bool, is_marked: bool, stands_out: bool
) -> Content:
    """Return one row. The chosen one has a pointer, a marked one a filled square, besides their colours."""
    lead = ("▸ " if is_chosen else "  ") + ("■ " if is_marked else "  ")
    sign = SIGNS[offer.state]
    told = _(SHORT_STATES[offer.state])
    amount = fit(describe_given(offer) or NOTHING_GIVEN, widths.amount)
    cells = [
        (pad(short_time(offer.at, tz), widths.time), ".dim") if widths.time else "",
        (f"{sign} {pad(told, widths.state)}" if widths.state else sign, STYLES.get(offer.state, "")),
        pad(_(KIND_NAMES[offer.kind]), widths.kind) if widths.kind else "",
        (
            " " * (widths.amount - cell_len(amount)) + amount + (f" {OUTLIER}" if stands_out else "  "),
            ".warn" if stands_out else "",
        ),
        pad(offer.customer or _("(no name)"), widths.customer) if widths.customer else "",
        (pad(offer.agent, widths.agent), ".dim") if widths.agent else "",
        (pad(offer.incident, widths.incident), ".dim") if widths.incident else "",
    ]
    parts: list[str | tuple[str, str]] = [(lead, ".accent")]
    for cell in cells:
        if cell:
            parts += [cell, "  "]
    text = line(*parts[:-1])
    return text.stylize(".chosen", 0) if is_chosen else text


def heading_line(text: str, cells: int) -> Content:
    """Return a heading between rows, with a rule up to the end of the line."""
    fitted = fit(text, max(0, cells - 4))
    return line((f"  {fitted} ", ".title"), ("─" * max(0, cells - cell_len(fitted) - 4), ".dim"))


def short_time(at: dt.datetime, tz: dt.tzinfo) -> str:
    """Return day and time without the year: 11-20 14:10."""
    return f"{at.astimezone(tz):%m-%d %H:%M}"


def listed(offers: Iterable[Offer], most: int) -> list[str]:
    """Return offers as sentences of a dialog, the first `most` of them."""
    every = list(offers)
    lines = []
    for offer in every[:most]:
        given = describe_given(offer) or NOTHING_GIVEN
        lines.append(f"{offer.id}  {given}  {offer.customer or _('(no name)')}  ({offer.agent})")
    if len(every) > most:
        lines.append(_("and {count} more", count=len(every) - most))
    return lines
