"""The facts of the current chat's incident: a panel when there is room, two lines when there is not."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from agent_assist.incidents import Incident, Step
from agent_assist.locale import _
from agent_assist.tui.desk.incident_news import title_of
from agent_assist.tui.desk.render.facts_text import age_line, brief, panel, title_line
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.text.content import content
from agent_assist.tui.text.labels import ago
from agent_assist.tui.text.line import cut
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.lines import Lines, set_title


class ShownFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts widgets show. `history` is oldest first; without one, `instead` says why and what to do."""

    history: Sequence[Incident] = ()
    clock: Sequence[Step] = ()
    now: dt.datetime
    tz: dt.tzinfo
    others: int = 0
    """Further open incidents."""
    resolved: int = 0
    """Further ones that were resolved lately."""
    is_guessed: bool = False
    """Nobody has said yet that the chat is about this one of several."""
    instead: Sequence[str] = ()


def shown_facts(state: DeskState) -> ShownFacts:
    """Return what is known now of the incident that the current chat is about."""
    incident, incidents = state.incident, state.incidents
    others = incidents.others(incident)
    open_ones = sum(incidents.is_open(other.id) for other in others)
    return ShownFacts(
        history=incidents.history(incident),
        clock=state.clock_of(incident),
        now=state.services.clock(),
        tz=state.services.tz,
        others=open_ones,
        resolved=len(others) - open_ones,
        is_guessed=state.chat.is_guessed,
        instead=_no_facts(state),
    )


def _no_facts(state: DeskState) -> list[str]:
    if state.store_error:
        return [_("The database cannot be reached."), state.store_error, _("Finding, filling and copying go on.")]
    if not state.has_store:
        return [_("Opening the database…")]
    texts = [_("No incident is open.")]
    if recent := state.incidents.recent:
        since = ago(state.services.clock() - recent[0].updated_at)
        texts.append(_("{title} was resolved {ago}. F8 answers from it.", title=title_of(recent[0]), ago=since))
    return [*texts, _("Something is down? F5 records it; replies then fill themselves.")]


def _elsewhere(facts: ShownFacts) -> str:
    """Return what else the chat could be about; F8 changes to it."""
    if facts.is_guessed and facts.others:
        return _("! one of {count}?", count=facts.others + 1)
    if facts.others:
        return _("{count} more open", count=facts.others)
    return _("{count} resolved", count=facts.resolved) if facts.resolved else ""


class _FactsLines(Lines):
    """Lines drawn from a desk's state."""

    def __init__(self, state: DeskState, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._state = state


class FactsPanel(_FactsLines):
    """Everything about the incident, with as much of its timeline as fits."""

    def draw(self) -> None:
        cells = self.size.width
        if cells <= 0:
            return
        facts = shown_facts(self._state)
        if not facts.history:
            set_title(self, content(_("Facts"), ".title"), content(""))
            self.show(paragraphs(list(facts.instead), cells))
            return
        incident = facts.history[-1]
        age = age_line(incident, facts.now, _elsewhere(facts))
        set_title(self, cut(title_line(incident), cells - 2), cut(age, cells - 2))
        self.show(panel(facts.history, facts.clock, facts.now, facts.tz, cells, self.size.height))


class FactsBrief(_FactsLines):
    """The two lines of the narrow desk."""

    def draw(self) -> None:
        cells = self.size.width
        if cells <= 0:
            return
        facts = shown_facts(self._state)
        if facts.history:
            self.show(brief(facts.history[-1], facts.now, facts.tz, cells, _elsewhere(facts)))
        else:
            self.show(paragraphs(list(facts.instead), cells)[:2])
