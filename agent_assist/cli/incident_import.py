"""`agent-assist incident import`: facts from a TOML file, or from a status page by address or as a saved file."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.cli import json_views, output
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.files import read_text
from agent_assist.incidents import field_label, say_value
from agent_assist.incidents.fact_words import show_fact, shown_wording
from agent_assist.incidents.feeds.statuspage import looks_like_statuspage
from agent_assist.locale import _
from agent_assist.services.status_page import MAX_PAGE_SIZE

if TYPE_CHECKING:
    from agent_assist.services.follow_page import Followed, PageReading


def is_address(source: str) -> bool:
    """Whether this names a page on the network."""
    return "://" in source


def is_saved_page(path: Path) -> bool:
    """Whether this file holds JSON and no TOML; False for a file that cannot be read."""
    try:
        return looks_like_statuspage(read_text(path, MAX_PAGE_SIZE))
    except OSError:
        return False


def import_page(session: Session, source: str, incident_id: str) -> int:
    """Record what the page says, and name what people filled in otherwise."""
    followed_page = session.records.followed_page
    reading = (
        followed_page.read_url(source, incident_id)
        if is_address(source)
        else followed_page.read_file(Path(source), incident_id)
    )
    if session.json:
        output.as_json([_as_json(session, one) for one in reading.followed])
    else:
        _print(session, reading)
    return ExitCode.DONE


def _print(session: Session, reading: "PageReading") -> None:
    if not reading.followed:
        output.text(_("{page} lists no incident.", page=reading.page.name))
    for published, conflicts in reading.followed:
        incident = published.incident
        named = {"id": incident.id, "version": incident.version, "title": shown_wording(incident, "title")}
        if published.is_new:
            output.text(_("Saved: {id} version {version}, {title}.", **named))
        else:
            output.text(_("Nothing changed: {id} stays at version {version}, {title}.", **named))
        services = session.records
        for conflict in conflicts:
            say(
                _(
                    "{fact}: kept “{ours}”; the page says “{theirs}”.",
                    fact=field_label(conflict.fact),
                    ours=show_fact(incident, conflict.fact, services.clock(), services.tz),
                    theirs=say_value(conflict.page_says, services.clock(), services.tz),
                )
            )
    if reading.page.left_out:
        say(_("Incidents of the page that cannot be used: {count}.", count=reading.page.left_out))
    for incident in reading.vanished:
        say(
            _(
                "The page does not list {id} {title} any more. If it is over: agent-assist incident resolve {id}",
                id=incident.id,
                title=shown_wording(incident, "title"),
            )
        )


def _as_json(session: Session, followed: "Followed") -> dict[str, object]:
    incident = json_views.incident(followed.published.incident, session.records.clock())
    return incident | {
        "changed": followed.published.is_new,
        "kept_by_hand": [conflict.fact for conflict in followed.conflicts],
    }
