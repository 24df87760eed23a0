"""What the policy says at the moment of an offer, as short texts for the form."""

import datetime as dt
from typing import TYPE_CHECKING

from agent_assist.incidents import clock_time
from agent_assist.locale import N_, _, current
from agent_assist.offers import LIMITS, Limit
from agent_assist.offers.offer_words import describe_given
from agent_assist.offers.policy_words import KIND_NAMES, allowances

if TYPE_CHECKING:
    from agent_assist.services.compensation import PolicyPreview

_FOR: dict[Limit, str] = {
    "per_customer_and_incident": N_("this customer"),
    "per_agent_and_day": N_("you today"),
    "per_incident": N_("this incident"),
}
"""The limits as their agent sees them."""

MAX_LISTED_OFFERS = 3
"""Earlier offers that are named."""


def allowed(preview: "PolicyPreview") -> str:
    """Return what may be promised without asking a lead, and what is left of the limits."""
    most = allowances(preview.rule) if preview.rule else _("nothing without approval")
    lines = [_("Without asking: {allowed}", allowed=most)]
    left = [
        f"{_(_FOR[name])} {preview.remaining[name].display(current())}" for name in LIMITS if name in preview.remaining
    ]
    if left:
        lines.append(_("Left: {limits}", limits=" · ".join(left)))
    if preview.is_missing:
        lines.append(_("No policy is published; the program's own decides."))
    return "\n".join(lines)


def has_already(preview: "PolicyPreview", now: dt.datetime, tz: dt.tzinfo) -> str:
    """Return what this customer already has, by anybody; "" when nothing."""
    if not preview.earlier:
        return ""
    named = _(", ").join(
        _(
            "{what} by {agent}, {time}",
            what=f"{_(KIND_NAMES[offer.kind])} {describe_given(offer)}".strip(),
            agent=offer.agent,
            time=clock_time(offer.at, now, tz, current()),
        )
        for offer in preview.earlier[-MAX_LISTED_OFFERS:]
    )
    return _("! Already has: {offers}", offers=named)
