"""`offer summary`: sums and averages of what was promised, by incident, kind, agent, day, tier or state."""

from collections.abc import Mapping
from typing import get_args

import click

from agent_assist.cli import json_views, output
from agent_assist.cli import offer_filters as filters
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _, current
from agent_assist.offers import STATE_NAMES, GroupBy, Sum, display_sum
from agent_assist.offers.policy_words import KIND_NAMES

_HEADINGS = {
    "incident": N_("INCIDENT"),
    "kind": N_("KIND"),
    "agent": N_("BY"),
    "day": N_("DAY"),
    "tier": N_("TIER"),
    "state": N_("STATE"),
}
_NAMES: Mapping[str, str] = dict([*KIND_NAMES.items(), *STATE_NAMES.items()])


@click.command(
    "summary",
    cls=Command,
    help=N_("Sums and averages. Without --state, of what counts: neither waiting nor declined nor voided."),
    examples=(
        "agent-assist offer summary --by agent --since 2026-11-20",
        "agent-assist offer summary --by day --incident INC-1 --json",
    ),
)
@click.option("--by", type=click.Choice(get_args(GroupBy)), default="kind", help=N_("What the sums are made for."))
@filters.options
@click.pass_obj
def command(session: Session, /, by: GroupBy, **conditions: str | None) -> int:
    """One line a key and currency; offers without an amount are counted in a line of their own."""
    services = session.records
    if not conditions.get("state") and by != "state":
        conditions["state"] = "given"
    sums = services.store.sums(filters.filter_from_options(session, conditions), by, services.tz)
    if session.json:
        output.as_json([_shape(line) for line in sums])
    elif sums:
        rows = [
            (_named(line.key, by), str(line.count), _shown(line, line.minor), _shown(line, _average(line)))
            for line in sums
        ]
        output.table(rows, (_(_HEADINGS[by]), _("OFFERS"), _("SUM"), _("AVERAGE")))
    else:
        say(_("No offer is on the log."))
    return ExitCode.DONE


def _named(key: str, by: GroupBy) -> str:
    return _(_NAMES[key]).lower() if by in ("kind", "state") and key in _NAMES else key or "—"


def _average(line: Sum) -> int:
    """To the nearest minor unit, halves up."""
    return (2 * line.minor + line.count) // (2 * line.count)


def _shown(line: Sum, minor: int) -> str:
    return display_sum(minor, line.currency, current()) if line.currency else "—"


def _shape(line: Sum) -> dict[str, object]:
    return {
        "key": line.key,
        "currency": line.currency or None,
        "count": line.count,
        "amount": json_views.total(line.minor, line.currency),
        "average": json_views.total(_average(line), line.currency),
    }
