"""Announcing an incident: show the texts of all channels, and copy, save or record as published the chosen one."""

import asyncio
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.incidents import Incident, Publication
from agent_assist.locale import _
from agent_assist.phrasebook.announced_channels import CHANNEL_LABELS
from agent_assist.tui.desk.dialogs.announcement_screen import AnnouncementsScreen, ShownAnnouncement
from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent_assist.services.announcements import Announcement
    from agent_assist.tui.desk.screen import DeskScreen


async def announce(screen: "DeskScreen", incident: Incident) -> None:
    """Show the announcements of this incident until the person leaves them."""
    services = screen.services
    shown = ShownAnnouncement(lang=services.settings.language)
    while True:
        incident = screen.state.incidents.latest(incident) or incident
        published = await _published(screen, incident)
        answer = await screen.ask(
            AnnouncementsScreen(
                incident,
                services.announcements,
                published,
                shown,
                now=services.clock(),
                tz=services.tz,
            )
        )
        if answer is None:
            return
        shown = answer.shown
        made = answer.announcement
        if not made.is_ready:
            screen.notify_user("\n".join((*made.objections, *made.ways_on)), "warning", 8)
        elif answer.deed == "copy":
            await _copy(screen, made)
        elif answer.deed == "save":
            await _save(screen, made)
        else:
            await _publish(screen, made)


async def _published(screen: "DeskScreen", incident: Incident) -> "Mapping[str, Publication]":
    try:
        return await screen.worker.do(lambda: screen.services.announcements.published(incident.id))
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
        return {}


async def _copy(screen: "DeskScreen", made: "Announcement") -> None:
    outcome = await asyncio.to_thread(screen.services.copy, made.text, screen.app.copy_to_clipboard)
    label = _(CHANNEL_LABELS[made.channel])
    if outcome.route == "shown":
        why = _("No clipboard works here, so copy the text by hand.")
        await screen.ask(ManualCopyScreen(made.text, f"{label}. {why}"))
    elif outcome.route == "native":
        screen.notify_user(_("Copied: {channel}, {lang}.", channel=label, lang=made.lang))
    else:
        message = _("Sent to the terminal, unconfirmed: {channel}, {lang}. Check when you paste.", **_named(made))
        screen.notify_user(message, "warning", 8)


async def _save(screen: "DeskScreen", made: "Announcement") -> None:
    folder = screen.services.settings.home / "announcements"
    try:
        path = await screen.worker.do(lambda: screen.services.announcements.save(folder, made))
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
    else:
        screen.notify_user(_("Written: {file}", file=str(path)), seconds=8)


async def _publish(screen: "DeskScreen", made: "Announcement") -> None:
    """Record it after asking: nothing takes a step of the clock back."""
    question = ConfirmScreen(
        _("Was this published: {channel}, {lang}?", **_named(made)),
        _("The communication clock counts it as told from v{version}.", version=made.facts_version),
        _("It was published"),
        _("Not yet"),
    )
    if not await screen.ask(question):
        return
    try:
        await screen.worker.do(lambda: screen.services.announcements.record([made]))
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
    else:
        screen.notify_user(_("Recorded as published: {channel}.", channel=_(CHANNEL_LABELS[made.channel])))


def _named(made: "Announcement") -> dict[str, str]:
    return {"channel": _(CHANNEL_LABELS[made.channel]), "lang": made.lang}
