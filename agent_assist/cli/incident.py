"""`agent-assist incident`: record and show the facts of an outage. Every change is a new numbered version."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cli import incident_announce, incident_report, json_views, output
from agent_assist.cli.card import card, line, timeline_rows
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.options import set_option, values_from
from agent_assist.cli.session import Session
from agent_assist.errors import NotFound, Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.incidents import FACT_NAMES, FactName, describe_change
from agent_assist.incidents.change_words import say_changes
from agent_assist.incidents.fact_words import shown_wording
from agent_assist.locale import N_, _
from agent_assist.services.incident_board import read_board

if TYPE_CHECKING:
    from agent_assist.incidents import Incident
    from agent_assist.services.incident_facts import Published

_FACT_OPTIONS: dict[FactName, tuple[str, str]] = {
    "title": ("TEXT", N_("What it is called: 登录故障. Made of services and effect when it is left out.")),
    "severity": ("SEV1-4", N_("How bad it is: SEV1 (worst) to SEV4.")),
    "status": ("STATUS", N_("investigating, identified, monitoring or resolved.")),
    "services": ("LIST", N_("Affected services, separated by commas: ids or names of the service catalogue.")),
    "effect": ("EFFECT", N_("What is wrong with them: down, slow, partly, wrong or delayed.")),
    "share": ("SHARE", N_("How many are affected: 15%, 30-40%, 1200, some, most, all or unknown.")),
    "who": ("LIST", N_("Who is affected: users, merchants, region:华东, platform:iOS, version:5.2.")),
    "scope": ("TEXT", N_("Who and what in a clause of your own, instead of the one made of those four.")),
    "recovered": ("LIST", N_("Those of the services that work again.")),
    "cause_kind": ("KIND", N_("What kind of cause it is: change, capacity, supplier, unknown …")),
    "cause": ("TEXT", N_("The cause in public words: 数据库升级后的兼容问题.")),
    "cause_internal": ("TEXT", N_("The cause for the team; it never gets into a reply.")),
    "action": ("TEXT", N_("What is being done: roll-back, restart, switch-over …, or a clause of your own.")),
    "workaround": ("TEXT", N_("What the customer can do meanwhile.")),
    "eta": ("TIME", N_("When it will be over: 14:30, 14:30-15:00, +45m or unknown.")),
    "next_update": ("TIME", N_("When customers will hear from you again: 14:30 or +30m.")),
    "prevention": ("TEXT", N_("What changes afterwards: rehearse, standby …, or a clause of your own.")),
    "started": ("TIME", N_("When it began: 13:40 or -20m.")),
    "ended": ("TIME", N_("When customers could use it again: 15:05 or -10m.")),
    "owner": ("NAME", N_("Who leads the repair.")),
    "rhythm": ("MINUTES", N_("Minutes between two updates.")),
}


def _facts(command: Callable[..., int]) -> Callable[..., int]:
    """One option for each fact, in the order of the card, and --set for wordings in another language."""
    command = set_option(N_("The wording in a language: scope.en=…, title.zh=…; may be repeated."))(command)
    for name in reversed(FACT_NAMES):
        metavar, meaning = _FACT_OPTIONS[name]
        names = [f"--{name.replace('_', '-')}", *(["--service"] if name == "services" else [])]
        is_list = metavar == "LIST"
        command = click.option(*names, name, metavar=metavar, multiple=is_list, help=meaning)(command)
    return command


def _typed(facts: Mapping[str, str | tuple[str, ...] | None], pairs: tuple[str, ...]) -> dict[str, str]:
    """Return what was named; an option that takes a list may be repeated, and "" empties it."""
    typed = {}
    for name, value in facts.items():
        if isinstance(value, str):
            typed[name] = value
        elif value:
            typed[name] = ", ".join(value)
    return typed | values_from(pairs)


EVER = dt.timedelta(days=36500)
"""The period of `list --all`: longer than anybody has worked with this program."""


@click.group("incident", cls=Group, help=N_("Record and show the facts of an outage."))
def command() -> None:
    """The commands on incidents."""


@command.command(
    "open",
    help=N_("Record a new incident."),
    examples=("agent-assist incident open --service login --effect down --share 15% --severity SEV1 --eta unknown",),
)
@_facts
@click.pass_obj
def open_incident(session: Session, /, pairs: tuple[str, ...], **facts: str | tuple[str, ...] | None) -> int:
    """It starts now unless told otherwise, as SEV2, investigating."""
    return _print_saved(session, session.records.open_incident(_typed(facts, pairs)))


@command.command(
    "update",
    help=N_("Record new facts. Without an ID, of the only open incident."),
    examples=("agent-assist incident update --eta +45m --set cause.en='a fault in a database upgrade'",),
)
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option(
    "--expected", type=click.IntRange(1), metavar="N", help=N_("Refuse when somebody published a version after N.")
)
@_facts
@click.pass_obj
def update(
    session: Session, /, incident_id: str, expected: int | None, pairs: tuple[str, ...], **facts: str | None
) -> int:
    """What is not named stays as it is."""
    typed = _typed(facts, pairs)
    if not typed:
        raise Usage(_("Say what has changed."), hint=_("For example: --status identified --eta +45m"))
    which = _one_open(session, incident_id).id
    return _print_published(session, session.records.update_incident(which, typed, expected=expected))


@command.command("resolve", help=N_("Record that it is over. Without an ID, of the only open incident."))
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@_facts
@click.pass_obj
def resolve(
    session: Session, /, incident_id: str, pairs: tuple[str, ...], **facts: str | tuple[str, ...] | None
) -> int:
    """The same as `update --status resolved`."""
    which = _one_open(session, incident_id).id
    typed = _typed(facts, pairs) | {"status": "resolved"}
    return _print_published(session, session.records.update_incident(which, typed))


@command.command(
    "reopen",
    help=N_("Record that a resolved incident goes on: no ETA from before holds, and updates are due in its rhythm."),
    examples=("agent-assist incident reopen INC-1 --status identified --eta +45m",),
)
@click.argument("incident_id", metavar="ID")
@_facts
@click.pass_obj
def reopen(session: Session, /, incident_id: str, pairs: tuple[str, ...], **facts: str | None) -> int:
    """Investigating, unless told otherwise."""
    return _print_published(session, session.records.facts.reopen(incident_id, _typed(facts, pairs)))


@command.command(
    "import",
    help=N_("Record the facts of a TOML file or of a status page: as new incidents, or as the next version of one."),
    examples=(
        "agent-assist incident import outage.toml",
        "agent-assist incident import outage.toml --update INC-1",
        "agent-assist incident import https://status.example.com",
    ),
)
@click.argument("source", metavar="FILE|URL", type=click.Path())
@click.option("--update", "incident_id", metavar="ID", help=N_("The incident whose facts the file changes."))
@click.pass_obj
def import_facts(session: Session, source: str, incident_id: str | None) -> int:
    """A file with a mistake records nothing; each mistake is named with its line."""
    from agent_assist.cli import incident_import  # a page needs HTTP

    services = session.records
    known = "" if incident_id is None else _newest(session, incident_id).id
    file = Path(source)
    if incident_import.is_address(source) or incident_import.is_saved_page(file):
        return incident_import.import_page(session, source, known)
    read = services.facts.read_file(file, known)
    for problem in read.problems:
        say(str(problem))
    if read.problems:
        raise Refused(_("Nothing was recorded."), hint=_("Correct the file and import it again."))
    if not known:
        return _print_saved(session, services.open_incident(read.changes))
    return _print_published(session, services.update_incident(known, read.changes))


@command.command(
    "list", help=N_("List incidents, newest first, with what customers wait to hear, open chats and offers.")
)
@click.option("--all", "everything", is_flag=True, help=N_("Also those that are over."))
@click.pass_obj
def list_incidents(session: Session, everything: bool) -> int:
    """The open ones, or all."""
    services = session.records
    rows = read_board(services, EVER if everything else None)
    if session.json:
        output.as_json([json_views.board_row(row, services.clock()) for row in rows])
    elif rows:
        output.table(
            [line(row, services.clock(), services.tz) for row in rows],
            (
                _("ID"),
                _("SEVERITY"),
                _("STATUS"),
                _("TITLE"),
                _("AGE"),
                _("ETA"),
                _("NEXT UPDATE"),
                _("OVERDUE"),
                _("CHATS"),
                _("COMPENSATION"),
                _("VERSION"),
            ),
        )
    else:
        say(_("No incident is open."))
    return ExitCode.DONE


@command.command("show", help=N_("Show the facts. Without an ID, of the newest open incident."))
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option("--internal", is_flag=True, help=N_("Also the internal cause; not for customers."))
@click.pass_obj
def show(session: Session, incident_id: str, internal: bool) -> int:
    """The latest version, and what customers should have heard by when."""
    services = session.records
    incident = _newest(session, incident_id)
    if session.json:
        extra = {"cause_internal": incident.cause_internal} if internal else {}
        output.as_json(json_views.incident(incident, services.clock()) | extra)
        return ExitCode.DONE
    clock = services.communication.read_clock(incident.id)
    output.table(card(incident, clock, services.clock(), services.tz, internal=internal))
    return ExitCode.DONE


@command.command(
    "timeline", help=N_("Show what changed, when and by whom; without an ID for the newest open incident.")
)
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option("--internal", is_flag=True, help=N_("Also the internal cause; not for customers."))
@click.pass_obj
def timeline(session: Session, incident_id: str, internal: bool) -> int:
    """One row for each fact that changed, oldest first."""
    services = session.records
    incident = _newest(session, incident_id)
    versions = services.store.versions(incident.id)
    pairs = list(zip((None, *versions), versions, strict=False))
    if session.json:
        changed = [
            {
                "version": after.version,
                "at": after.updated_at,
                "author": after.author,
                "changed": [
                    change.field
                    for change in describe_change(before, after)
                    if internal or change.field != "cause_internal"
                ],
                "facts": json_views.incident(after, services.clock()),
            }
            for before, after in pairs
        ]
        clock = [json_views.step(step) for step in services.communication.read_clock(incident.id)]
        output.as_json({"incident": incident.id, "versions": changed, "clock": clock})
        return ExitCode.DONE
    rows = [
        row for before, after in pairs for row in timeline_rows(before, after, services.clock(), services.tz, internal)
    ]
    output.table(rows, (_("TIME"), _("VERSION"), _("BY"), _("CHANGE")))
    return ExitCode.DONE


def _newest(session: Session, incident_id: str) -> "Incident":
    incident = session.records.incident(incident_id)
    if incident is None:
        raise NotFound(_("No incident is open."), hint=_("Open one: agent-assist incident open --title …"))
    return incident


def _one_open(session: Session, incident_id: str) -> "Incident":
    """Facts are never recorded for a guessed incident: without an id exactly one must be open."""
    incident = _newest(session, incident_id)
    if not incident_id and len(incidents := session.records.store.incidents(open_only=True)) > 1:
        names = ", ".join(f"{other.id} {other.title}" for other in incidents)
        raise Refused(_("Several incidents are open: {names}.", names=names), hint=_("Name the one you mean."))
    return incident


def _print_published(session: Session, published: "Published") -> int:
    """Say what changed, or that nothing did."""
    incident, before = published
    if session.json:
        return _print_saved(session, incident)
    if not published.is_new:
        output.text(
            _(
                "Nothing changed: {id} stays at version {version}, {title}.",
                id=incident.id,
                version=incident.version,
                title=shown_wording(incident, "title"),
            )
        )
        return ExitCode.DONE
    services = session.records
    changes = say_changes(before, incident, services.clock(), services.tz) if before else ""
    return _print_saved(session, incident, changes)


def _print_saved(session: Session, incident: "Incident", changes: str = "") -> int:
    if session.json:
        output.as_json(json_views.incident(incident, session.records.clock()))
    else:
        output.text(
            _(
                "Saved: {id} version {version}, {title}.",
                id=incident.id,
                version=incident.version,
                title=shown_wording(incident, "title"),
            )
        )
        if changes:
            output.text(changes)
    return ExitCode.DONE


command.add_command(incident_announce.command)
command.add_command(incident_report.command)
