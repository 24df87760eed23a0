"""A blameless report on an incident, in Markdown: one for the team, and one that customers may read.

The customers' report takes public wordings only: no internal cause, nobody's name, no sums.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent_assist.incidents.clock import Step
from agent_assist.incidents.incident import Incident
from agent_assist.incidents.past_tense import in_past
from agent_assist.incidents.publication import REPLY_CHANNEL, Publication
from agent_assist.incidents.report_words import CHANNEL_WORDS, FIELD_WORDS, OFFER_KIND_WORDS, WORDS
from agent_assist.incidents.status_words import status_word
from agent_assist.incidents.times import clock_time, date_words, joined_zh, spoken_span

_STEP_WORDS = {"notice": "notice", "cause": "cause_step", "plan": "plan", "update": "update"}


_LATIN_BESIDE_HAN = re.compile("(?<=[\u3400-\u9fff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u3400-\u9fff])")


class OfferSum(NamedTuple):
    """What was promised of one kind in one currency; `amount` in the language of the report, "" without money."""

    kind: str
    number: int
    amount: str


class ReportFacts(NamedTuple):
    """What a report is made of: versions and publications oldest first, times shown in `tz`, as of `now`."""

    versions: Sequence[Incident]
    published: Sequence[Publication]
    steps: Sequence[Step]
    offers: Sequence[OfferSum]
    tz: dt.tzinfo
    zone: str
    now: dt.datetime
    brand: str = ""


def internal_report(facts: ReportFacts, lang: str) -> str:
    """Return the team's report: cause, impact, timeline, what was said when, compensation, what changes."""
    page = _Page(facts, lang)
    parts = [
        f"# {page.say('internal_title', title=page.latest.said('title', lang) or page.latest.title)}",
        "> " + page.say("internal_note", zone=facts.zone),
        "" if page.is_over else "> " + page.say("interim_note"),
        page.section("summary", page.summary()),
        page.section("impact", page.impact()),
        page.section("cause", page.internal_cause()),
        page.section("timeline", page.timeline()),
        page.section("said", page.communication()),
        page.section("offers", page.offers()),
        page.section("change", page.sentence(page.latest.said("prevention", lang)) or page.say_change()),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def customer_report(facts: ReportFacts, lang: str) -> str:
    """Return what may be published of an incident that is over."""
    page = _Page(facts, lang)
    latest = page.latest
    day = date_words(latest.started_at.astimezone(facts.tz).date(), facts.now.astimezone(facts.tz).date(), lang)
    sorry = page.say("sorry", start=page.moment(latest.started_at), duration=page.duration(), end=page.end())
    cause = latest.said("cause", lang)
    why = page.say("public_cause", cause=cause) if cause else page.say("public_cause_unknown")
    if cause and (fault := f"fault_{latest.fault}") in page.words:
        why += ("" if lang == "zh" else " ") + page.say(fault)
    scope = page.scope()
    parts = [
        f"# {page.say('public_title', date=day)}",
        sorry,
        page.section("what", page.say("public_scope", scope=scope)) if scope else "",
        page.section("why", why),
        page.section("how", page.public_timeline()),
        page.section("public_change", page.sentence(latest.said("prevention", lang)) or page.say("public_no_change")),
        page.say("ask"),
        page.say("zone_note", zone=facts.zone),
        facts.brand,
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


class _Page:
    """The parts of one report in one language."""

    def __init__(self, facts: ReportFacts, lang: str) -> None:
        self.facts = facts
        self.lang = lang
        self.words = WORDS[lang]
        self.latest = facts.versions[-1]
        self.is_over = self.latest.status == "resolved"

    def say(self, name: str, **values: object) -> str:
        text = self.words[name].format(**{"services": self.services(), **values})
        return _LATIN_BESIDE_HAN.sub(" ", text) if self.lang == "zh" else text

    def say_change(self) -> str:
        return self.say("no_change", id=self.latest.id)

    def section(self, heading: str, body: str) -> str:
        return f"## {self.words[heading]}\n\n{body}"

    def sentence(self, clause: str) -> str:
        """Return a clause as a sentence; "" for none."""
        if not clause:
            return ""
        return f"{clause}。" if self.lang == "zh" else f"{clause[0].upper()}{clause[1:]}."

    def services(self) -> str:
        return self.latest.said("services", self.lang) or ("服务" if self.lang == "zh" else "our service")

    def scope(self) -> str:
        """Return who could not do what: the last scope that was recorded, in the past once it is over."""
        said = [scope for version in self.facts.versions if (scope := version.said("scope", self.lang))]
        return self._then(said[-1]) if said else ""

    def _then(self, clause: str) -> str:
        return in_past(clause) if self.lang == "en" and self.is_over else clause

    def moment(self, at: dt.datetime) -> str:
        """Return date and time, for the first mention: 11月28日 00:29 / 28 November at 00:29."""
        local = at.astimezone(self.facts.tz)
        day = date_words(local.date(), self.facts.now.astimezone(self.facts.tz).date(), self.lang)
        return joined_zh(day, f" {local:%H:%M}") if self.lang == "zh" else f"{day} at {local:%H:%M}"

    def clock(self, at: dt.datetime) -> str:
        """Return the time of day, with the date on another day than the start."""
        return clock_time(at, self.latest.started_at, self.facts.tz, self.lang)

    def end(self) -> str:
        return self._dated(self.latest.over_at or self.facts.now)

    def _dated(self, at: dt.datetime) -> str:
        """Return the time of day; the date too where it is not that of the start."""
        local, start = at.astimezone(self.facts.tz), self.latest.started_at.astimezone(self.facts.tz)
        return f"{local:%H:%M}" if local.date() == start.date() else self.moment(at)

    def duration(self) -> str:
        return spoken_span((self.latest.over_at or self.facts.now) - self.latest.started_at, self.lang)

    def summary(self) -> str:
        scope = self.scope()
        name = f"summary_{'over' if self.is_over else 'open'}{'' if scope else '_no_scope'}"
        return self.say(
            name,
            start=self.moment(self.latest.started_at),
            scope=scope,
            end=self.end(),
            now=self._dated(self.facts.now),
            duration=self.duration(),
            status=status_word(self.latest.status, self.lang),
        )

    def impact(self) -> str:
        scopes = [scope for version in self.facts.versions if (scope := version.said("scope", self.lang))]
        rows = [("severity", self.latest.severity), ("services", self.services()), ("scope", self.scope())]
        if scopes and scopes[0] != scopes[-1]:
            rows.append(("first_scope", self._then(scopes[0])))
        rows.append(("workaround", self.latest.said("workaround", self.lang)))
        return "\n".join(self._item(self.words[name], value) for name, value in rows if value)

    def internal_cause(self) -> str:
        rows = [("cause_public", self.latest.said("cause", self.lang)), ("cause_internal", self.latest.cause_internal)]
        lines = [self._item(self.words[name], value) for name, value in rows if value]
        return "\n".join(lines) or self.say("cause_unknown")

    def _item(self, label: str, value: str) -> str:
        return f"- **{label}**{'：' if self.lang == 'zh' else ': '}{_text(value)}"

    def timeline(self) -> str:
        rows = [(self.latest.started_at, self.say("began"), "")]
        before: Incident | None = None
        for after in self.facts.versions:
            if (
                told := " ".join(self._changes(before, after))
                if self.lang == "en"
                else "".join(self._changes(before, after))
            ):
                rows.append((after.updated_at, told, after.author))
            before = after
        if self.latest.status == "resolved" and self.latest.ended_at is not None:
            rows.append((self.latest.ended_at, self.say("ended"), ""))
        rows.sort(key=lambda row: row[0])
        cells = [(self._dated(at), told, author) for at, told, author in rows]
        return _table((self.words["time"], self.words["event"], self.words["by"]), cells)

    def _changes(self, before: Incident | None, after: Incident) -> Iterator[str]:
        if before is None:
            yield self.say("opened", severity=after.severity)
        for field, label in FIELD_WORDS[self.lang].items():
            new = self._value(after, field)
            if new and new != (self._value(before, field) if before is not None else ""):
                if before is None and field == "severity":
                    continue
                yield self.say("changed", field=label, value=new)

    def _value(self, incident: Incident, field: str) -> str:
        match field:
            case "scope" | "cause" | "workaround" | "prevention":
                return incident.said(field, self.lang)
            case "action":
                return incident.said("action", self.lang)
            case "status":
                return status_word(incident.status, self.lang)
            case "recovered":
                return incident.composed.get(self.lang, {}).get("recovered", "")
            case "eta":
                until = incident.eta.at or incident.eta.end
                return self._dated(until) if until else ""
        return str(getattr(incident, field))

    def communication(self) -> str:
        messages = [each for each in self.facts.published if each.channel != REPLY_CHANNEL]
        replies = [each for each in self.facts.published if each.channel == REPLY_CHANNEL]
        shown = sorted([*messages, *replies[:1]], key=lambda each: each.at)
        if not shown:
            return self.say("nothing_said") + "\n\n" + self._steps()
        rows, told = [], set[str]()
        joint = "、" if self.lang == "zh" else ", "
        for each in shown:
            names = [name for name in each.tells if name not in told] if told else list(each.tells)
            content = joint.join(self.words[_STEP_WORDS[name]] for name in names) or self.words["update"]
            channel = CHANNEL_WORDS[self.lang].get(each.channel, each.channel)
            rows.append((self._dated(each.at), channel, f"v{each.version}", content))
            told.update(each.tells)
        head = tuple(self.words[name] for name in ("time", "channel", "version", "content"))
        return _table(head, rows) + "\n\n" + self._steps()

    def _steps(self) -> str:
        rows = []
        for step in self.facts.steps:
            late = spoken_span(step.done_at - step.due_at, self.lang) if step.done_at is not None else ""
            done = f"{self._dated(step.done_at)} · " if step.done_at is not None else ""
            state = self.say(f"state_{step.state}", late=late)
            rows.append((self.words[_STEP_WORDS[step.name]], self._dated(step.due_at), done + state))
        return _table((self.words["step"], self.words["due"], self.words["done"]), rows)

    def offers(self) -> str:
        if not self.facts.offers:
            return self.say("no_offers")
        rows = [
            (OFFER_KIND_WORDS[self.lang].get(each.kind, each.kind), str(each.number), each.amount or "—")
            for each in self.facts.offers
        ]
        return _table((self.words["kind"], self.words["count"], self.words["sum"]), rows)

    def public_timeline(self) -> str:
        """Return what customers may read of the way to the repair, each step once."""
        moments = {"began": self.latest.started_at}
        if told := min((each.at for each in self.facts.published), default=None):
            moments["told"] = told
        for version in self.facts.versions:
            if version.status == "identified" or (version.cause and version.status != "resolved"):
                moments.setdefault("found", version.updated_at)
            if version.status == "monitoring":
                moments.setdefault("watched", version.updated_at)
            if version.recovered:
                moments.setdefault("part", version.updated_at)
        moments["over"] = self.latest.over_at or self.facts.now
        first_part = next((version for version in self.facts.versions if version.recovered), self.latest)
        part = first_part.composed.get(self.lang, {}).get("recovered", "")
        return "\n".join(
            f"- {self._dated(at)} {self.say(name, recovered=part)}"
            for name, at in sorted(moments.items(), key=lambda moment: moment[1])
            if name != "part" or part
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_text, line)) + " |" for line in lines)


def _text(words: str) -> str:
    """Return typed words so that Markdown shows them as they are."""
    escaped = words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.split())
