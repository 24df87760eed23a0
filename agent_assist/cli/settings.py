"""`agent-assist settings`: what is in force and who says so; changing one in the user's `settings.toml`."""

import os

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import output
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.errors import Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.services.settings_file import checked_value, in_force, put
from agent_assist.settings import SETTING_NAMES, SETTINGS_FILE, home_folder, prepare_home, read_without_file

_SOURCES = {
    "default": N_("default"),
    "file": SETTINGS_FILE,
    "environment": N_("environment"),
    "database": N_("the database URL"),
    "command": N_("command line"),
}
_VARIABLES = {
    "database": "AGENT_ASSIST_DATABASE",
    "agent": "AGENT_ASSIST_AGENT",
    "language": "AGENT_ASSIST_LANG",
    "time_zone": "TZ",
}


@click.group("settings", cls=Group, help=N_("What is set, by whom, and setting it."))
def command() -> None:
    """The commands on settings.toml."""


@command.command(
    "show",
    help=N_("Show every setting: its value, and whether it comes from the file, the environment or nobody."),
    examples=("agent-assist settings show", "agent-assist settings show --json"),
)
@click.pass_obj
def show(session: Session) -> int:
    """Looks only; a password in the database URL is not shown."""
    folder = home_folder(session.home)[0]
    rows = in_force(session.home, os.environ)
    if session.json:
        output.as_json(
            {
                "file": str(folder / SETTINGS_FILE),
                "settings": [{"name": row.name, "value": row.value, "source": row.source} for row in rows],
            }
        )
        return ExitCode.DONE
    output.table(
        [(row.name, _in_words(row.value), _(_SOURCES[row.source])) for row in rows],
        (_("SETTING"), _("VALUE"), _("FROM")),
    )
    return ExitCode.DONE


@command.command(
    "set",
    help=N_(
        "Put a setting into settings.toml; comments and the order of the file stay. "
        "A value that cannot be is refused and nothing is written."
    ),
    examples=(
        "agent-assist settings set language zh",
        "agent-assist settings set phrasebooks ~/team-books /srv/books",
        "agent-assist settings set currency --default",
    ),
)
@click.argument("name", metavar="NAME")
@click.argument("values", nargs=-1, metavar="[VALUE]…")
@click.option("--default", "take_out", is_flag=True, help=N_("Take the setting out of the file."))
@click.pass_obj
def set_(session: Session, name: str, values: tuple[str, ...], take_out: bool) -> int:
    """Works also while another setting in the file is wrong: that is how it is put right."""
    from agent_assist.tui.themes import theme_names  # Textual, only to check a theme

    if session.demo:
        raise Refused(_("The demo keeps nothing."), hint=_("Call it without --demo."))
    if take_out == bool(values):
        raise Usage(
            _("Give a value, or --default to take the setting out of the file."),
            hint=_("Settings are: {names}.", names=", ".join(SETTING_NAMES)),
        )
    if name == "home":
        raise Refused(
            _("Your folder cannot be named in a file that lies in it."),
            hint=_("Name another one with --home DIR or AGENT_ASSIST_HOME."),
        )
    value = None if take_out else checked_value(name, values, theme_names())
    folder = home_folder(session.home)[0]
    prepare_home(read_without_file(home=session.home))
    still_wrong = put(folder, name, value)
    path = clean_line(str(folder / SETTINGS_FILE))
    if session.json:
        output.as_json({"name": name, "value": value, "file": path})
    elif value is None:
        output.text(_("Taken out of {file}: {name}.", file=path, name=clean_line(name)))
    else:
        shown = "***" if name == "database" else _in_words(value)
        output.text(_("Saved in {file}: {name} = {value}", file=path, name=name, value=shown))
    if os.environ.get(_VARIABLES.get(name, "")):
        say(_("{variable} in the environment still wins over it.", variable=_VARIABLES[name]))
    if still_wrong:
        say(f"! {path}: {still_wrong}")
    return ExitCode.DONE


def _in_words(value: str | list[str]) -> str:
    return (", ".join(value) if isinstance(value, list) else value) or "—"
