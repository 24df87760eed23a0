"""Everything about one offer in lines: the promise as it was said, to whom, what limits say, and its whole history."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len
from textual.content import Content

from agent_assist.incidents import clock_time
from agent_assist.locale import _, current
from agent_assist.offers import EVENT_NAMES, LIMITS, STATE_NAMES, Entry, Offer, display_sum
from agent_assist.offers.offer_words import describe_given
from agent_assist.offers.outliers import Outlier
from agent_assist.offers.policy_words import KIND_NAMES, LIMIT_NAMES
from agent_assist.tui.review.render.offers_text import NOTHING_GIVEN, SIGNS, STYLES
from agent_assist.tui.text.line import line
from agent_assist.tui.text.wrap import wrapped

if TYPE_CHECKING:
    from agent_assist.services.compensation import PolicyPreview


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about an offer. `preview` is what the policy says now; None while or because it is not known."""

    offer: Offer
    entries: tuple[Entry, ...] = ()
    preview: "PolicyPreview | None" = None
    outlier: Outlier | None = None
    title: str = ""
    """Of its incident."""


def facts(detail: Detail, now: dt.datetime, tz: dt.tzinfo) -> list[tuple[str, str, str]]:
    """Return label, words and style of each fact, in the order of what matters for a decision; nothing empty."""
    offer = detail.offer
    state = f"{SIGNS[offer.state]} {_(STATE_NAMES[offer.state])}"
    rows = [
        (_("State"), state, STYLES.get(offer.state, "")),
        (_("Given"), f"{_(KIND_NAMES[offer.kind])} · {describe_given(offer) or NOTHING_GIVEN}", ""),
        ("", _stands_out(detail.outlier), ".warn"),
        (_("Sentence"), _("erased at the customer's request") if offer.erased else offer.sentence, ".value"),
        (_("Customer"), " · ".join(part for part in (offer.customer, offer.order, offer.tier) if part), ""),
        (_("Why"), offer.reason, ""),
        (_("By"), f"{offer.agent} · {clock_time(offer.at, now, tz, current())}", ""),
        (_("Incident"), f"{offer.incident} {detail.title}".strip(), ""),
        (_("Waits for"), _waits_for(detail), ".warn"),
        (_("Limits"), _limits(detail), ""),
        (_("Has already"), _earlier(detail), ".warn"),
    ]
    return [row for row in rows if row[1]]


def history(entries: Sequence[Entry], now: dt.datetime, tz: dt.tzinfo) -> list[tuple[str, str]]:
    """Return what happened to the offer, oldest first, and the note of each."""
    rows = []
    for entry in entries:
        what = _(EVENT_NAMES[entry.event])
        if entry.event == "adjusted":
            what = f"{what}: {describe_given(entry) or NOTHING_GIVEN}"
        if entry.pending:
            what = _("{event} (waits for approval)", event=what)
        text = f"#{entry.seq} · {clock_time(entry.at, now, tz, current())} · {entry.agent} · {what}"
        rows.append((text, entry.text("note")))
    return rows


def detail_lines(detail: Detail, now: dt.datetime, tz: dt.tzinfo, cells: int) -> list[Content]:
    """Return the facts in two columns, then the history."""
    rows = facts(detail, now, tz)
    label = max((cell_len(name) for name, _words, _style in rows), default=0)
    lines: list[Content] = []
    for name, words, style in rows:
        for number, text in enumerate(wrapped(words, max(8, cells - label - 2), style=style)):
            shown = name if number == 0 else ""
            lines.append(line((shown + " " * (label - cell_len(shown) + 2), ".dim"), text))
    for event, note in history(detail.entries, now, tz):
        lines += wrapped(event, cells, style=".dim")
        lines += [line("  ", text) for text in wrapped(f"“{note}”", max(8, cells - 2))] if note else []
    return lines


def _stands_out(found: Outlier | None) -> str:
    if found is None:
        return ""
    times = f"{found.tenths // 10}.{found.tenths % 10}"
    usual = _money(found.median.minor, found.median.currency)
    if found.against == "team":
        return _("▲ {times} times what the team usually gives ({usual})", times=times, usual=usual)
    return _("▲ {times} times what {agent} usually gives ({usual})", times=times, agent=found.median.agent, usual=usual)


def _money(minor: int, currency: str) -> str:
    return display_sum(minor, currency, current())


def _waits_for(detail: Detail) -> str:
    offer = detail.offer
    if offer.state != "pending" or not offer.rule:
        return ""
    for name in LIMITS:
        if offer.rule == name:
            return _("above the limit: {limit}", limit=_(LIMIT_NAMES[name]))
    fixed = {
        "repeat": _("this customer already had an offer for this incident"),
        "no rule": _("no rule of the policy covers this case"),
        "no policy": _("the policy could not be used"),
        "currency": _("the limits are in another currency"),
    }
    if offer.rule in fixed:
        return fixed[offer.rule]
    rule = (
        next((one for one in detail.preview.policy.rules if one.name == offer.rule), None) if detail.preview else None
    )
    return _("more than “{rule}” allows", rule=rule.title(current()) if rule else offer.rule)


def _limits(detail: Detail) -> str:
    preview = detail.preview
    if preview is None or not preview.remaining:
        return ""
    return " · ".join(
        _("{limit}: {left} left", limit=_(LIMIT_NAMES[name]), left=preview.remaining[name].display(current()))
        for name in LIMITS
        if name in preview.remaining
    )


def _earlier(detail: Detail) -> str:
    if detail.preview is None:
        return ""
    others = [one for one in detail.preview.earlier if one.id != detail.offer.id]
    return _(", ").join(f"{one.id} {describe_given(one) or NOTHING_GIVEN} ({one.agent})" for one in others[-4:])
