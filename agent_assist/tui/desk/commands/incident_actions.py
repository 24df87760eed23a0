"""What another screen asks the desk to do about an incident: its dialogs lie over that screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.incidents import Incident
from agent_assist.locale import _
from agent_assist.services.incident_facts import Published
from agent_assist.tui.command_screen import IncidentAction
from agent_assist.tui.desk.commands.announce import announce
from agent_assist.tui.desk.commands.update_facts import publish, show_published
from agent_assist.tui.desk.dialogs.timeline import TimelineScreen
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen

Versions = Sequence[Incident]


def _new(screen: "DeskScreen", _versions: Versions) -> None:
    screen.run_command(publish(screen, None))


def _update(screen: "DeskScreen", versions: Versions) -> None:
    screen.run_command(publish(screen, versions[-1]))


def _resolve(screen: "DeskScreen", versions: Versions) -> None:
    incident = versions[-1]
    question = ConfirmScreen(
        _("Is {title} over?", title=title_of(incident)),
        _("Every desk hears it, and replies say so from now on."),
        _("It is over"),
        _("Not yet"),
    )
    facts = screen.services.facts
    change = {"status": "resolved"}
    screen.run_command(
        _ask_and_publish(screen, question, lambda: facts.update(incident.id, change, expected=incident.version))
    )


def _reopen(screen: "DeskScreen", versions: Versions) -> None:
    incident = versions[-1]
    question = ConfirmScreen(
        _("Does {title} go on?", title=title_of(incident)),
        _("Every desk hears it. The ETA from before holds no more, and updates are due again."),
        _("It goes on"),
        _("No"),
    )
    facts = screen.services.facts
    screen.run_command(
        _ask_and_publish(screen, question, lambda: facts.reopen(incident.id, {}, expected=incident.version))
    )


async def _ask_and_publish(screen: "DeskScreen", question: ConfirmScreen, change: Callable[[], Published]) -> None:
    if not await screen.ask(question):
        return
    try:
        published = await screen.worker.do(change)
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
    else:
        await show_published(screen, published)


def _told(screen: "DeskScreen", versions: Versions) -> None:
    screen.run_command(_record_told(screen, versions[-1]))


async def _record_told(screen: "DeskScreen", incident: Incident) -> None:
    """Record that customers heard these facts elsewhere, after asking: nothing takes a step back."""
    question = ConfirmScreen(
        _("Did customers hear of {title} elsewhere?", title=title_of(incident)),
        _(
            "Facts v{version}, for example on the status page or by phone. The clock counts it.",
            version=incident.version,
        ),
        _("They were told"),
        _("No"),
    )
    if not await screen.ask(question):
        return
    services = screen.services
    try:
        await screen.worker.do(lambda: services.announcement_published(incident.id, version=incident.version))
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
    else:
        screen.notify_user(
            _("Noted: customers were told of {title}, v{version}.", title=title_of(incident), version=incident.version)
        )


def _announce(screen: "DeskScreen", versions: Versions) -> None:
    screen.run_command(announce(screen, versions[-1]))


def _timeline(screen: "DeskScreen", versions: Versions) -> None:
    screen.app.push_screen(TimelineScreen(versions, screen.services.tz, screen.services.clock()))


INCIDENT_COMMANDS: Mapping[IncidentAction, Callable[["DeskScreen", Versions], None]] = {
    "new": _new,
    "update": _update,
    "resolve": _resolve,
    "reopen": _reopen,
    "told": _told,
    "timeline": _timeline,
    "announce": _announce,
}
