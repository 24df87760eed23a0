"""The facts of an outage as one value; every change is a new `Incident` with the next `version`.

What may be told to customers and what may not are different fields: `cause` is public, `cause_internal` never leaves
the team. Ask `said` for wordings that go into a reply: it never lends words of one language to the other.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import msgspec

from agent_assist.incidents.eta import Eta
from agent_assist.incidents.fact_choices import ACTIONS, CAUSE_FAULTS, PREVENTIONS, Fault
from agent_assist.severities import Severity

Status = Literal["investigating", "identified", "monitoring", "resolved"]
Saying = Literal["title", "scope", "cause", "workaround", "services", "action", "prevention"]
"""Facts that are put into words once for each language."""

FactName = Literal[
    "title",
    "severity",
    "status",
    "services",
    "effect",
    "share",
    "who",
    "scope",
    "recovered",
    "cause_kind",
    "cause",
    "cause_internal",
    "action",
    "workaround",
    "eta",
    "next_update",
    "prevention",
    "started",
    "ended",
    "owner",
    "rhythm",
]
"""What a fact is called where it is typed: option, key of a facts file, field of the form. In the order of the card."""

STATUSES: tuple[Status, ...] = get_args(Status)
SAYINGS: tuple[Saying, ...] = get_args(Saying)
FACT_NAMES: tuple[FactName, ...] = get_args(FactName)
FACT_FIELDS: Mapping[FactName, str] = {name: name for name in FACT_NAMES} | {
    "next_update": "next_update_due",
    "started": "started_at",
    "ended": "ended_at",
    "rhythm": "rhythm_minutes",
}
"""The field of `Incident` that holds a fact."""

_LANGS = ("zh", "en")
_SEPARATOR = r"\s*[,，、;；]\s*"


class FeedMark(msgspec.Struct, frozen=True):
    """Which entry of which status page an incident follows, and what that said last: typed texts by fact name."""

    page: str
    id: str
    facts: Mapping[str, str] = {}


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the facts. Times are aware UTC; `translations` is {"en": {"scope": …, "services": "a, b"}}.

    What was chosen (`services`, `effect`, `share`, `who`, `cause_kind` …) is put into words when a version is made and
    kept in `composed`, by language and fact; so reading a version needs no service catalogue.
    """

    id: str = ""
    version: int = 1
    title: str
    severity: Severity = "SEV2"
    status: Status = "investigating"
    services: tuple[str, ...] = ()
    """As they are called in the service catalogue, or in somebody's own words."""
    effect: str = ""
    """One of `catalogue.EFFECTS`, or ""."""
    share: str = ""
    """The code of an `impact.Share`: 15%, 30-40%, 1200, some."""
    who: tuple[str, ...] = ()
    """Codes of `impact.parse_who`: merchants, region:east-china, platform:ios, version:5.2."""
    scope: str = ""
    """Who and how many, as a clause of one's own, which replaces the composed one: 约 15% 的用户无法登录."""
    recovered: tuple[str, ...] = ()
    """Those of the services that work again."""
    cause_kind: str = ""
    """A code of `fact_choices.CAUSES`, or ""."""
    cause: str = ""
    """Public wording, as a noun phrase: 数据库升级后的兼容问题."""
    cause_internal: str = ""
    """For the team only; nothing that writes to customers may read it."""
    action: str = ""
    """What is being done: a code of `fact_choices.ACTIONS`, or a clause of one's own."""
    workaround: str = ""
    """What the customer can do meanwhile, as an imperative clause."""
    prevention: str = ""
    """What changes afterwards: a code of `fact_choices.PREVENTIONS`, or a clause of one's own."""
    eta: Eta = Eta()
    next_update_due: dt.datetime | None = None
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    """When customers could use it again; not when the record was closed."""
    updated_at: dt.datetime
    author: str = ""
    source: str = ""
    """Checksum of the facts file that this version was read from; empty when it was typed."""
    owner: str = ""
    rhythm_minutes: int = 30
    translations: Mapping[str, Mapping[str, str]] = {}
    composed: Mapping[str, Mapping[str, str]] = {}
    feed: FeedMark | None = None

    @property
    def fault(self) -> Fault:
        """Whose fault the cause is, by its kind; a cause without one is taken for our own."""
        if self.cause_kind:
            return CAUSE_FAULTS.get(self.cause_kind, "unknown")
        return "own" if self.is_worded("cause") else "unknown"

    @property
    def over_at(self) -> dt.datetime | None:
        """When it was over: the recorded end, else the time it was resolved; None while it is open."""
        if self.status != "resolved":
            return None
        return self.ended_at or self.updated_at

    def said(self, field: Saying, lang: str) -> str:
        """The public wording of a field in this language, or "" when it is only known in another.

        A fact with Chinese characters is Chinese; one of several Latin words is English; a single Latin word (App,
        DNS) and names of services are the same in both.
        """
        composed = self.composed.get(lang, {}).get(field, "")
        if field != "services":
            return self.own_wording(field, lang) or composed
        if translated := self.translations.get(lang, {}).get(field, "").strip():
            return listed(re.split(_SEPARATOR, translated), lang)
        usable = lang == "zh" or not any(_has_han(name) for name in self.services)
        return composed or (listed([name for name in self.services if name.strip()], lang) if usable else "")

    def own_wording(self, field: Saying, lang: str) -> str:
        """The words in this language that somebody wrote for a fact, or ""; those made of choices are in `composed`."""
        if translated := self.translations.get(lang, {}).get(field, "").strip():
            return translated
        text = "" if field == "services" else str(getattr(self, field)).strip()
        if not text or text in ACTIONS or text in PREVENTIONS:
            return ""
        return text if lang in text_langs(text) else ""

    def is_worded(self, field: Saying) -> bool:
        """Whether somebody wrote words for a fact, in whatever language."""
        return any(self.own_wording(field, lang) for lang in _LANGS)

    def is_known_elsewhere(self, field: Saying, lang: str) -> bool:
        """Whether the field is empty in this language only because nobody has put it into words there."""
        if self.said(field, lang):
            return False
        wordings = (*self.translations.values(), *self.composed.values())
        return bool(getattr(self, field)) or any(words.get(field) for words in wordings)


