"""`agent-assist doctor`: what works here and what does not, each with a hint."""

import click

from agent_assist.cli import output
from agent_assist.cli.click_command import Command
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _

_MARKS = {"ok": "✓", "note": "●", "bad": "✗"}


@click.command(
    "doctor",
    cls=Command,
    help=N_(
        "Look at the terminal, the clipboard, the database, the phrasebooks, the language and your folder. "
        "Exit code 1 when something does not work."
    ),
    examples=("agent-assist doctor", "agent-assist doctor --json"),
)
@click.pass_obj
def command(session: Session) -> int:
    """Looks only; nothing is created or changed."""
    from agent_assist.services.doctor import examine  # loads phrasebooks and store with this command only

    findings = examine(*session.settings_or_why())
    if session.json:
        output.as_json(
            [
                {"name": each.name, "state": each.state, "found": each.found, "hint": each.hint, **each.details}
                for each in findings
            ]
        )
    else:
        for each in findings:
            found = _("{name}: {value}", name=_(each.label), value=each.found)
            output.text(f"{_MARKS[each.state]} {found}")
            if each.hint:
                output.text(f"  {each.hint}")
    return ExitCode.FAILED if any(each.state == "bad" for each in findings) else ExitCode.DONE
