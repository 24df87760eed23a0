"""Approving, declining, voiding, delivering and adjusting offers: ask for the note, decide one by one, say what came of
it.

Each decision has a name of its own made before the first try, so a doubtful one is tried again without harm. Of
several, one that is refused does not stop the others; it is named with its reason.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent_assist.errors import AgentAssistError, MaybeSaved, Refused
from agent_assist.locale import N_, _, current
from agent_assist.offers import Offer, OfferAction, display_sum
from agent_assist.services import new_op_id
from agent_assist.tui.review.queries import decision_of
from agent_assist.tui.review.render.offers_text import listed
from agent_assist.tui.review.state import refused_reason

if TYPE_CHECKING:
    from agent_assist.store import Recorded
    from agent_assist.tui.review.screen import ReviewScreen

SHOWN = 6
"""Offers named in a question."""


class _ActionTexts(msgspec.Struct, frozen=True):
    """The texts about one action on offers."""

    one: str
    many: str
    action: str
    done: str
    done_many: str


_TEXTS: dict[OfferAction, _ActionTexts] = {
    "approved": _ActionTexts(
        N_("Approve {offer}?"),
        N_("Approve {count} offers?"),
        N_("Approve"),
        N_("{offer} is approved."),
        N_("Approved: {count}."),
    ),
    "declined": _ActionTexts(
        N_("Decline {offer}?"),
        N_("Decline {count} offers?"),
        N_("Decline"),
        N_("{offer} is declined."),
        N_("Declined: {count}."),
    ),
    "voided": _ActionTexts(
        N_("Void {offer}?"), N_("Void {count} offers?"), N_("Void"), N_("{offer} is voided."), N_("Voided: {count}.")
    ),
    "delivered": _ActionTexts(
        N_("{offer} was delivered?"),
        N_("{count} offers were delivered?"),
        N_("Delivered"),
        N_("{offer} is delivered."),
        N_("Delivered: {count}."),
    ),
}


async def approve(screen: "ReviewScreen") -> None:
    """Approve what is marked, or the chosen offer."""
    screen.run_command(_decide(screen, "approved", needs_note=False))


async def decline(screen: "ReviewScreen") -> None:
    """Decline what is marked, or the chosen offer; the author is told why."""
    screen.run_command(_decide(screen, "declined", needs_note=True))


async def void(screen: "ReviewScreen") -> None:
    """Take back what is marked, or the chosen offer."""
    screen.run_command(_decide(screen, "voided", needs_note=True))


async def deliver(screen: "ReviewScreen") -> None:
    """Note that the customers got it."""
    screen.run_command(_decide(screen, "delivered", needs_note=False))


async def _decide(screen: "ReviewScreen", action: OfferAction, *, needs_note: bool) -> None:
    from agent_assist.tui.review.dialogs.decide_form import DecideScreen  # loaded when it is first opened

    state = screen.state
    targets, left_out = state.targets, []
    if action in ("approved", "declined"):
        left_out = [offer for offer in targets if offer.state != "pending" or state.is_own(offer)]
        targets = tuple(offer for offer in targets if offer not in left_out)
    about = listed(targets, SHOWN)
    if len(targets) > 1 and (worth := _total(targets)):
        about.append(_("Together: {sum}", sum=worth))
    if left_out:
        about.append(
            _(
                "Left out, because it is your own or does not wait: {offers}",
                offers=_(", ").join(offer.id for offer in left_out),
            )
        )
    words = _TEXTS[action]
    question = (
        _(words.many).format(count=len(targets)) if len(targets) > 1 else _(words.one).format(offer=targets[0].id)
    )
    note = await screen.ask(DecideScreen(question, about, _(words.action), needs_note=needs_note))
    if note is None:
        return
    done: list[Offer] = []
    failed: list[str] = []
    names = {offer.id: new_op_id() for offer in targets}
    for number, offer in enumerate(targets):
        if number and number % 10 == 0:
            screen.notify_user(_("{done} of {total}…", done=number, total=len(targets)), seconds=1)
        try:
            recorded = await _decide_surely(screen, action, offer, names[offer.id], note)
            done.append(recorded.offer)
        except Refused as refused:
            failed.append(await _refusal(screen, refused, offer))
        except MaybeSaved as doubt:
            failed.append(_("{offer} is maybe decided: {reason}", offer=offer.id, reason=doubt))
        except AgentAssistError as error:
            failed.append(_("{offer} was not decided: {reason}", offer=offer.id, reason=error))
            break
    state.marked -= {offer.id for offer in done}
    screen.load()
    await _report(screen, words, done, failed)


async def _decide_surely(
    screen: "ReviewScreen", action: OfferAction, offer: Offer, op_id: str, note: str
) -> "Recorded":
    """Decide, and once more under the same op_id when the outcome is unknown."""
    compensation = screen.services.compensation

    def work() -> "Recorded":
        try:
            return compensation.decide(action, offer.id, op_id=op_id, note=note)
        except MaybeSaved:
            return compensation.decide(action, offer.id, op_id=op_id, note=note)

    return await screen.worker.do(work)


async def _refusal(screen: "ReviewScreen", refused: Refused, offer: Offer) -> str:
    try:
        entry = await screen.worker.do(lambda: decision_of(screen.services, offer.id))
    except AgentAssistError:
        entry = None
    return refused_reason(refused, entry, screen.services.settings.agent)


async def _report(screen: "ReviewScreen", words: _ActionTexts, done: Sequence[Offer], failed: Sequence[str]) -> None:
    messages = []
    if len(done) == 1:
        messages.append(_(words.done).format(offer=done[0].id))
    elif done:
        messages.append(_(words.done_many).format(count=len(done)))
    if failed:
        screen.notify_user("\n".join([*messages, *failed[:4]]), "warning", 12)
    elif messages:
        screen.notify_user(messages[0])


def _total(offers: Sequence[Offer]) -> str:
    sums: dict[str, int] = {}
    for offer in offers:
        if offer.money is not None:
            sums[offer.money.currency] = sums.get(offer.money.currency, 0) + offer.money.minor
    return " + ".join(display_sum(minor, currency, current()) for currency, minor in sums.items())


async def adjust(screen: "ReviewScreen") -> None:
    """Ask what is promised in place of the chosen offer."""
    screen.run_command(_adjust(screen))


async def _adjust(screen: "ReviewScreen") -> None:
    from agent_assist.tui.review.dialogs.adjust_form import AdjustScreen  # loaded when it is first opened

    offer = screen.state.targets[0]
    currency = offer.money.currency if offer.money else screen.services.settings.currency
    op_id, problem = new_op_id(), ""
    typed: Mapping[str, str] | None = None
    while True:
        typed = await screen.ask(AdjustScreen(offer, currency, typed=typed, problem=problem))
        if typed is None:
            return
        adjusted = partial(screen.services.compensation.adjust, offer.id, typed, op_id=op_id)
        try:
            recorded = await screen.worker.do(adjusted)
            break
        except AgentAssistError as error:  # what was typed is shown again, with the reason
            problem = str(error)
    screen.load()
    if recorded.offer.state == "pending":
        screen.notify_user(
            _("{offer} is adjusted and waits for approval by somebody else.", offer=offer.id), "warning", 8
        )
    else:
        screen.notify_user(_("{offer} is adjusted.", offer=offer.id))
