"""Recording and reading the facts of incidents."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.incidents import Incident, status_word
from agent_assist.incidents.change_words import say_changes
from agent_assist.locale import _
from agent_assist.services.incident_facts import Published
from agent_assist.tui.command_screen import IncidentActionAsked
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.incident_snapshot import read_incidents
from agent_assist.tui.desk.messages import FactsChanged, StoreLost

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def new_incident(screen: "DeskScreen") -> None:
    """Record that something is down."""
    screen.run_command(publish(screen, None))


async def update_facts(screen: "DeskScreen") -> None:
    """Record a new version of the facts."""
    screen.run_command(publish(screen, screen.state.incident))


async def publish(screen: "DeskScreen", incident: Incident | None) -> None:
    """Ask for the facts with the form and record them, of a new incident for None."""
    from agent_assist.tui.desk.dialogs.incident_form import IncidentScreen  # loaded when it is first opened

    services = screen.services
    catalogue = await asyncio.to_thread(services.facts.catalogue)
    typed: Mapping[str, str] | None = None
    problem = ""
    while True:
        typed = await screen.ask(
            IncidentScreen(
                incident, services.tz, clock=services.clock, typed=typed, problem=problem, catalogue=catalogue
            )
        )
        if typed is None:
            return
        if not typed:
            screen.notify_user(_("Nothing was changed, so nothing was published."), "warning")
            return
        try:
            published = await screen.worker.do(partial(_write, screen, incident, typed))
            break
        except AgentAssistError as error:  # what was typed is shown again, with the reason
            problem = str(error)
            incident = screen.state.incidents.latest(incident)
    await show_published(screen, published)


async def show_published(screen: "DeskScreen", published: Published) -> None:
    """Show on the desk what this person published, and say what changed, or that nothing did."""
    services = screen.services
    after, before = published
    if not published.is_new:
        screen.notify_user(_("Nothing was changed, so nothing was published."), "warning")
        return
    try:
        incidents = await screen.worker.do(
            lambda: read_incidents(services.store, services.clock(), screen.state.chat_tabs.chats)
        )
    except AgentAssistError as error:
        screen.post_message(StoreLost(str(error)))
    else:
        screen.state.update_incidents(incidents)  # our own change needs no announcement
        screen.post_message(FactsChanged(incidents))
    message = _("Recorded: {title}, version {version}.", title=title_of(after), version=after.version)
    if before is not None:
        message += " " + say_changes(before, after, services.clock(), services.tz)
    mine = screen.state.incident
    if mine is not None and mine.id != after.id:
        message += " " + _("This chat stays with {title}; F8 changes that.", title=title_of(mine))
    screen.notify_user(message)


def _write(screen: "DeskScreen", incident: Incident | None, typed: Mapping[str, str]) -> Published:
    if incident is None:
        return Published(screen.services.open_incident(typed), None)
    return screen.services.update_incident(incident.id, typed, expected=incident.version)


async def announcements(screen: "DeskScreen") -> None:
    """Show what can be published about the incident of this chat."""
    screen.post_message(IncidentActionAsked("announce", screen.state.incidents.history(screen.state.incident)))


async def timeline(screen: "DeskScreen") -> None:
    """Show every version of the facts."""
    from agent_assist.tui.desk.dialogs.timeline import TimelineScreen  # loaded when it is first opened

    history = screen.state.incidents.history(screen.state.incident)
    screen.app.push_screen(TimelineScreen(history, screen.services.tz, screen.services.clock()))


async def next_incident(screen: "DeskScreen") -> None:
    """Answer this chat from the facts of the next incident: open ones, then those resolved lately."""
    state = screen.state
    following = state.incidents.next_after(state.incident)
    if following is not None:
        state.take_incident(following.id)
        screen.show_all()
        screen.sync.save_soon()
        status = status_word(following.status)
        screen.notify_user(
            _("This chat is answered from {title} now: {status}.", title=title_of(following), status=status)
        )


async def facts(screen: "DeskScreen") -> None:
    """Unfold or fold the facts over the work, where the window is narrow."""
    screen.toggle_class("-facts-open")
    screen.call_after_refresh(screen.show_facts)
