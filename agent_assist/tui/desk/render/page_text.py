"""What the desk says of the status page: that it cannot be read, and since when; what it says otherwise than people."""

from typing import TYPE_CHECKING

from agent_assist.incidents import field_label, say_value
from agent_assist.incidents.fact_words import show_fact
from agent_assist.locale import _
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.text.labels import short_span

if TYPE_CHECKING:
    import datetime as dt

    from agent_assist.services import Services
    from agent_assist.services.follow_page import PageReading


def page_mark(read_at: "dt.datetime | None", now: "dt.datetime") -> str:
    """Return the mark for a page that cannot be read: since when its facts are old."""
    if read_at is None:
        return _("! status page not read yet")
    return _("! status page: {span} old", span=short_span(now - read_at))


def page_differences(reading: "PageReading", services: "Services") -> str:
    """Return what people filled in otherwise than the page says, and which incidents it lists no more; "" for none."""
    now, lines = services.clock(), []
    for published, conflicts in reading.followed:
        for conflict in conflicts:
            lines.append(
                _(
                    "{title}, {fact}: kept “{ours}”; the page says “{theirs}”.",
                    title=title_of(published.incident),
                    fact=field_label(conflict.fact),
                    ours=show_fact(published.incident, conflict.fact, now, services.tz),
                    theirs=say_value(conflict.page_says, now, services.tz),
                )
            )
    lines += [_("The page does not list {title} any more.", title=title_of(incident)) for incident in reading.vanished]
    return "\n".join(lines)
