"""Who changed which fact when: every version of an incident, newest first."""

import datetime as dt
from collections.abc import Iterable, Sequence

from textual.widget import Widget

from agent_assist.incidents import Incident, clock_time, describe_change, field_label, spoken_span
from agent_assist.incidents.fact_words import show_change, shown_wording
from agent_assist.locale import _, current
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.forms.reading import ReadingScreen


class TimelineScreen(ReadingScreen):
    """Shows `versions`, given oldest first; times in `tz`, ages as of `now`."""

    def __init__(self, versions: Sequence[Incident], tz: dt.tzinfo, now: dt.datetime) -> None:
        super().__init__()
        self.versions = versions
        self.tz = tz
        self.now = now

    @property
    def heading(self) -> str:
        if not self.versions:
            return _("Timeline")
        last = self.versions[-1]
        return _("Timeline: {title}", title=shown_wording(last, "title"))

    def body(self) -> Iterable[Widget]:
        if not self.versions:
            yield Paragraph(_("No version of this incident is recorded."), classes="dialog-text")
        pairs = zip((None, *self.versions), self.versions, strict=False)
        for before, after in reversed(list(pairs)):
            yield Paragraph(self._version(after), classes="timeline-version")
            for line in self._changes(before, after):
                yield Paragraph(line, classes="timeline-change")

    def _version(self, incident: Incident) -> str:
        at = clock_time(incident.updated_at, self.now, self.tz, current())
        age = _("{span} ago", span=spoken_span(self.now - incident.updated_at, current()))
        return f"v{incident.version} · {at} · {incident.author or '—'} · {age}"

    def _changes(self, before: Incident | None, after: Incident) -> Iterable[str]:
        changes = describe_change(before, after)
        if not changes:
            yield _("Nothing changed; the facts were confirmed.")
        for change in changes:
            old, new = show_change(before, after, change.field, self.now, self.tz)
            shown = new if old == "—" else f"{old} → {new}"
            yield _("{field}: {value}", field=field_label(change.field), value=shown)
