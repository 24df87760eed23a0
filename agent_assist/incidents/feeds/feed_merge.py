"""Merges what a status page says into an incident, and keeps what people filled in by hand.

Rule: the page changes a fact only when it says something else than the last time, and only while the fact is still what
the page had said. A fact that somebody changed since stays, and the difference is shown.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from agent_assist.errors import Refused
from agent_assist.incidents.apply import FactChanges, parse_fact
from agent_assist.incidents.catalogue import Catalogue
from agent_assist.incidents.feeds.statuspage import FeedIncident
from agent_assist.incidents.incident import FeedMark, Incident


class FeedConflict(NamedTuple):
    """A fact that the page gives in another way than the incident has it now. `fact` is a field of `Incident`."""

    fact: str
    page_says: object
    """The checked value."""


class FeedMerge(NamedTuple):
    """What changes an incident (or makes a new one), and what differs from what was filled in by hand."""

    changes: FactChanges
    mark: FeedMark
    conflicts: tuple[FeedConflict, ...] = ()


def merge_feed(
    before: Incident | None, read: FeedIncident, page: str, now: dt.datetime, tz: dt.tzinfo, catalogue: Catalogue
) -> FeedMerge:
    """Return how this reading changes the incident; `page` names the status page. Facts that make no sense are left
    out: a page is not ours to correct."""
    said = _checked(read.facts, now, tz, catalogue)
    last = _checked(before.feed.facts, now, tz, catalogue) if before is not None and before.feed is not None else {}
    changed: dict[str, object] = {}
    conflicts = []
    for field, value in said.items():
        if before is None:
            changed[field] = value
            continue
        current = getattr(before, field)
        if current == value:
            continue
        is_untouched = not current or (field in last and current == last[field])
        if is_untouched and last.get(field) != value:
            changed[field] = value
        else:
            conflicts.append(FeedConflict(field, value))
    return FeedMerge(FactChanges(changed), FeedMark(page=page, id=read.id, facts=read.facts), tuple(conflicts))


def _checked(facts: Mapping[str, str], now: dt.datetime, tz: dt.tzinfo, catalogue: Catalogue) -> dict[str, object]:
    checked: dict[str, object] = {}
    for name, text in facts.items():
        try:
            field, value = parse_fact(name, text, now, tz, catalogue)
        except Refused:
            continue
        checked[field] = value
    return checked
