"""What agents hear when the incidents change: a new one, one that is resolved, open again, or has other facts."""

import datetime as dt
from collections.abc import Collection
from typing import Literal, NamedTuple

from agent_assist.incidents import Incident, status_word
from agent_assist.incidents.change_words import say_changes
from agent_assist.incidents.fact_words import shown_wording
from agent_assist.locale import _
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot

NewsKind = Literal["opened", "resolved", "reopened", "changed"]


class IncidentNews(NamedTuple):
    """What happened to an incident, and the sentences that say so."""

    incident: Incident
    kind: NewsKind
    message: str


class NewsReader(NamedTuple):
    """Whose desk it is told to: the incident of the current chat, those of all its chats, and its time and zone."""

    mine: Incident | None
    of_chats: Collection[str]
    now: dt.datetime
    tz: dt.tzinfo


def incident_news(before: IncidentSnapshot, after: IncidentSnapshot, reader: NewsReader) -> list[IncidentNews]:
    """Return what changed, the current chat's incident first."""
    mine = reader.mine
    changed = [history for history in after.histories.values() if _was(before, history) != history[-1]]
    changed.sort(key=lambda history: mine is None or history[-1].id != mine.id)
    return [news for history in changed if (news := _news(_was(before, history), history[-1], reader))]


def title_of(incident: Incident) -> str:
    """Return the title in the interface language when it is known there."""
    return shown_wording(incident, "title")


def _was(incidents: IncidentSnapshot, history: tuple[Incident, ...]) -> Incident | None:
    """Return the incident as this desk knew it; one that was resolved too long ago to be known counts as known."""
    known = incidents.histories.get(history[-1].id, ())
    if known:
        return known[-1]
    return history[-2] if len(history) > 1 and history[-2].status == "resolved" else None


def _news(was: Incident | None, now: Incident, reader: NewsReader) -> IncidentNews | None:
    if was is None:
        # one that is resolved already was not known here while it was open
        return None if now.status == "resolved" else IncidentNews(now, "opened", _opened(now, reader))
    changes = say_changes(was, now, reader.now, reader.tz)
    if now.status == "resolved" and was.status != "resolved":
        return IncidentNews(now, "resolved", _with_author(_("{title} is resolved.", title=title_of(now)), now))
    if now.status != "resolved" and was.status == "resolved":
        again = _("{title} is open again: {status}.", title=title_of(now), status=status_word(now.status))
        return IncidentNews(now, "reopened", _with_author(again, now))
    if _is_mine(now, reader):
        said = _("The facts changed: v{version} by {author}.", version=now.version, author=now.author)
    elif now.id in reader.of_chats:
        said = _(
            "The facts of {title} changed: v{version} by {author}.",
            title=title_of(now),
            version=now.version,
            author=now.author,
        )
    else:
        return None
    return IncidentNews(now, "changed", f"{said} {changes}".strip())


def _is_mine(incident: Incident, reader: NewsReader) -> bool:
    return reader.mine is not None and reader.mine.id == incident.id


def _opened(incident: Incident, reader: NewsReader) -> str:
    """Return that an incident is open, how bad it is, whom it hits and who says so."""
    if reader.mine is None or _is_mine(incident, reader):
        said = _("New incident: {title}.", title=title_of(incident))
    else:
        said = _("Another incident is open: {title}. F8 changes to it.", title=title_of(incident))
    scope = shown_wording(incident, "scope")
    details = " · ".join(part for part in (incident.severity, scope, incident.author) if part)
    return f"{said} {details}"


def _with_author(said: str, incident: Incident) -> str:
    return _("{said} By {author}.", said=said, author=incident.author) if incident.author else said
