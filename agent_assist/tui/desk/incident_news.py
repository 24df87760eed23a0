"""What agents hear when the incidents change: a new one, one that is resolved, open again, or has other facts."""

from agent_assist.incidents import Incident, status_word
from agent_assist.locale import _, current
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot


def incident_news(before: IncidentSnapshot, after: IncidentSnapshot, mine: Incident | None) -> list[str]:
    """Return sentences about what changed, the current chat's incident (`mine`, as it is now) first."""
    changed = [now[-1] for now in after.histories.values() if _was(before, now[-1]) != now[-1]]
    return [
        said
        for incident in sorted(changed, key=lambda one: mine is None or one.id != mine.id)
        if (said := _said(_was(before, incident), incident, mine))
    ]


def title_of(incident: Incident) -> str:
    """Return the title in the interface language when it is known there."""
    return incident.said("title", current()) or incident.title


def _was(incidents: IncidentSnapshot, incident: Incident) -> Incident | None:
    history = incidents.histories.get(incident.id, ())
    return history[-1] if history else None


def _said(was: Incident | None, now: Incident, mine: Incident | None) -> str:
    is_mine = mine is not None and mine.id == now.id
    title, news = title_of(now), {"version": now.version, "author": now.author}
    if was is None:
        if now.status == "resolved":
            return ""  # nobody here knew of it while it was open
        if is_mine or mine is None:
            return _("New incident: {title}.", title=title)
        return _("Another incident is open: {title}. F8 changes to it.", title=title)
    if now.status == "resolved" and was.status != "resolved":
        return _("{title} is resolved.", title=title)
    if now.status != "resolved" and was.status == "resolved":
        return _("{title} is open again: {status}.", title=title, status=status_word(now.status))
    return _("The facts changed: v{version} by {author}.", **news) if is_mine else ""
