"""`agent-assist team`: the accounts of a team, managed by the owner of its PostgreSQL database.

A password that is made here is printed once and kept nowhere; the password in the URL of the owner is never printed.
"""

import sys
from typing import TYPE_CHECKING

import click

from agent_assist.cli import output
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.errors import Refused
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _

if TYPE_CHECKING:
    from agent_assist.roles import Role

MAX_PASSWORD = 1000
"""Characters."""

ROLE_WORDS = {"agent": N_("agent"), "lead": N_("lead")}


@click.group(
    "team",
    cls=Group,
    help=N_(
        "Set up a team on PostgreSQL and manage its accounts. AGENT_ASSIST_DATABASE names the database, with the "
        "account that owns it."
    ),
)
def command() -> None:
    """The commands for the owner of a team's database."""


@command.command(
    "init",
    help=N_("Make the database a team's: tables, roles, what each may do. Do it again after each update."),
    examples=("AGENT_ASSIST_DATABASE=postgresql://owner@server/desk agent-assist team init",),
)
@click.pass_obj
def init(session: Session) -> int:
    """Repeating it does no harm."""
    from agent_assist.store import team_accounts  # SQLAlchemy, loaded with the command

    team_accounts.init(_database(session))
    if session.json:
        output.as_json({"ready": True})
    else:
        output.text(_("The database is ready for a team. Next: agent-assist team add NAME --role lead"))
    return ExitCode.DONE


@command.command(
    "add",
    help=N_("Give a person an account, a new password, or another role. Prints the password once."),
    examples=(
        "agent-assist team add 小李 --role agent",
        "agent-assist team add 老周 --role lead --password-from-stdin < password.txt",
    ),
)
@click.argument("name", metavar="NAME")
@click.option("--role", type=click.Choice(tuple(ROLE_WORDS)), required=True, help=N_("What this person may do."))
@click.option("--password-from-stdin", is_flag=True, help=N_("Read the password from standard input."))
@click.option("--existing", is_flag=True, help=N_("The server knows this account already; it keeps its password."))
@click.pass_obj
def add(session: Session, name: str, role: "Role", password_from_stdin: bool, existing: bool) -> int:
    """The line to give to the person is the data of this command."""
    from agent_assist.store import team_accounts  # SQLAlchemy, loaded with the command
    from agent_assist.store.opening import public_url

    given = _password() if password_from_stdin else ""
    if password_from_stdin and not given:
        raise Refused(_("Standard input held no password."))
    added = team_accounts.add(_database(session), name, role, password=given, existing=existing)
    address = public_url(added.url) if given else added.url
    made = added.password if not given else ""
    if session.json:
        output.as_json({"name": name, "role": role, "password": made, "database": address})
        return ExitCode.DONE
    output.text(_("{name} is in the team as {role}.", name=name, role=_(ROLE_WORDS[role])))
    output.text(f"AGENT_ASSIST_DATABASE='{address}'")
    if made:
        say(_("The password in this line is shown only now. Hand it over by a safe way."))
    return ExitCode.DONE


@command.command("list", help=N_("Show who is in the team."))
@click.pass_obj
def list_accounts(session: Session) -> int:
    """By name."""
    from agent_assist.store import team_accounts  # SQLAlchemy, loaded with the command

    found = team_accounts.accounts(_database(session))
    if session.json:
        output.as_json([{"name": each.name, "role": each.role, "can_sign_in": each.can_sign_in} for each in found])
    elif found:
        rows = [(each.name, _(ROLE_WORDS[each.role]), _("yes") if each.can_sign_in else _("no")) for each in found]
        output.table(rows, (_("NAME"), _("ROLE"), _("SIGNS IN")))
    else:
        say(_("Nobody is in the team yet. Next: agent-assist team add NAME --role lead"))
    return ExitCode.DONE


@command.command("remove", help=N_("Take a person out of the team. What they wrote stays under their name."))
@click.argument("name", metavar="NAME")
@click.pass_obj
def remove(session: Session, name: str) -> int:
    """At once, also for a desk that is open."""
    from agent_assist.store import team_accounts  # SQLAlchemy, loaded with the command

    account = team_accounts.remove(_database(session), name)
    if session.json:
        output.as_json({"name": account.name, "role": account.role, "removed": True})
    else:
        output.text(_("{name} is out of the team and signs in no more. Their entries stay.", name=account.name))
    return ExitCode.DONE


def _password() -> str:
    """The first line of standard input. Raises Refused when it is not UTF-8, since it would never be typed so again."""
    try:
        line = sys.stdin.readline(MAX_PASSWORD + 1)
        line.encode()
    except UnicodeError as error:
        raise Refused(_("The password on standard input is not UTF-8.")) from error
    if len(line) > MAX_PASSWORD:
        raise Refused(_("The password on standard input is too long."))
    return line.rstrip("\r\n")


def _database(session: Session) -> str:
    if session.demo:
        raise Refused(_("The demo has no team."), hint=_("Call it without --demo."))
    return session.settings.database
