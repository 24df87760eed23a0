"""Ranking signals besides the words: the stage of the incident, the chat, and what was chosen before.

Each signal is a small number added to the score of the text match. A clearly better text match is ahead by 0.2 and
more; all signals together stay below that, so they order what the words leave open and never bury an answer. Each can
be switched off by its name. Built once when the chat or the usage changes, not for every key.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Protocol

import msgspec

from agent_assist.locale import N_
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.normalise import fold

REASONS = {
    "stage": N_("fits the stage of the incident"),
    "scene": N_("fits the scene of the chat"),
    "language": N_("can be sent in the language of the chat"),
    "recent": N_("you used it lately"),
    "often": N_("you use it often"),
    "team": N_("the team uses it often"),
    "chosen": N_("chosen before for the same or a similar search"),
    "approved": N_("approved and not due for review"),
    "pinned": N_("pinned by you"),
}
"""The signals by name, with what to say when one spoke for a phrase."""

MAX_SIGNAL_SCORE = {
    "stage": 0.03,
    "scene": 0.01,
    "language": 0.02,
    "recent": 0.02,
    "often": 0.02,
    "team": 0.01,
    "chosen": 0.05,
    "approved": 0.01,
    "pinned": 0.02,
}
"""What each signal adds at most."""

STAGE_PENALTY = 1.0
"""What is chosen off the score of a phrase that may not be said at this stage: it ends up below other answers and above
what hardly answers at all."""

RECENT_USE_PERIOD = dt.timedelta(hours=8)
"""Within one shift; the signal fades over it."""

MANY_USES = 8
"""Uses from which more make no difference."""


class PastUse(Protocol):
    """One use of a phrase, as the store keeps it."""

    @property
    def phrase_id(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


class SearchContext(msgspec.Struct, frozen=True, kw_only=True):
    """What is known besides the query. Empty texts say nothing for or against a phrase."""

    now: dt.datetime
    stage: str = ""
    scene: str = ""
    lang: str = ""
    agent: str = ""
    pinned: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    """Names of signals that are switched off."""


class Signals:
    """The signals in one context. `uses` may hold those of the whole team, in any order."""

    def __init__(self, context: SearchContext, uses: Iterable[PastUse] = ()) -> None:
        self.context = context
        self._mine: Counter[str] = Counter()
        self._team: Counter[str] = Counter()
        self._last: dict[str, dt.datetime] = {}
        self._chosen: dict[str, Counter[str]] = {}
        self._by_phrase: dict[str, tuple[Phrase, dict[str, float]]] = {}
        """The scores of a phrase without those that depend on the query."""
        for use in uses:
            self._team[use.phrase_id] += 1
            self._chosen.setdefault(fold(use.query).strip(), Counter())[use.phrase_id] += 1
            if use.agent == context.agent:
                self._mine[use.phrase_id] += 1
                self._last[use.phrase_id] = max(use.at, self._last.get(use.phrase_id, use.at))

    def at(self, now: dt.datetime) -> "Signals":
        """Return the same signals at another time; what was counted is shared."""
        later = copy(self)
        later.context = msgspec.structs.replace(self.context, now=now)
        later._by_phrase = {}
        return later

    def stage_misfit(self, phrase: Phrase) -> int:
        """Return how far it is from the stage of the incident: 2 when the check would block it, 1 when it says
        more than is known yet, else 0."""
        context = self.context
        if not context.stage or "stage" in context.off:
            return 0
        if not phrase.fits(context.stage):
            return 2
        return int(context.stage == "investigating" and _is_for_later(phrase))

    def used_ids(self) -> set[str]:
        """Return the ids of phrases that were used or pinned."""
        return {*self._team, *self.context.pinned}

    def chosen_for(self, query: str) -> Mapping[str, float]:
        """Return each phrase's share of the choices for this query, or for one that begins it or goes on from it."""
        typed = fold(query).strip()
        chosen: Counter[str] = Counter()
        if typed:
            for past_query, phrases in self._chosen.items():
                if past_query == typed or (
                    min(len(past_query), len(typed)) > 1
                    and (past_query.startswith(typed) or typed.startswith(past_query))
                ):
                    chosen.update(phrases)
        whole = chosen.total() or 1
        return {phrase: count / whole for phrase, count in chosen.items()}

    def of(self, phrase: Phrase, chosen: Mapping[str, float]) -> dict[str, float]:
        """Return what each signal adds for a phrase; those that add nothing are left out. Do not change the result."""
        if phrase.id in chosen:
            return self._weighed(phrase, chosen[phrase.id])
        cached = self._by_phrase.get(phrase.id)
        if cached is None or cached[0] is not phrase:
            cached = self._by_phrase[phrase.id] = phrase, self._weighed(phrase)
        return cached[1]

    def _weighed(self, phrase: Phrase, chosen: float = 0.0) -> dict[str, float]:
        context = self.context
        age = context.now - self._last[phrase.id] if phrase.id in self._last else RECENT_USE_PERIOD
        strength = {
            "stage": float(context.stage in phrase.stages),
            "scene": float(context.scene == phrase.scene),
            "language": float(context.lang in phrase.text),
            "recent": max(0.0, 1 - age / RECENT_USE_PERIOD),
            "often": min(self._mine[phrase.id], MANY_USES) / MANY_USES,
            "team": min(self._team[phrase.id], MANY_USES) / MANY_USES,
            "chosen": chosen,
            "approved": float(
                bool(phrase.approved_by) and (phrase.review_by is None or phrase.review_by >= context.now.date())
            ),
            "pinned": float(phrase.id in context.pinned),
        }
        return {
            name: MAX_SIGNAL_SCORE[name] * value
            for name, value in strength.items()
            if value > 0 and name not in context.off
        }


def _is_for_later(phrase: Phrase) -> bool:
    """Whether it tells how things stand once the cause is known."""
    tells = phrase.kind in ("status", "announcement")
    return tells and bool(phrase.stages) and "investigating" not in phrase.stages


def usefulness(phrase: Phrase, signals: Signals) -> float:
    """Return how useful a phrase is now when nothing was typed: pinned first, then what fits the stage, then what is
    used; last what may not be said now."""
    scores = signals.of(phrase, {})
    return sum(scores.values()) + ("pinned" in scores) - STAGE_PENALTY * signals.stage_misfit(phrase)
