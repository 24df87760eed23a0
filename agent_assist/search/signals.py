"""What speaks for a phrase besides the words: the moment, the chat, and what was chosen before.

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

MOST = {
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

SINKS = 1.0
"""How far a phrase sinks that may not be said at this stage: below other answers, above what hardly answers at all."""

LATELY = dt.timedelta(hours=8)
"""One shift."""
MANY = 8
"""Uses from which more make no difference."""


class Past(Protocol):
    """One use of a phrase, as the store keeps it."""

    @property
    def phrase_id(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What is known beside the query. Empty texts say nothing for or against a phrase."""

    now: dt.datetime
    stage: str = ""
    scene: str = ""
    lang: str = ""
    agent: str = ""
    pinned: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    """Names of signals that are switched off."""


class Signals:
    """The signals of one moment. `uses` may hold those of the whole team, in any order."""

    def __init__(self, moment: Moment, uses: Iterable[Past] = ()) -> None:
        self.moment = moment
        self._mine: Counter[str] = Counter()
        self._team: Counter[str] = Counter()
        self._last: dict[str, dt.datetime] = {}
        self._chosen: dict[str, Counter[str]] = {}
        self._said: dict[str, tuple[Phrase, dict[str, float]]] = {}
        """What was said of a phrase, whatever the query."""
        for use in uses:
            self._team[use.phrase_id] += 1
            self._chosen.setdefault(fold(use.query).strip(), Counter())[use.phrase_id] += 1
            if use.agent == moment.agent:
                self._mine[use.phrase_id] += 1
                self._last[use.phrase_id] = max(use.at, self._last.get(use.phrase_id, use.at))

    def at(self, now: dt.datetime) -> "Signals":
        """Return the same signals at another time; what was counted is shared."""
        later = copy(self)
        later.moment = msgspec.structs.replace(self.moment, now=now)
        later._said = {}
        return later

    def sinks(self, phrase: Phrase) -> int:
        """Whether it is for another stage of the incident: 2 when it would be held back, 1 when it says that more is
        known than is."""
        moment = self.moment
        if not moment.stage or "stage" in moment.off:
            return 0
        if not phrase.fits(moment.stage):
            return 2
        return int(moment.stage == "investigating" and _is_for_later(phrase))

    def known(self) -> set[str]:
        """Ids of phrases that were used or pinned."""
        return {*self._team, *self.moment.pinned}

    def chosen_for(self, query: str) -> Mapping[str, float]:
        """How often, of one, each phrase was taken after this query or one that begins it or goes on from it."""
        typed = fold(query).strip()
        taken: Counter[str] = Counter()
        if typed:
            for asked, phrases in self._chosen.items():
                if asked == typed or (
                    min(len(asked), len(typed)) > 1 and (asked.startswith(typed) or typed.startswith(asked))
                ):
                    taken.update(phrases)
        whole = taken.total() or 1
        return {phrase: count / whole for phrase, count in taken.items()}

    def of(self, phrase: Phrase, chosen: Mapping[str, float]) -> dict[str, float]:
        """What each signal adds for a phrase; those that say nothing are left out. Not to be changed."""
        if phrase.id in chosen:
            return self._weighed(phrase, chosen[phrase.id])
        known = self._said.get(phrase.id)
        if known is None or known[0] is not phrase:
            known = self._said[phrase.id] = phrase, self._weighed(phrase)
        return known[1]

    def _weighed(self, phrase: Phrase, chosen: float = 0.0) -> dict[str, float]:
        moment = self.moment
        age = moment.now - self._last[phrase.id] if phrase.id in self._last else LATELY
        strength = {
            "stage": float(moment.stage in phrase.stages),
            "scene": float(moment.scene == phrase.scene),
            "language": float(moment.lang in phrase.text),
            "recent": max(0.0, 1 - age / LATELY),
            "often": min(self._mine[phrase.id], MANY) / MANY,
            "team": min(self._team[phrase.id], MANY) / MANY,
            "chosen": chosen,
            "approved": float(
                bool(phrase.approved_by) and (phrase.review_by is None or phrase.review_by >= moment.now.date())
            ),
            "pinned": float(phrase.id in moment.pinned),
        }
        return {name: MOST[name] * value for name, value in strength.items() if value > 0 and name not in moment.off}


def _is_for_later(phrase: Phrase) -> bool:
    """Whether it tells how things stand once the cause is known."""
    tells = phrase.kind in ("status", "announcement")
    return tells and bool(phrase.stages) and "investigating" not in phrase.stages


def usefulness(phrase: Phrase, signals: Signals) -> float:
    """How useful a phrase is now when nothing was typed: pinned before all, then what fits the stage, then the used;
    last what may not be said now."""
    said = signals.of(phrase, {})
    return sum(said.values()) + ("pinned" in said) - SINKS * signals.sinks(phrase)
