"""The top of the command line: global options, the table of commands, and the desk when none is named."""

import click

from agent_assist import __version__
from agent_assist.cli.click_command import LazyGroup, demo_option, home_option
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_

COMMANDS = {
    "search": ("agent_assist.cli.search", N_("Find the phrase for a question.")),
    "reply": ("agent_assist.cli.reply", N_("Fill, check and copy a reply.")),
    "incident": ("agent_assist.cli.incident", N_("Record and show the facts of an outage.")),
    "offer": ("agent_assist.cli.offer", N_("Log, decide and show what was promised.")),
    "policy": ("agent_assist.cli.policy", N_("What may be offered, and the limits.")),
    "phrases": ("agent_assist.cli.phrases", N_("Look through the phrasebooks and check them.")),
    "store": ("agent_assist.cli.store", N_("Move, back up and restore everything that is on record.")),
    "team": ("agent_assist.cli.team", N_("Set up a team and its accounts.")),
    "settings": ("agent_assist.cli.settings", N_("What is set, by whom, and setting it.")),
    "doctor": ("agent_assist.cli.doctor", N_("What works here, and what does not.")),
}
"""Each command, the module that holds it, and what it does; a module is imported only when its command is called."""


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"agent-assist {__version__}")
        ctx.exit()


@click.command(
    cls=LazyGroup,
    modules=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        demo_option(hidden=False),
        home_option(hidden=False),
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help=N_("Show the version."),
        ),
    ],
    help=N_(
        "The right reply, filled with the facts of the incident, checked, copied and on record.\n"
        "Without a command it opens the desk."
    ),
    examples=("agent-assist --demo", "agent-assist search denglu", "agent-assist reply login-failure-apology --copy"),
)
@click.pass_context
def root(ctx: click.Context) -> int:
    """Open the desk when no command is named."""
    session = ctx.ensure_object(Session)
    if ctx.invoked_subcommand is not None:
        return ExitCode.DONE
    from agent_assist.tui import run  # Textual, which no command needs

    return run(session.settings, demo=session.demo)