def text_langs(text: str) -> tuple[str, ...]:
    """Return the languages that a text is in: a single Latin word (App, DNS) is the same in both."""
    if _has_han(text):
        return ("zh",)
    return ("en",) if len(text.split()) > 1 else ("zh", "en")


def listed(names: Sequence[str], lang: str) -> str:
    """Return names as a list in words: 登录、支付 / sign-in, payments and search."""
    if lang == "zh":
        return "、".join(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def incident_json(incident: Incident, now: dt.datetime) -> dict[str, object]:
    """The public form of `incident show --json`; times are RFC 3339 in UTC, the internal cause is not in it."""
    eta: dict[str, object] = {"state": incident.eta.state(now)}
    if incident.eta.at:
        eta["at"] = _rfc3339(incident.eta.at)
    elif incident.eta.start and incident.eta.end:
        eta |= {"from": _rfc3339(incident.eta.start), "to": _rfc3339(incident.eta.end)}
    return {
        "id": incident.id,
        "version": incident.version,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "services": list(incident.services),
        "scope": _main_wording(incident, "scope"),
        "cause": _main_wording(incident, "cause"),
        "workaround": _main_wording(incident, "workaround"),
        "eta": eta,
        "next_update_due": _rfc3339(incident.next_update_due) if incident.next_update_due else None,
        "started_at": _rfc3339(incident.started_at),
        "updated_at": _rfc3339(incident.updated_at),
        "author": incident.author,
        "effect": incident.effect,
        "share": incident.share,
        "who": list(incident.who),
        "recovered": list(incident.recovered),
        "cause_kind": incident.cause_kind,
        "fault": incident.fault,
        "action": _main_wording(incident, "action"),
        "prevention": _main_wording(incident, "prevention"),
        "ended_at": _rfc3339(incident.over_at) if incident.over_at else None,
    }


def _main_wording(incident: Incident, field: Saying) -> str:
    """Return a fact in the language of the title, else in the other one."""
    langs = ("zh", "en") if _has_han(incident.title) or not incident.title else ("en", "zh")
    return next((words for lang in langs if (words := incident.said(field, lang))), "")


def _rfc3339(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


def _has_han(text: str) -> bool:
    # Not a pattern: compiling one for so wide a range takes longer than all these texts together.
    return any("\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" for letter in text)
