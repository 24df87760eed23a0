"""What this agent and the team send, and what the agent pinned, as ranking signals."""

import datetime as dt
from collections.abc import Container, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent_assist.errors import NotSaved
from agent_assist.files import MAX_TEXT_SIZE, read_whole, write_whole
from agent_assist.locale import _
from agent_assist.phrasebook import Library, Phrase

if TYPE_CHECKING:
    from agent_assist.search.signals import PastUse, Signals

MAX_USES = 2000
"""Newest uses that count; older ones say little about today."""

HABIT_FROM_USES = 2
"""Uses from which a phrase is a habit."""

MAX_FAVOURITES = 8
"""Most used phrases that are marked in the list."""


MAX_SIGNALS_AGE = dt.timedelta(minutes=1)
"""Signals that depend on the time change by less than a hundredth of their weight meanwhile."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a phrase, as far as it speaks for the phrase."""

    phrase_id: str
    query: str
    agent: str
    at: dt.datetime


class UsageProfile:
    """One agent's habits among the team's. Immutable: each change returns a new one."""

    def __init__(
        self,
        agent: str,
        uses: Iterable["PastUse"] = (),
        pinned: Iterable[str] = (),
        off: Iterable[str] = (),
    ) -> None:
        """`uses` are the team's, newest first; `pinned` are phrase ids; `off` names signals that are switched off."""
        self.agent = agent
        self.uses: tuple[PastUse, ...] = tuple(uses)[:MAX_USES]
        self.pinned = tuple(dict.fromkeys(pinned))
        self.off = frozenset(off)
        self._signals: dict[tuple[str, str], Signals] = {}
        counts: dict[str, int] = {}
        for use in self.uses:
            if use.agent == agent:
                counts[use.phrase_id] = counts.get(use.phrase_id, 0) + 1
        often = sorted((id_ for id_, count in counts.items() if count >= HABIT_FROM_USES), key=lambda id_: -counts[id_])
        self.favourites = frozenset(often[:MAX_FAVOURITES])
        """The few phrases this agent sends most; none before there is a habit."""

    def with_use(self, phrase_id: str, query: str, at: dt.datetime) -> "UsageProfile":
        """Return the habits when this agent has sent one more phrase, found by this query."""
        use = Use(phrase_id=phrase_id, query=query, agent=self.agent, at=at)
        return UsageProfile(self.agent, (use, *self.uses), self.pinned, self.off)

    def with_uses(self, uses: Iterable["PastUse"]) -> "UsageProfile":
        """Return the habits when the store knows these uses."""
        return UsageProfile(self.agent, uses, self.pinned, self.off)

    def with_pins(self, pinned: Iterable[str]) -> "UsageProfile":
        """Return the habits with these phrases pinned."""
        return UsageProfile(self.agent, self.uses, pinned, self.off)

    def toggle_pin(self, phrase_id: str) -> "UsageProfile":
        """Return the phrase pinned, or no longer; what is pinned last comes first."""
        others = [id_ for id_ in self.pinned if id_ != phrase_id]
        return self.with_pins(others if phrase_id in self.pinned else [phrase_id, *others])

    def signals(self, now: dt.datetime, stage: str, lang: str) -> "Signals":
        """Return what speaks for a phrase at this stage of an incident, in a chat in this language.

        Cached by stage and language; the time they are of is at most `MAX_SIGNALS_AGE` away from `now`.
        """
        signals = self._signals.get((stage, lang))
        if signals is None:
            from agent_assist.search.signals import SearchContext, Signals  # loaded with the first search

            context = SearchContext(
                now=now,
                stage=stage,
                scene="agent-to-customer",
                lang=lang,
                agent=self.agent,
                pinned=frozenset(self.pinned),
                off=self.off,
            )
            signals = self._signals[stage, lang] = Signals(context, self.uses)
        elif abs(now - signals.context.now) > MAX_SIGNALS_AGE:
            signals = self._signals[stage, lang] = signals.at(now)
        return signals

    def most_useful(
        self, library: Library, now: dt.datetime, stage: str, lang: str, about: Container[str] = ()
    ) -> list[Phrase]:
        """Return all phrases for when nothing was typed: pinned, for this scene, stage and language, used, few gaps.

        Those that may not be said at this stage come last. `about` holds the ids of those that speak of what is down;
        that counts as much as the strongest habit.
        """
        signals = self.signals(now, stage, lang)
        from agent_assist.search.signals import MAX_SIGNAL_SCORE  # loaded with the first search

        habit = ("recent", "often", "team")
        places = {phrase_id: place for place, phrase_id in enumerate(self.pinned)}
        kinds = ("apology", "empathy", "status", "workaround", "compensation", "closing", "faq", "announcement")

        def order(phrase: Phrase) -> tuple[object, ...]:
            scores = signals.of(phrase, {})
            return (
                signals.stage_misfit(phrase),
                places.get(phrase.id, len(places)),
                phrase.scene != "agent-to-customer",
                bool(stage) and bool(phrase.stages) and stage not in phrase.stages,
                lang not in phrase.text,
                -(phrase.id in about) - sum(scores.get(name, 0.0) / MAX_SIGNAL_SCORE[name] / 3 for name in habit),
                len(phrase.fields),
                kinds.index(phrase.kind),
            )

        return sorted(library.active, key=order)


def read_pins(home: Path) -> tuple[str, ...]:
    """Return the pinned phrases of this desk, newest first; none when there is no readable list."""
    try:
        return msgspec.json.decode(read_whole(home / "pins.json", MAX_TEXT_SIZE), type=tuple[str, ...])
    except (OSError, msgspec.MsgspecError):
        return ()


def write_pins(home: Path, pinned: Iterable[str]) -> None:
    """Keep the pinned phrases for the next start. Raises NotSaved."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(home / "pins.json", [msgspec.json.encode(tuple(pinned))])
    except OSError as error:
        raise NotSaved(_("The pinned phrases could not be saved: {reason}", reason=error.strerror or error)) from error
