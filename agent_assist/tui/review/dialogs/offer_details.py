"""Everything about one offer, to be read: what was promised, what the limits say, and who did what with it when."""

import datetime as dt
from collections.abc import Iterable

from textual.widget import Widget

from agent_assist.locale import _
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.forms.reading import ReadingScreen
from agent_assist.tui.review.render.offer_detail_text import Detail, facts, history


class OfferDetailsScreen(ReadingScreen):
    """Shows `detail`; times in `tz`, as of `now`."""

    def __init__(self, detail: Detail, now: dt.datetime, tz: dt.tzinfo) -> None:
        super().__init__()
        self.detail = detail
        self.now = now
        self.tz = tz

    @property
    def heading(self) -> str:
        return _("{offer} for {name}", offer=self.detail.offer.id, name=self.detail.offer.customer or _("(no name)"))

    def body(self) -> Iterable[Widget]:
        for label, words, _style in facts(self.detail, self.now, self.tz):
            yield Paragraph(_("{field}: {value}", field=label, value=words) if label else words)
        yield Paragraph(_("History"), classes="help-group")
        for told, note in history(self.detail.entries, self.now, self.tz):
            yield Paragraph(told, classes="timeline-version")
            if note:
                yield Paragraph(note, classes="timeline-change")
