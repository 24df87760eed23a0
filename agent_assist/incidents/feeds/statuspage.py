"""Reads the `summary.json` of Atlassian Statuspage, version 2, which Instatus, incident.io and others imitate.

Only what the desk needs is looked at; keys that are missing, null or unknown harm nothing. Source: Statuspage's public
API documentation.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.catalogue import Effect
from agent_assist.locale import _

MAX_INCIDENTS = 50
MAX_COMPONENTS = 40
MAX_TEXT = 300
"""Characters of a title or the name of a component."""

_SEVERITIES = {"none": "SEV4", "minor": "SEV3", "major": "SEV2", "critical": "SEV1", "maintenance": "SEV4"}
_STATUSES = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "verifying": "monitoring",
    "resolved": "resolved",
    "completed": "resolved",
    "postmortem": "resolved",
    "in_progress": "identified",
}
_EFFECTS: Mapping[str, Effect] = {
    "major_outage": "down",
    "under_maintenance": "down",
    "partial_outage": "partly",
    "degraded_performance": "slow",
}
"""From the worst to the least; an operational component has none."""


class FeedIncident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as a page tells it. `facts` are texts by fact name, as a person would type them."""

    id: str
    facts: Mapping[str, str]


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a page. `left_out`: incidents that could not be used."""

    id: str
    name: str
    incidents: tuple[FeedIncident, ...]
    left_out: int = 0


def looks_like_statuspage(text: str) -> bool:
    """Whether this is JSON and not TOML, so that it can only be a status page."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def read_statuspage(text: str) -> FeedPage:
    """Return the incidents of a `summary.json`. Raises Refused saying what it is instead."""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("This is not the summary of a status page: it is not JSON."),
            hint=_("It is found below the page's address: /api/v2/summary.json"),
        ) from error
    page = document.get("page") if isinstance(document, dict) else None
    incidents = document.get("incidents") if isinstance(document, dict) else None
    if not isinstance(page, dict) or not isinstance(incidents, list):
        raise Refused(
            _("This is not the summary of a status page: “page” or “incidents” is missing."),
            hint=_("It is found below the page's address: /api/v2/summary.json"),
        )
    read = [_incident(entry) for entry in incidents[:MAX_INCIDENTS]]
    usable = tuple(incident for incident in read if incident is not None)
    return FeedPage(
        id=_text(page.get("id")) or _text(page.get("url")),
        name=_text(page.get("name")),
        incidents=usable,
        left_out=len(incidents) - len(usable),
    )


def _incident(entry: Any) -> FeedIncident | None:
    """Return an incident; None when it has no id, title or status that is known."""
    if not isinstance(entry, dict):
        return None
    id_, title = _text(entry.get("id")), _text(entry.get("name")).rstrip(".。")
    status = _STATUSES.get(_text(entry.get("status")))
    if not (id_ and title and status):
        return None
    facts = {
        "title": title,
        "status": status,
        "severity": _SEVERITIES.get(_text(entry.get("impact")), ""),
        "started": _moment(entry.get("started_at")) or _moment(entry.get("created_at")),
        "ended": _moment(entry.get("resolved_at")) if status == "resolved" else "",
        **_components(entry.get("components")),
    }
    return FeedIncident(id=id_, facts={name: text for name, text in facts.items() if text})


def _components(components: Any) -> dict[str, str]:
    """Return the affected services, and the worst effect on one of them."""
    affected = [one for one in components if isinstance(one, dict)] if isinstance(components, list) else []
    affected = [one for one in affected if not one.get("group")][:MAX_COMPONENTS]
    states = {_text(one.get("status")) for one in affected}
    names = [_text(one.get("name")).replace(",", " ").replace("、", " ") for one in affected]
    effect = next((effect for state, effect in _EFFECTS.items() if state in states), "")
    return {"services": ", ".join(dict.fromkeys(filter(None, names))), "effect": effect}


def _moment(value: Any) -> str:
    """Return a time in UTC as it can be typed; "" for what is none."""
    if not isinstance(value, str):
        return ""
    try:
        at = dt.datetime.fromisoformat(value.strip())
        return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at.tzinfo else ""
    except (ValueError, OverflowError):
        return ""


def _text(value: Any) -> str:
    return clean_line(value)[:MAX_TEXT].strip() if isinstance(value, str) else ""
