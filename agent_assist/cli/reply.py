"""`agent-assist reply`: one reply, filled with the facts, checked, and copied if asked.

A reply with a gap, or one that the check blocks, never goes to stdout on its own, so that
`agent-assist reply … | pbcopy` cannot send one by accident.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

import click

from agent_assist.cli import json_views, output, record_reply
from agent_assist.cli.click_command import Command
from agent_assist.cli.copy_text import copy_text, say_copied
from agent_assist.cli.diagnostics import fail, say
from agent_assist.cli.options import phrasebook_option, set_option, values_from
from agent_assist.cli.session import Session
from agent_assist.errors import AgentAssistError, Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, REPLY_LANGUAGES, _
from agent_assist.phrasebook.phrase import Channel

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.incidents import Incident
    from agent_assist.services import Reply, Services


@click.command(
    "reply",
    cls=Command,
    help=N_(
        "Fill a phrase with the facts of the incident and with what you set, and check it.\n"
        "The text goes to standard output, the check to standard error. "
        "Exit code 3 when something is missing, 1 when the check blocks it: the reason is named, and the draft is not "
        "printed as a reply."
    ),
    examples=(
        "agent-assist reply login-failure-apology --set customer.name=王女士",
        'agent-assist reply "sign in" --lang en --set customer.name="Ms Li" --copy',
        "agent-assist reply login-failure-apology --copy --chat 2",
    ),
)
@click.argument("words", nargs=-1, required=True, metavar="ID|QUERY")
@set_option(N_("Set a name in the template: customer.name, offer.amount, or a field of the phrase; may be repeated."))
@click.option("--incident", metavar="ID", default="", help=N_("Facts of this incident (default: the newest open one)."))
@click.option("--lang", type=click.Choice(REPLY_LANGUAGES), default=None, help=N_("Language of the reply."))
@click.option(
    "--channel",
    type=click.Choice(get_args(Channel)),
    default=None,
    help=N_("Where it will be sent (default: the phrase's only channel, else chat). Its length limit is checked."),
)
@click.option("--short", is_flag=True, help=N_("Its short form, where it has one."))
@click.option("--copy", is_flag=True, help=N_("Copy it; refused while something is missing or must be decided first."))
@click.option(
    "--chat",
    metavar="ID",
    default="",
    help=N_(
        "With --copy: your chat on the desk, by id or place (1, 2, …). It names the customer and records the reply."
    ),
)
@click.option("--force", is_flag=True, help=N_("Print or copy it in spite of gaps and warnings."))
@phrasebook_option()
@click.pass_obj
def command(
    session: Session,
    words: tuple[str, ...],
    pairs: tuple[str, ...],
    incident: str,
    lang: str | None,
    channel: str | None,
    short: bool,
    copy: bool,
    chat: str,
    force: bool,
) -> int:
    """An id wins over a query; the best hit of a query is used and named."""
    values = values_from(pairs)
    services = session.records
    if chat and not copy:
        raise Usage(_("--chat records what was copied, so it needs --copy."))
    slot = record_reply.chat_named(services, chat) if chat else None
    if slot is not None:
        values = {**record_reply.customer_values(slot), **values}
        incident = incident or slot.incident_id
    name = " ".join(words)
    facts = services.incident(incident) if incident else _current_facts(services)
    phrase = services.phrase(name, facts.status if facts is not None else "", lang or "")
    if short:
        phrase = phrase.shortened()
    others = [other.customer for other in services.chats() if other.id != slot.id] if slot is not None else []
    made = services.reply_for(phrase, values, facts, lang=lang or "", channel=channel or "", chat=slot, others=others)
    if lang and made.lang != lang:
        raise Refused(
            _("The phrase {id} has no text in {lang}.", id=phrase.id, lang=lang),
            hint=_("Add one to {file}, or leave --lang out.", file=phrase.file),
        )
    if phrase.id != name:
        say(_("Phrase: {id}", id=phrase.id))
    asks = copy and (made.needs_consent or made.phrase.makes_offer)
    held = bool(made.gaps or made.blockers or asks) and not force
    copied = copy_text(services, made.text) if copy and not held else None
    _print(session, made, copied, held=held)
    if held:
        return _held(made, copy=copy)
    if copied is None:
        return ExitCode.DONE
    exit_code = say_copied(copied, _customer(values))
    if copied.route != "shown":
        query = "" if phrase.id == name else name
        if reason := record_reply.record(services, made, chat=slot, query=query, route="cli"):
            fail(_("Copied, but not recorded in the chat: {reason}", reason=reason))
            return ExitCode.FAILED
    return exit_code


def _customer(values: Mapping[str, str]) -> str:
    """Whom the reply was made for, however the name was spelled."""
    from agent_assist.replies import canonical_name  # loaded for a copied reply

    return next((value for name, value in values.items() if canonical_name(name) == "customer.name"), "")


def _against(made: "Reply") -> list[str]:
    """Return what a person has to decide before it is copied."""
    against = [warning.message for warning in made.blockers]
    if made.needs_consent:
        against.append(_("This phrase touches sensitive data or a major loss. Has somebody responsible seen it?"))
    if made.phrase.makes_offer:
        against.append(_unlogged())
    return against


def _gap_warnings(made: "Reply") -> list[str]:
    """Return what is still missing from the text: gaps of its own, and placeholders that nothing fills."""
    found = [warning.message for warning in made.check.warnings if warning.code == "gap"]
    return found or [gap.label for gap in made.gaps]


def _unlogged() -> str:
    """Return what to know of a reply that promises something: this command asks no policy and logs no offer."""
    return _("This reply promises a compensation, and nothing of it is logged. Log it first: agent-assist offer add")


def _current_facts(services: "Services") -> "Incident | None":
    """Return the newest open incident; None without a database: the facts then show as gaps."""
    try:
        return services.incident()
    except AgentAssistError as error:
        say(f"! {error}")
        return None


def _print(session: Session, made: "Reply", copied: "Outcome | None", *, held: bool) -> None:
    if session.json:
        output.as_json(json_views.reply(made, copied))
        return
    if held and (made.gaps or made.blockers):
        say(made.text + "\n")
    else:
        output.text(made.text)
    parts = (
        (made.check.responsibility, _("responsibility")),
        (made.check.scope, _("scope")),
        (made.check.remedy, _("remedy")),
    )
    say("  ".join(f"{'✓' if is_there else '✗'} {part}" for is_there, part in parts))
    if made.needs_consent:
        say("! " + _("This phrase touches sensitive data or a major loss. Has somebody responsible seen it?"))
    if made.phrase.makes_offer:
        say(f"! {_unlogged()}")
    for warning in made.check.warnings:
        is_named_below = warning.blocking and (warning.code == "gap" or not _gap_warnings(made))
        if not (held and is_named_below):
            say(f"! {warning.message}")


def _held(made: "Reply", *, copy: bool) -> int:
    """Return why it is neither a finished text nor copied, and the way out."""
    if made.gaps:
        names = ", ".join(f"{gap.label} ({gap.name})" for gap in made.gaps)
        fail(_("The reply is not complete. Missing: {names}.", names=names), " ".join(_ways_out(made)))
        return ExitCode.MISSING
    if left := _gap_warnings(made):
        fail(
            _("The reply is not complete. {what}", what=" ".join(left)),
            _("Correct the phrase {id}: {place}", id=made.phrase.id, place=f"{made.phrase.file}:{made.phrase.line}"),
        )
        return ExitCode.MISSING
    reason = " ".join(_against(made))
    fail(
        _("Not copied: {reason}", reason=reason) if copy else _("Held back: {reason}", reason=reason),
        _("When you have decided that it is right as it stands, add --force."),
    )
    return ExitCode.FAILED


def _ways_out(made: "Reply") -> list[str]:
    """Return how to fill the gaps: facts are recorded, everything else is set for this reply."""
    own = [gap.name for gap in made.gaps if not gap.name.startswith("incident.")]
    ways = []
    if own:
        ways.append(_("Set it: {options}", options=" ".join(f"--set {name}=…" for name in own)))
    if len(own) < len(made.gaps):
        command = "update" if made.incident_id else "open"
        ways.append(_("Record the facts: agent-assist incident {command}", command=command))
    return ways
