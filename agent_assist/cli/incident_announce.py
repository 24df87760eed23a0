"""`incident announce`: what is published about an incident on each channel, in the form of the channel.

A text with a gap, or one that the check blocks, never goes to stdout, into a file or on the clipboard.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import output
from agent_assist.cli.click_command import Command
from agent_assist.cli.copy_text import copy_text, say_copied
from agent_assist.cli.diagnostics import fail, say
from agent_assist.cli.options import phrasebook_option, set_option, values_from
from agent_assist.cli.session import Session
from agent_assist.errors import NotFound, Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, REPLY_LANGUAGES, _
from agent_assist.phrasebook.announced_channels import ANNOUNCED_CHANNELS, CHANNEL_LABELS

if TYPE_CHECKING:
    from agent_assist.incidents import Incident
    from agent_assist.phrasebook.phrase import Channel
    from agent_assist.services.announcements import Announcement


@click.command(
    "announce",
    cls=Command,
    help=N_(
        "Print the announcements of an incident for each channel. Without an ID, of the newest one.\n"
        "The words are the phrasebook's, the facts the incident's, the form that of the channel. Exit code 3 when "
        "something is missing, 1 when the check blocks one: the reason is named, and that text is not printed."
    ),
    examples=(
        "agent-assist incident announce --channel sms --lang zh --copy",
        "agent-assist incident announce --save announcements",
        "agent-assist incident announce INC-1 --channel banner --published",
    ),
)
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option(
    "--channel",
    "channels",
    type=click.Choice(ANNOUNCED_CHANNELS),
    multiple=True,
    help=N_("Only this channel; may be repeated (default: all)."),
)
@click.option(
    "--lang", type=click.Choice((*REPLY_LANGUAGES, "all")), default="all", help=N_("Only this language (default: all).")
)
@click.option("--phrase", "phrase_id", metavar="ID", default="", help=N_("Take this phrase instead of the usual one."))
@set_option(N_("Set a field of the phrase: contact_person, signatory; may be repeated."))
@click.option("--copy", is_flag=True, help=N_("Copy it: one channel and one language."))
@click.option(
    "--save",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("Write one file each into this folder."),
)
@click.option(
    "--published",
    is_flag=True,
    help=N_("Record that these channels were published just now; the communication clock counts it."),
)
@phrasebook_option()
@click.pass_obj
def command(
    session: Session,
    incident_id: str,
    channels: "tuple[Channel, ...]",
    lang: str,
    phrase_id: str,
    pairs: tuple[str, ...],
    copy: bool,
    folder: Path | None,
    published: bool,
) -> int:
    """Everything that was asked for is done for the texts that are ready; the others are named."""
    langs = REPLY_LANGUAGES if lang == "all" else (lang,)
    if copy and len(channels) * len(langs) != 1:
        raise Usage(_("Only one text can be copied."), hint=_("Name one --channel and one --lang."))
    if published and not channels:
        raise Usage(_("Say what was published."), hint=_("Name each channel: {line}", line="--channel sms --published"))
    services, incident = session.records, newest(session, incident_id)
    made = services.announcements.make(
        incident, channels or ANNOUNCED_CHANNELS, langs, values=values_from(pairs), phrase_id=phrase_id
    )
    _require_phrase(made, phrase_id)
    if session.json:
        output.as_json([_shape(each) for each in made])
    else:
        for each in made:
            _print(each, alone=len(made) == 1)
    exit_code = max((_exit_code(each) for each in made), default=ExitCode.DONE)
    ready = [each for each in made if each.is_ready]
    if folder is not None:
        for each in ready:
            say(_("Written: {file}", file=clean_line(str(services.announcements.save(folder, each)))))
    if published:
        _record(session, made)
    if copy and ready:
        copied = say_copied(copy_text(services, ready[0].text))
        exit_code = max(exit_code, copied)
    return exit_code


def newest(session: Session, incident_id: str) -> "Incident":
    """Return the named incident, else the newest open one, else the newest of all. Raises NotFound."""
    incident = session.records.incident(incident_id)
    incident = incident or next(iter(session.records.store.incidents()), None)
    if incident is None:
        raise NotFound(_("No incident is recorded."), hint=_("Open one: agent-assist incident open --title …"))
    return incident


def _require_phrase(made: "tuple[Announcement, ...]", phrase_id: str) -> None:
    if phrase_id and not any(each.phrase is not None and each.phrase.id == phrase_id for each in made):
        raise Refused(
            _("The phrase {id} is no announcement for these channels at this stage.", id=clean_line(phrase_id)),
            hint=_("List them: agent-assist phrases list --kind announcement"),
        )


def _exit_code(made: "Announcement") -> int:
    if made.gaps:
        return ExitCode.MISSING
    return ExitCode.DONE if made.is_ready else ExitCode.FAILED


def _print(made: "Announcement", *, alone: bool) -> None:
    head = f"== {_heading(made)} =="
    if not made.is_ready:
        say(head)
        say(made.text + "\n" if made.text else "")
        ways = ", ".join(made.ways_on)
        fail(" ".join(made.objections), _("The way on: {ways}", ways=ways) if ways else "")
        return
    if not alone:
        output.text(head)
    output.text(made.text + ("" if alone else "\n"))
    for advice in made.advice:
        say(f"! {advice}")


def _heading(made: "Announcement") -> str:
    parts = [_(CHANNEL_LABELS[made.channel]), made.lang]
    if made.size is not None:
        parts.append(f"{made.size.length}/{made.size.limit}")
    return " · ".join(parts)


def _record(session: Session, made: "tuple[Announcement, ...]") -> None:
    """Record each channel whose texts are all ready."""
    for channel in dict.fromkeys(each.channel for each in made):
        texts = [each for each in made if each.channel == channel]
        label = _(CHANNEL_LABELS[channel])
        if not all(each.is_ready for each in texts):
            fail(_("Not recorded as published, since it is not ready: {channel}.", channel=label))
            continue
        session.records.announcements.record(texts)
        say(_("Recorded as published: {channel}.", channel=label))


def _shape(made: "Announcement") -> dict[str, object]:
    size = made.size
    return {
        "channel": made.channel,
        "lang": made.lang,
        "phrase": made.phrase.id if made.phrase is not None else None,
        "subject": made.subject,
        "text": made.text,
        "missing": [gap.name for gap in made.gaps],
        "ready": made.is_ready,
        "objections": made.objections,
        "advice": made.advice,
        "ways_on": made.ways_on,
        "length": None
        if size is None
        else {"length": size.length, "limit": size.limit, "unit": size.unit, "messages": size.messages},
        "incident": made.incident_id,
        "facts_version": made.facts_version,
    }
