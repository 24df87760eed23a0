"""`incident report`: a blameless report on an incident, for the team or for customers."""

from pathlib import Path

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import output
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import say
from agent_assist.cli.incident_announce import newest
from agent_assist.cli.session import Session
from agent_assist.errors import Refused
from agent_assist.exit_code import ExitCode
from agent_assist.files import reason, write_whole
from agent_assist.locale import N_, REPLY_LANGUAGES, _
from agent_assist.services.report_writer import write_report


@click.command(
    "report",
    cls=Command,
    help=N_(
        "Draft a blameless report on an incident, in Markdown. Without an ID, on the newest one.\n"
        "The team's report has the internal cause, the timeline, what customers were told when, and the sums of the "
        "offers. With --customer it is one to publish: public wordings only, and nobody's name."
    ),
    examples=(
        "agent-assist incident report INC-1 --save review.md",
        "agent-assist incident report --customer --lang en",
    ),
)
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option("--customer", is_flag=True, help=N_("The report for customers; the incident must be over."))
@click.option("--lang", type=click.Choice(REPLY_LANGUAGES), default=None, help=N_("Language of the report."))
@click.option(
    "--save", "file", type=click.Path(path_type=Path, dir_okay=False), help=N_("Write it into this file instead.")
)
@click.pass_obj
def command(session: Session, incident_id: str, customer: bool, lang: str | None, file: Path | None) -> int:
    """In the language of the interface unless another is named."""
    services, incident = session.records, newest(session, incident_id)
    language = lang or session.settings.language
    text = write_report(services.context, services.communication, incident, language, for_customers=customer)
    if session.json:
        output.as_json({"incident": incident.id, "lang": language, "customer": customer, "markdown": text})
    if file is not None:
        _save(file, text)
    elif not session.json:
        output.text(text.rstrip("\n"))
    return ExitCode.DONE


def _save(file: Path, text: str) -> None:
    shown = clean_line(str(file))
    try:
        write_whole(file, [text.encode()])
    except OSError as error:
        raise Refused(_("{file} cannot be written: {reason}", file=shown, reason=reason(error))) from error
    say(_("Written: {file}", file=shown))
