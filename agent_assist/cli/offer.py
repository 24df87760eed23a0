"""`agent-assist offer`: log what was promised, show the log, prove that nobody changed it.

Every write has an `op_id`, made before the first try: whoever is unsure whether an offer was saved gives the same
command again with the same `--op-id`, and it is on the log once.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cli import json_views, offer_output, output
from agent_assist.cli import offer_decide as decide
from agent_assist.cli import offer_erase as erase
from agent_assist.cli import offer_export as export
from agent_assist.cli import offer_filters as filters
from agent_assist.cli import offer_summary as summary
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import fail, say
from agent_assist.cli.session import Session
from agent_assist.errors import NotFound, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.offers import EVENT_NAMES, OFFER_KINDS, STATE_NAMES
from agent_assist.offers.offer_words import describe_given
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.services import new_op_id

if TYPE_CHECKING:
    from agent_assist.chats import Chat
    from agent_assist.offers import Entry, Offer, VerifyResult


@click.group("offer", cls=Group, help=N_("Log, decide and show what was promised to customers."))
def command() -> None:
    """The commands on offers."""


@command.command(
    "add",
    help=N_("Put an offer on the log: a kind, what is offered, to whom, and the sentence that promised it."),
    examples=(
        "agent-assist offer add --kind coupon --amount 20 --customer 王女士 --sentence 送您一张20元优惠券",
        "agent-assist offer add --kind extension --duration 7d --customer 'Ms Li' --sentence 'We add 7 days.'",
    ),
)
@click.option("--kind", type=click.Choice(OFFER_KINDS), required=True, help=N_("What kind of offer it is."))
@click.option("--amount", metavar="MONEY", help=N_("How much: 20, 20.50, ¥20, USD 5."))
@click.option("--currency", metavar="CODE", help=N_("Currency of an amount without one (default: of the settings)."))
@click.option("--duration", metavar="TIME", help=N_("How long a service is extended: 7d, 2 weeks, 1个月."))
@click.option("--thing", metavar="TEXT", help=N_("What else is given."))
@click.option("--reason", metavar="TEXT", help=N_("Why it was offered."))
@click.option("--sentence", metavar="TEXT", help=N_("The sentence that promised it, as it was sent."))
@click.option("--customer", metavar="NAME", help=N_("To whom (default: the customer of the chat)."))
@click.option("--order", metavar="NUMBER", help=N_("The order it is about."))
@click.option("--incident", metavar="ID", default="", help=N_("The incident it is for (default: that of the chat)."))
@click.option("--chat", "chat_id", metavar="ID", default="", help=N_("The chat in which it was promised."))
@click.option("--tier", metavar="NAME", help=N_("The customer's tier (default: that of the chat)."))
@click.option("--dry-run", is_flag=True, help=N_("Only show what the policy says; nothing is put on the log."))
@click.option("--op-id", metavar="NAME", default="", help=N_("Name of this write; repeat it when you try again."))
@click.pass_obj
def add(session: Session, /, incident: str, chat_id: str, op_id: str, dry_run: bool, **typed: str | None) -> int:
    """Says “saved” only when it is on disk; exit code 4 when the offer waits for approval."""
    services = session.records
    chat = _chat(session, chat_id) if chat_id else None
    if incident:
        incident = services.store.incident(incident).id
    new = services.compensation.new_offer(
        {name: text for name, text in typed.items() if text is not None},
        op_id=op_id or new_op_id(),
        chat=chat,
        incident_id=incident,
    )
    preview = services.compensation.preview(new.scope, new.tier)
    if dry_run:
        return offer_output.show_preview(session, new, preview)
    return offer_output.show_recorded(session, new, preview, services.compensation.add(new), chat)


@command.command("list", help=N_("List offers in the order they were made."))
@filters.options
@click.option("--limit", type=click.IntRange(1), metavar="N", help=N_("Only the last N."))
@click.pass_obj
def list_offers(session: Session, /, limit: int | None, **conditions: str | None) -> int:
    """Where each offer stands now."""
    offers = session.records.store.page(filters.filter_from_options(session, conditions), limit=limit or 0)[::-1]
    if session.json:
        output.as_json([json_views.offer(offer) for offer in offers])
    elif offers:
        output.table(
            [
                (
                    offer.id,
                    session.clock_time(offer.at),
                    _(STATE_NAMES[offer.state]),
                    _kind(offer),
                    describe_given(offer),
                    offer.customer,
                    offer.agent,
                    offer.incident,
                )
                for offer in offers
            ],
            (_("ID"), _("TIME"), _("STATE"), _("KIND"), _("WHAT"), _("CUSTOMER"), _("BY"), _("INCIDENT")),
        )
    else:
        say(_("No offer is on the log."))
    return ExitCode.DONE


def _kind(offer: "Offer") -> str:
    return _(KIND_NAMES[offer.kind]).lower()  # as it is typed


@command.command("show", help=N_("Show one offer and every entry of the log about it."))
@click.argument("offer_id", metavar="ID")
@click.pass_obj
def show(session: Session, offer_id: str) -> int:
    """Print the state now, then every entry."""
    store = session.records.store
    offer = store.offer(offer_id)
    entries = store.entries(offer.id)
    if session.json:
        output.as_json(json_views.offer(offer) | {"entries": [json_views.entry(entry) for entry in entries]})
        return ExitCode.DONE
    output.table([(name, value) for name, value in _fact_rows(offer) if value])
    output.text("")
    output.table(
        [_entry_row(session, entry) for entry in entries],
        (_("ENTRY"), _("TIME"), _("EVENT"), _("WHAT"), _("BY"), _("NOTE"), _("HASH")),
    )
    return ExitCode.DONE


def _fact_rows(offer: "Offer") -> list[tuple[str, str]]:
    return [
        (_("ID"), offer.id),
        (_("STATE"), _(STATE_NAMES[offer.state])),
        (_("KIND"), _kind(offer)),
        (_("WHAT"), describe_given(offer)),
        (_("CUSTOMER"), offer.customer),
        (_("ORDER"), offer.order),
        (_("REASON"), offer.reason),
        (_("SENTENCE"), offer.sentence),
        (_("BY"), offer.agent),
        (_("APPROVED BY"), offer.approved_by),
        (_("WAITED FOR"), offer.rule),
        (_("NOTE"), offer.note),
        (_("INCIDENT"), offer.incident),
        (_("CHAT"), offer.chat),
    ]


def _entry_row(session: Session, entry: "Entry") -> tuple[str, ...]:
    return (
        f"#{entry.seq}",
        session.clock_time(entry.at),
        _(EVENT_NAMES[entry.event]),
        describe_given(entry),
        entry.agent,
        entry.text("note"),
        entry.hash[:16],
    )


@command.command(
    "verify",
    help=N_("Check every entry of the log, its order and hash. Exit code 5 when it does not add up."),
    examples=(
        "agent-assist offer verify",
        "agent-assist offer verify --continue",
    ),
)
@click.option(
    "--against", metavar="FILE", type=click.Path(path_type=Path), help=N_("Also check against an earlier export.")
)
@click.option(
    "--continue",
    "go_on",
    is_flag=True,
    help=N_("Only check what came after the last check, or after the point where it was stopped."),
)
@click.pass_obj
def verify(session: Session, against: Path | None, go_on: bool) -> int:
    """Nothing is changed. Ctrl+C stops it, and --continue goes on from there."""
    if against is not None and go_on:
        raise Usage(_("--against checks the whole log; leave --continue out."))
    shown = export.Progress()
    try:
        if against is not None:
            return export.verify_against(session, against, shown)
        with _without_gc():
            verdict = session.records.store.verify(None, go_on=go_on, progress=shown)
    except KeyboardInterrupt:
        fail(_("The check was stopped before its end; nothing is known yet about the rest."), _(_CONTINUE))
        return ExitCode.INTERRUPTED
    finally:
        shown.end()
    if session.json:
        output.as_json(json_views.verdict(verdict))
    elif verdict.ok:
        _say_whole(session, verdict)
    if verdict.ok:
        return ExitCode.DONE
    fail(
        _("The log does not add up: {reason}", reason=verdict.reason),
        _("Keep the database as it is and show it to your lead; a backup may still be whole."),
    )
    return ExitCode.DAMAGED


@contextmanager
def _without_gc() -> Iterator[None]:
    """Leave out the search for circular garbage: a check makes none, and takes a twelfth less time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_CONTINUE = N_("Go on from where it was stopped: agent-assist offer verify --continue")


def _say_whole(session: Session, verdict: "VerifyResult") -> None:
    """Say what was checked: all of the log, or only what came after the last check."""
    if verdict.after is None:
        output.text(_("The log is whole: {count} entries, last {hash}.", count=verdict.entries, hash=verdict.head.hash))
        return
    before, last, time = verdict.after.head.seq, verdict.entries, session.clock_time(verdict.after.at)
    if last == before:
        output.text(_("Nothing came after #{last}, where the last check ended.", last=last))
    else:
        names = {"first": verdict.first, "last": last, "hash": verdict.head.hash}
        output.text(_("Whole are the entries from #{first} to #{last}, last {hash}.", **names))
    say(_("The last check ended at {time}; what it read was not read again.", time=time))
    say(_("To check all of the log: agent-assist offer verify"))


def _chat(session: Session, chat_id: str) -> "Chat":
    for chat in session.records.chats():
        if chat.id == chat_id:
            return chat
    raise NotFound(_("No open chat of yours is called {id}.", id=chat_id))


for _command in (*decide.COMMANDS, summary.command, export.command, erase.command):
    command.add_command(_command)
