"""What `offer` says about a promise: what it gives, whether it waits, what is left, what the customer already has."""

from typing import TYPE_CHECKING

from agent_assist.cli import json_views, output
from agent_assist.cli.diagnostics import say
from agent_assist.exit_code import ExitCode
from agent_assist.locale import _, current
from agent_assist.offers import LIMITS, Limit, Money
from agent_assist.offers.offer_words import describe_given
from agent_assist.offers.policy_words import KIND_NAMES, LIMIT_NAMES, allowance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent_assist.chats import Chat
    from agent_assist.cli.session import Session
    from agent_assist.offers import Decision, NewOffer
    from agent_assist.services.compensation import PolicyPreview
    from agent_assist.store import Recorded


_OUTCOME_CODES = {"offered": ExitCode.DONE, "pending": ExitCode.PENDING, "refused": ExitCode.FAILED}


def show_preview(session: "Session", new: "NewOffer", preview: "PolicyPreview") -> int:
    """Print what the policy says to an offer that was not made."""
    decision = preview.decide(new)
    if session.json:
        output.as_json(_preview_view(preview, decision))
    else:
        _print_preview(preview, decision)
        warn_of(preview, session, new)
    return _OUTCOME_CODES[decision.outcome]


def _preview_view(preview: "PolicyPreview", decision: "Decision") -> dict[str, object]:
    rule = preview.rule
    allowed = {kind: str(json_views.allowance(most)["display"]) for kind, most in rule.allow.items()} if rule else {}
    return {
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "rule": rule.name if rule else None,
        "allowed": allowed,
        "left": _left(preview.remaining),
        "earlier": [json_views.offer(offer) for offer in preview.earlier],
    }


def _print_preview(preview: "PolicyPreview", decision: "Decision") -> None:
    sentences = {
        "offered": _("This may be offered."),
        "pending": _("This would wait for approval."),
        "refused": _("Nobody may offer this."),
    }
    output.text(sentences[decision.outcome])
    for reason in decision.reasons:
        output.text(f"  {reason}")
    if preview.is_missing:
        output.text(_("No policy is published; the program's own decides."))
    rule = preview.rule
    rows = [(_("Rule in force"), rule.title(current()) if rule else "—")]
    rows += [(_(KIND_NAMES[kind]), allowance(most)) for kind, most in rule.allow.items()] if rule else []
    rows += [
        (_(LIMIT_NAMES[name]), _("{sum} left", sum=left.display(current()))) for name, left in preview.remaining.items()
    ]
    output.table(rows)


def show_recorded(
    session: "Session", new: "NewOffer", preview: "PolicyPreview", recorded: "Recorded", chat: "Chat | None"
) -> int:
    """What became of an offer. Exit code 4 while it waits, with what may be said to the customer meanwhile."""
    offer = recorded.offer
    waits = offer.state == "pending"
    lang = chat.customer.language if chat else "zh" if any("一" <= sign <= "鿿" for sign in new.sentence) else "en"
    meanwhile = session.services.compensation.holding_reply(lang) if waits else None
    left = preview.remaining if recorded.already or waits else after(preview, new)
    if session.json:
        output.as_json(
            {
                "op_id": new.op_id,
                "already": recorded.already,
                "offer": json_views.offer(offer),
                "reasons": recorded.reasons,
                "meanwhile": meanwhile,
                "left": _left(left),
                "earlier": [json_views.offer(before) for before in preview.earlier if before.id != offer.id],
            }
        )
    else:
        message = _("Already on the log: {offer}") if recorded.already else _("Saved: {offer}")
        output.text(message.format(offer=f"{offer.id}  {describe_given(offer)}  {offer.customer}"))
        if left and not recorded.already:
            output.text(f"  {said_left(left)}")
    if waits:
        say(_("{offer} waits for approval.", offer=offer.id) + "".join(f"\n  {reason}" for reason in recorded.reasons))
        say(_("Say meanwhile: {sentence}", sentence=meanwhile))
    if not recorded.already:
        warn_of(preview, session, new)
    return ExitCode.PENDING if waits else ExitCode.DONE


def after(preview: "PolicyPreview", new: "NewOffer") -> "dict[Limit, Money]":
    """What is left of each limit once the offer counts."""
    money = new.money
    if money is None or money.currency != preview.policy.currency:
        return preview.remaining
    return {name: Money(max(0, left.minor - money.minor), left.currency) for name, left in preview.remaining.items()}


def said_left(left: "Mapping[Limit, Money]") -> str:
    """What is left, on one line."""
    names = [name for name in LIMITS if name in left]
    parts = [f"{_(LIMIT_NAMES[name])} {left[name].display(current())}" for name in names]
    return _("Left: {limits}", limits=_(", ").join(parts))


def warn_of(preview: "PolicyPreview", session: "Session", new: "NewOffer") -> None:
    """Tell that somebody already gave this customer something."""
    earlier = [offer for offer in preview.earlier if offer.id]
    if not earlier:
        return
    listed = _(", ").join(
        _(
            "{offer} {what} by {agent}, {time}",
            offer=offer.id,
            what=describe_given(offer),
            agent=offer.agent,
            time=session.clock_time(offer.at),
        )
        for offer in earlier[-3:]
    )
    name = new.customer or new.order
    if new.incident_id:
        say(_("! {name} already has for this incident: {offers}", name=name, offers=listed))
    else:
        say(_("! {name} already has today: {offers}", name=name, offers=listed))


def _left(left: "Mapping[Limit, Money]") -> dict[str, object]:
    return {name: json_views.money(sum_left) for name, sum_left in left.items()}
