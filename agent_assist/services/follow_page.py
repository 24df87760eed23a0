"""Recording what a status page says, beside what people filled in by hand."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.files import read_text
from agent_assist.incidents import Incident
from agent_assist.incidents.apply import apply_facts, is_same, new_incident
from agent_assist.incidents.feeds.feed_merge import FeedConflict, FeedMerge, merge_feed
from agent_assist.incidents.feeds.statuspage import MAX_INCIDENTS, FeedIncident, FeedPage, read_statuspage
from agent_assist.locale import _
from agent_assist.services.incident_facts import IncidentFacts, Published
from agent_assist.services.service_context import ServiceContext
from agent_assist.services.status_page import MAX_PAGE_SIZE, Fetched, fetch


class Followed(NamedTuple):
    """An incident of the page as it is recorded now, and what the page says otherwise than people did."""

    published: Published
    conflicts: tuple[FeedConflict, ...]


class PageReading(NamedTuple):
    """What came of one reading of a page. `vanished`: open incidents of the page that it does not list any more."""

    page: FeedPage
    followed: tuple[Followed, ...]
    vanished: tuple[Incident, ...]


class FollowedPage:
    """One status page whose incidents are recorded here."""

    def __init__(self, context: ServiceContext, facts: IncidentFacts) -> None:
        self._context = context
        self._facts = facts

    def fetch(self, address: str, etag: str = "") -> Fetched:
        """Return what a page says now. Touches no database; blocks for up to 30 seconds. Raises PageUnreadable."""
        return fetch(address, etag)

    def read_url(self, address: str, incident_id: str = "") -> PageReading:
        """Fetch a page and record what it says. Raises PageUnreadable, and Refused for somebody who may not publish."""
        self._facts.check_may_publish()
        return self.record_text(self.fetch(address).text or "", incident_id)

    def record_text(self, text: str, incident_id: str = "") -> PageReading:
        """Record what a page says. Raises Refused."""
        self._facts.check_may_publish()
        return self.record(read_statuspage(text), incident_id)

    def read_file(self, path: Path, incident_id: str = "") -> PageReading:
        """Record what a saved page says. Raises OSError, Refused."""
        self._facts.check_may_publish()
        return self.record_text(read_text(path, MAX_PAGE_SIZE), incident_id)

    def record(self, page: FeedPage, incident_id: str = "") -> PageReading:
        """Record every incident of the page: new ones are opened, known ones updated, unchanged ones left alone.

        With `incident_id` the only incident of the page is taken for that one from now on. Raises Refused when the
        page lists several, or none.
        """
        known = self._context.store.incidents()
        if incident_id and len(page.incidents) != 1:
            raise Refused(
                _("The page lists {count} incidents, not one.", count=len(page.incidents)),
                hint=_("Import it without --update."),
            )
        followed = []
        for entry in page.incidents:
            named = self._context.store.incident(incident_id) if incident_id else _same(known, page, entry)
            followed.append(self._follow(named, page, entry))
        ids = {entry.id for entry in page.incidents}
        is_whole = page.left_out == 0 and len(page.incidents) < MAX_INCIDENTS
        vanished = tuple(
            one
            for one in known
            if is_whole
            and one.status != "resolved"
            and one.feed
            and one.feed.page == page.id
            and one.feed.id not in ids
        )
        return PageReading(page, tuple(followed), vanished)

    def _follow(self, before: Incident | None, page: FeedPage, entry: FeedIncident) -> Followed:
        context, catalogue = self._context, self._facts.catalogue()
        now, author = context.clock(), context.settings.agent
        merge: FeedMerge = merge_feed(before, entry, page.id, now, context.tz, catalogue)
        if before is None:
            incident = new_incident(merge.changes, now=now, author=author, catalogue=catalogue)
            named = replace(incident, id=_id_of(page, entry), feed=merge.mark)
            return Followed(Published(context.store.open_incident(named), None), ())
        after = apply_facts(before, merge.changes, now=now, author=author, catalogue=catalogue)
        after = replace(after, feed=merge.mark)
        if is_same(before, after):
            return Followed(Published(before, before), merge.conflicts)
        published = Published(context.store.add_version(after, expected=before.version), before)
        return Followed(published, merge.conflicts)


def _id_of(page: FeedPage, entry: FeedIncident) -> str:
    """Return the same id on every desk, so that two that read the page at once cannot open an incident twice."""
    return "SP-" + hashlib.sha256(f"{page.id}\0{entry.id}".encode()).hexdigest()[:8]


def _same(known: tuple[Incident, ...], page: FeedPage, entry: FeedIncident) -> Incident | None:
    return next((one for one in known if one.feed and (one.feed.page, one.feed.id) == (page.id, entry.id)), None)
