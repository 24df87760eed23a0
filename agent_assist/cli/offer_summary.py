"""`offer summary`: sums and averages of what was promised, by incident, kind, agent, day, tier or state."""

from typing import get_args

import click

from agent_assist.cli import offer_filters as filters
from agent_assist.cli import output, shapes
from agent_assist.cli.command import Command
from agent_assist.cli.diagnostics import DONE, say
from agent_assist.cli.session import Session
from agent_assist.locale import N_, _, current
from agent_assist.offers import By, Sum, display_sum


@click.command(
    "summary", cls=Command,
    help=N_("Sums and averages. Without --state, of what counts: neither waiting nor declined nor voided."),
    examples=(
        "agent-assist offer summary --by agent --since 2026-11-20",
        "agent-assist offer summary --by day --incident INC-1 --json",
    ),
)  # fmt: skip
@click.option("--by", type=click.Choice(get_args(By)), default="kind", help=N_("What the sums are made for."))
@filters.options
@click.pass_obj
def command(session: Session, /, by: By, **asked: str | None) -> int:
    """One line a key and currency; offers without an amount are counted in a line of their own."""
    desk = session.records
    if not asked.get("state") and by != "state":
        asked["state"] = "given"
    found = desk.store.sums(filters.wanted(session, asked), by, desk.tz)
    if session.json:
        output.as_json([_shape(line) for line in found])
    elif found:
        rows = [(line.key or "—", str(line.count), _shown(line, line.minor), _shown(line, _average(line)))
                for line in found]  # fmt: skip
        output.table(rows, (by.upper(), _("OFFERS"), _("SUM"), _("AVERAGE")))
    else:
        say(_("No offer is on the log."))
    return DONE


def _average(line: Sum) -> int:
    """To the nearest minor unit, halves up."""
    return (2 * line.minor + line.count) // (2 * line.count)


def _shown(line: Sum, minor: int) -> str:
    return display_sum(minor, line.currency, current()) if line.currency else "—"


def _shape(line: Sum) -> dict[str, object]:
    return {
        "key": line.key, "currency": line.currency or None, "count": line.count,
        "amount": shapes.total(line.minor, line.currency), "average": shapes.total(_average(line), line.currency),
    }  # fmt: skip
