"""`offer approve|decline|void|adjust|deliver`: what happens to offers after they were made.

Several at once are decided one after the other, each with an `op_id` of its own; one that is refused does not stop the
others, and is named.
"""

from collections.abc import Sequence

import click

from agent_assist.cli import json_views, output
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import fail, say
from agent_assist.cli.session import Session
from agent_assist.errors import Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.offers import STATE_NAMES, OfferAction
from agent_assist.offers.offer_words import describe_given
from agent_assist.services import new_op_id

_NOTE = N_("Why; it stays on the log.")
_OP_ID = N_("Name of this write; repeat it when you try again.")


def _deciding(name: str, action: OfferAction, help: str, example: str) -> click.Command:  # noqa: A002
    @click.command(name, cls=Command, help=help, examples=(example,))
    @click.argument("offer_ids", metavar="ID…", nargs=-1, required=True)
    @click.option("--note", metavar="TEXT", default="", help=_NOTE)
    @click.option("--op-id", metavar="NAME", default="", help=_OP_ID)
    @click.pass_obj
    def deciding(session: Session, offer_ids: Sequence[str], note: str, op_id: str) -> int:
        return _decide(session, action, offer_ids, note, op_id)

    return deciding


def _decide(session: Session, action: OfferAction, offer_ids: Sequence[str], note: str, op_id: str) -> int:
    if op_id and len(offer_ids) > 1:
        raise Usage(_("One --op-id is for one offer; give several offers without it."))
    compensation = session.records.compensation
    code, done = ExitCode.DONE, []
    for offer_id in offer_ids:
        try:
            recorded = compensation.decide(action, offer_id, op_id=op_id or new_op_id(), note=note)
        except Refused as refused:
            fail(refused.message, refused.hint)
            code = ExitCode.FAILED
            continue
        offer = recorded.offer
        done.append(json_views.offer(offer) | {"already": recorded.already})
        if not session.json:
            output.text(f"{offer.id}  {_(STATE_NAMES[offer.state])}  {describe_given(offer)}  {offer.customer}")
    if session.json:
        output.as_json(done)
    return code


@click.command(
    "adjust",
    cls=Command,
    help=N_("Promise something else in place of an offer; what is not given stays. The policy decides anew."),
    examples=("agent-assist offer adjust OFF-12 --amount 30 --note 'waited twice'",),
)
@click.argument("offer_id", metavar="ID")
@click.option("--amount", metavar="MONEY", help=N_("How much: 20, 20.50, ¥20, USD 5."))
@click.option("--duration", metavar="TIME", help=N_("How long a service is extended: 7d, 2 weeks, 1个月."))
@click.option("--thing", metavar="TEXT", help=N_("What else is given."))
@click.option("--sentence", metavar="TEXT", help=N_("The sentence that promised it, as it was sent."))
@click.option("--note", metavar="TEXT", default="", help=_NOTE)
@click.option("--op-id", metavar="NAME", default="", help=_OP_ID)
@click.pass_obj
def adjust(session: Session, /, offer_id: str, note: str, op_id: str, **changes: str | None) -> int:
    """Exit code 4 when it waits for approval now."""
    typed = {name: text for name, text in changes.items() if text}
    if not typed:
        raise Usage(_("Say what changes: --amount, --duration, --thing or --sentence."))
    recorded = session.records.compensation.adjust(offer_id, typed | {"note": note}, op_id=op_id or new_op_id())
    offer = recorded.offer
    if session.json:
        output.as_json(json_views.offer(offer) | {"already": recorded.already, "reasons": recorded.reasons})
    else:
        output.text(f"{offer.id}  {_(STATE_NAMES[offer.state])}  {describe_given(offer)}  {offer.customer}")
    if offer.state != "pending":
        return ExitCode.DONE
    say(_("{offer} waits for approval.", offer=offer.id) + "".join(f"\n  {reason}" for reason in recorded.reasons))
    return ExitCode.PENDING


COMMANDS = (
    _deciding(
        "approve",
        "approved",
        N_("Approve offers that wait; never one's own."),
        "agent-assist offer approve OFF-12 OFF-13 --note 'as agreed'",
    ),
    _deciding(
        "decline",
        "declined",
        N_("Decline offers that wait; never one's own."),
        "agent-assist offer decline OFF-12 --note 'already refunded'",
    ),
    _deciding(
        "void",
        "voided",
        N_("Take offers back; they stay on the log and count no more."),
        "agent-assist offer void OFF-12 --note 'logged twice'",
    ),
    adjust,
    _deciding(
        "deliver", "delivered", N_("Note that the customer got what was offered."), "agent-assist offer deliver OFF-12"
    ),
)
