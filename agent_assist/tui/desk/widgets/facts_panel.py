"""The facts of the current chat's incident: a panel when there is room, two lines when there is not."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from agent_assist.incidents import Incident
from agent_assist.locale import _
from agent_assist.tui.desk.render.facts_text import age_line, brief, panel, title_line
from agent_assist.tui.desk.render.reply_text import paragraphs
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import cut
from agent_assist.tui.widgets.lines import Lines, set_title


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts widgets show. `history` is oldest first; without one, `instead` says why and what to do."""

    history: Sequence[Incident] = ()
    now: dt.datetime
    tz: dt.tzinfo
    others: int = 0
    """Further open incidents."""
    resolved: int = 0
    """Further ones that were resolved lately."""
    is_guessed: bool = False
    """Nobody has said yet that the chat is about this one of several."""
    instead: Sequence[str] = ()


def _elsewhere(known: Known) -> str:
    """What else the chat could be about; F8 changes to it."""
    if known.is_guessed and known.others:
        return _("! one of {count}?", count=known.others + 1)
    if known.others:
        return _("{count} more open", count=known.others)
    return _("{count} resolved", count=known.resolved) if known.resolved else ""


class FactsPanel(Lines):
    """Everything about the incident, with as much of its timeline as fits."""

    _known: Known | None = None

    def show_facts(self, known: Known) -> None:
        """Show these facts."""
        self._known = known
        self.draw()

    def draw(self) -> None:
        known, cells = self._known, self.size.width
        if known is None or cells <= 0:
            return
        if not known.history:
            set_title(self, content(_("Facts"), ".title"), content(""))
            self.show(paragraphs(list(known.instead), cells))
            return
        incident = known.history[-1]
        age = age_line(incident, known.now, _elsewhere(known))
        set_title(self, cut(title_line(incident), cells - 2), cut(age, cells - 2))
        self.show(panel(known.history, known.now, known.tz, cells, self.size.height))


class FactsBrief(Lines):
    """The two lines of the narrow desk."""

    _known: Known | None = None

    def show_facts(self, known: Known) -> None:
        """Show these facts."""
        self._known = known
        self.draw()

    def draw(self) -> None:
        known, cells = self._known, self.size.width
        if known is None or cells <= 0:
            return
        if known.history:
            self.show(brief(known.history[-1], known.now, known.tz, cells, _elsewhere(known)))
        else:
            self.show(paragraphs(list(known.instead), cells)[:2])
