"""The fields of the incident form: what they hold now, an example for each, and how what is typed is parsed.

Each text is checked by `incidents.apply.parse_facts`, so the form accepts exactly what can be recorded.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from agent_assist.cleaning import clean, clean_line
from agent_assist.incidents import (
    FACT_FIELDS,
    FACT_NAMES,
    SEVERITIES,
    STATUSES,
    Eta,
    FactName,
    Incident,
    clock_time,
    field_label,
    say_value,
    spoken_span,
    status_word,
)
from agent_assist.incidents.apply import apply_facts, parse_facts
from agent_assist.locale import _, current
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.field import AnswerParser, FormField, ParsedAnswer, as_typed
from agent_assist.tui.forms.line_input import LineInput, TextInput

_EXAMPLES = {
    "title": {"en": "Sign-in outage", "zh": "登录故障"},
    "services": {"en": "web sign-in, app sign-in", "zh": "网页登录、App 登录"},
    "scope": {"en": "about 15% of users cannot sign in", "zh": "约 15% 的用户无法登录"},
    "cause": {"en": "a compatibility problem after a database upgrade", "zh": "数据库升级后的兼容问题"},
    "workaround": {"en": "please stay signed in where you already are", "zh": "已登录的设备请先不要退出"},
}

WORDINGS = tuple(name for name in FACT_NAMES if name in _EXAMPLES)
"""Facts that are put into words once for each language, in the order of the form."""


class FactFields:
    """Fields for an incident, or for a new one. `typed` are texts of an earlier try, which start the fields instead."""

    def __init__(
        self, incident: Incident | None, typed: Mapping[str, str], clock: Callable[[], dt.datetime], tz: dt.tzinfo
    ) -> None:
        self.is_new = incident is None
        self._base = incident or Incident(title="-", started_at=clock(), updated_at=clock())
        self._typed = typed
        self._clock = clock
        self._tz = tz
        self._lang = self._own_language()
        self.other = "en" if self._lang == "zh" else "zh"
        """The language of the second wordings."""

    def main(self) -> Iterable[FormField]:
        """What customers may be told, and the two times."""
        base = self._base
        example = _EXAMPLES["title"][self._lang]
        yield self._words(
            "title",
            "" if self.is_new else base.title,
            example,
            self._parser("title", lambda _after: None),
        )
        yield self._pick("severity", base.severity, [(severity, severity) for severity in SEVERITIES])
        yield self._pick("status", base.status, [(status, status_word(status)) for status in STATUSES])
        services = ("、" if self._lang == "zh" else ", ").join(base.services)
        now_said = {"services": services, "scope": base.scope, "cause": base.cause, "workaround": base.workaround}
        for name, text in now_said.items():
            yield self._words(name, text, _EXAMPLES[name][self._lang])
        eta = "" if base.eta == Eta() else say_value(base.eta, self._clock(), self._tz)
        yield self._line("eta", eta, "14:30, 14:30-15:00, +45m", self._eta_parser(eta))
        again = f"+{base.rhythm_minutes}m"
        parser = self._parser("next_update", lambda after: after.next_update_due)
        yield self._line("next_update", again, "14:30, +30m", parser)

    def wordings(self) -> Iterable[FormField]:
        """The same facts in the other language."""
        known = self._base.translations.get(self.other, {})
        for name in WORDINGS:
            yield self._words(f"{name}.{self.other}", known.get(name, ""), _EXAMPLES[name][self.other])

    def team(self) -> Iterable[FormField]:
        """What only the team needs."""
        base = self._base
        started = "" if self.is_new else clock_time(base.started_at, self._clock(), self._tz, current())
        parser = self._parse_unless_untouched(started, self._parser("started", lambda after: after.started_at))
        text = self._typed.get("cause_internal", base.cause_internal)
        yield FormField(
            "cause_internal",
            field_label("cause_internal"),
            TextInput(text, lines=True),
            was=clean(base.cause_internal),
            why=_("Only the team sees it; no reply can quote it."),
        )
        yield self._line("owner", base.owner, _("Zhou, database on call"))
        yield self._line("started", started, _("now, or 13:40, or -20m"), parser)
        rhythm = self._parser("rhythm", lambda _after: None)
        yield self._line("rhythm", str(base.rhythm_minutes), "30", rhythm)

    def _own_language(self) -> str:
        """Return the language of the main wordings: that of the title, or the interface's for a new incident."""
        if self.is_new:
            return current()
        return "zh" if self._base.said("title", "zh") == self._base.title.strip() else "en"

    def _words(self, name: str, was: str, example: str, parse: AnswerParser = as_typed) -> FormField:
        control = TextInput(self._typed.get(name, was), example=example)
        return FormField(name, field_label(name.partition(".")[0]), control, parse=parse, was=clean_line(was))

    def _line(self, name: FactName, was: str, example: str, parse: AnswerParser = as_typed) -> FormField:
        control = LineInput(self._typed.get(name, was), example=example)
        return FormField(name, field_label(FACT_FIELDS[name]), control, parse=parse, was=clean_line(was))

    def _pick(self, name: str, was: str, options: list[tuple[str, str]]) -> FormField:
        return FormField(name, field_label(name), RadioRow(options, self._typed.get(name, was)), was=was)

    def _applied(self, name: FactName, text: str) -> Incident:
        now = self._clock()
        return apply_facts(self._base, parse_facts({name: text}, now, self._tz), now=now, author="-")

    def _parser(self, name: FactName, moment: Callable[[Incident], dt.datetime | None]) -> AnswerParser:
        def parse(text: str) -> ParsedAnswer:
            at = moment(self._applied(name, text))
            return ParsedAnswer(text.strip(), self._echo(at) if at else "")

        return parse

    def _eta_parser(self, first: str) -> AnswerParser:
        def parse(text: str) -> ParsedAnswer:
            eta = self._applied("eta", text).eta
            if eta.at is not None:
                return ParsedAnswer(text.strip(), self._echo(eta.at))
            if eta.end is not None:
                return ParsedAnswer(text.strip(), f"= {say_value(eta, self._clock(), self._tz)}")
            return ParsedAnswer(text.strip(), _("Unknown: replies say that no reliable time can be given yet."))

        note = ""
        if self._base.eta.state(self._clock()) == "passed":
            note = _("! This time has passed, so no reply quotes it. Give a new one, or clear it.")
        elif self._base.eta.at is not None:
            note = self._echo(self._base.eta.at)
        return self._parse_unless_untouched(first, parse, note)

    def _parse_unless_untouched(self, first: str, parse: AnswerParser, note: str = "") -> AnswerParser:
        """Return a parser that takes what the facts hold already: a time that has passed since may stay."""

        def parse_changed(text: str) -> ParsedAnswer:
            is_untouched = text == first and bool(first or self.is_new)
            return ParsedAnswer(text, note) if is_untouched else parse(text)

        return parse_changed

    def _echo(self, at: dt.datetime) -> str:
        now = self._clock()
        said = clock_time(at, now, self._tz, current())
        if at >= now:
            return _("= {time} (in {span})", time=said, span=spoken_span(at - now, current()))
        return _("= {time} ({span} ago)", time=said, span=spoken_span(now - at, current()))
