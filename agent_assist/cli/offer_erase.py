"""`offer erase`: one customer's personal data goes, on request; the log's sums and its chain stay whole."""

import click

from agent_assist.cli import output
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.offers import OfferFilter


@click.command(
    "erase",
    cls=Command,
    help=N_("Erase one customer's personal data: texts on the log, chats, replies, searches. It cannot be undone."),
    examples=("agent-assist offer erase --customer 王女士 --order A20931 --reason 'request by mail' --yes",),
)
@click.option("--customer", metavar="NAME", required=True, help=N_("Whose data, by the name that was used."))
@click.option("--order", metavar="NUMBER", default="", help=N_("Only what bears this order number: names are shared."))
@click.option("--reason", metavar="TEXT", required=True, help=N_("Why; it stays on the log, so it names nobody."))
@click.option("--yes", is_flag=True, help=N_("Do it; without this it is only said what would go."))
@click.pass_obj
def command(session: Session, customer: str, order: str, reason: str, yes: bool) -> int:
    """Says what went, and what somebody still has to look at."""
    services = session.records
    if not yes:
        count = services.store.count(OfferFilter(customer=customer.strip(), order=order.strip()))
        say(_("Offers on the log to {customer}: {count}.", customer=customer.strip(), count=count))
        say(_("Nothing was erased. Give the command again with --yes; it cannot be undone."))
        return ExitCode.FAILED
    erased = services.compensation.erase(customer, order=order, reason=reason)
    if session.json:
        output.as_json({name: getattr(erased, name) for name in erased.__struct_fields__})
    else:
        output.text(
            _(
                "Erased: the texts of {offers} offers, {chats} chats, {replies} replies, {searches} searches.",
                offers=erased.offers,
                chats=erased.chats,
                replies=erased.replies,
                searches=erased.searches,
            )
        )
    if erased.open_chats:
        say(_("! Open on a desk: {count}. The desk takes it away when it hears of this.", count=erased.open_chats))
    if erased.mentions:
        say(
            _(
                "! Offers to others that mention this customer: {count}. See: agent-assist offer list --text …",
                count=erased.mentions,
            )
        )
    if not erased.is_scrubbed:
        say(_("! The rows are gone; their bytes go when the database next tidies up. Give this command again later."))
    return ExitCode.DONE
