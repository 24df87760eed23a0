"""The fields of the incident form: what they hold now, an example for each, and how what is typed is parsed.

Each text is checked by `incidents.apply.parse_fact`, so the form accepts exactly what can be recorded. Answers are
codes and ids: what is stored does not depend on the language of the interface.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from agent_assist.cleaning import clean, clean_line
from agent_assist.incidents import (
    FACT_FIELDS,
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
from agent_assist.incidents.apply import apply_facts, parse_fact, parse_facts
from agent_assist.incidents.catalogue import Catalogue
from agent_assist.incidents.fact_choices import ACTIONS, CAUSES, PREVENTIONS
from agent_assist.incidents.incident import text_langs
from agent_assist.locale import _, current
from agent_assist.tui.desk.dialogs.fact_options import (
    choice_options,
    effect_options,
    label_of,
    service_options,
    share_options,
    who_options,
)
from agent_assist.tui.desk.dialogs.own_wordings import OwnWordings
from agent_assist.tui.forms.choice_line import ChoiceLine
from agent_assist.tui.forms.field import AnswerParser, FieldControl, FormField, ParsedAnswer, as_typed
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.forms.pick_input import PickInput, joined_labels, values_of
from agent_assist.tui.forms.type_ahead import TypedOption, value_of

_USUAL_EFFECT = "down"
"""What a new incident starts with: most services that people report cannot be used."""

_EXAMPLES = {
    "title": {"en": "Sign-in outage", "zh": "登录故障"},
    "services": {"en": "web sign-in, app sign-in", "zh": "网页登录、App 登录"},
    "scope": {"en": "about 15% of users cannot sign in", "zh": "约 15% 的用户无法登录"},
    "cause": {"en": "a compatibility problem after a database upgrade", "zh": "数据库升级后的兼容问题"},
    "action": {"en": "our engineers are rolling back the upgrade", "zh": "工程师正在回退这次升级"},
    "workaround": {"en": "please stay signed in where you already are", "zh": "已登录的设备请先不要退出"},
    "prevention": {"en": "upgrades will be rehearsed first", "zh": "以后的升级会先演练"},
}


class FactFields:
    """Fields for an incident, or for a new one. Answers of an earlier try (`typed`) start the fields instead."""

    def __init__(
        self,
        incident: Incident | None,
        typed: Mapping[str, str],
        clock: Callable[[], dt.datetime],
        tz: dt.tzinfo,
        catalogue: Catalogue,
    ) -> None:
        self.is_new = incident is None
        self._base = incident or Incident(title="", started_at=clock(), updated_at=clock())
        self._own = OwnWordings(self._base)
        self._typed = typed
        self._clock = clock
        self._tz = tz
        self._catalogue = catalogue
        self._services = service_options(catalogue)

    def main(self) -> Iterable[FormField]:
        """What is chosen, and the times that customers are told."""
        base = self._base
        yield self._names("services", base.services, self._services, "login, 支付", self._parse_services)
        effect = _USUAL_EFFECT if self.is_new and not self._typed else base.effect
        yield self._choice("effect", effect, effect_options())
        yield self._share()
        eta = "" if base.eta == Eta() else say_value(base.eta, self._clock(), self._tz)
        yield self._line("eta", eta, "14:30, 14:30-15:00, +45m", self._eta_parser(eta))
        statuses = [TypedOption(status, status_word(status)) for status in STATUSES]
        yield self._choice("status", base.status, statuses, is_optional=False, takes_letters=False)
        severities = [TypedOption(severity, severity) for severity in SEVERITIES]
        yield self._choice("severity", base.severity, severities, is_optional=False)
        who = who_options(self._catalogue)
        yield self._names("who", base.who, who, _("merchants, East China, iOS, 5.2"), self._who_parser(who))
        yield self._choice("cause_kind", base.cause_kind, choice_options(CAUSES))
        yield self._choice("action", base.action, choice_options(ACTIONS))
        yield from self._afterwards()
        again = f"+{base.rhythm_minutes}m"
        parser = self._parser("next_update", lambda after: after.next_update_due)
        yield self._line("next_update", again, "14:30, +30m", parser)

    def _afterwards(self) -> Iterable[FormField]:
        """What is known when the repair is in place."""
        base = self._base
        yield self._names("recovered", base.recovered, self._services, "", self._parse_services)
        yield self._choice("prevention", base.prevention, choice_options(PREVENTIONS))
        ended = clock_time(base.ended_at, self._clock(), self._tz, current()) if base.ended_at else ""
        parser = self._parse_unless_untouched(ended, self._parser("ended", lambda after: after.ended_at))
        yield self._line("ended", ended, _("now, or 13:40, or -20m"), parser)

    def wordings(self, lang: str) -> Iterable[FormField]:
        """Words of one's own in a language, named like `scope.zh`; they replace what is made of the choices."""
        for fact, examples in _EXAMPLES.items():
            was = self._own.text(fact, lang)
            text = self._typed_wording(fact, lang, was)
            control = TextInput(text, example=examples[lang])
            parse = self._wording_parser(fact, lang)
            yield FormField(f"{fact}.{lang}", field_label(fact), control, parse=parse, was=clean_line(was))

    def _typed_wording(self, fact: str, lang: str, was: str) -> str:
        """Return the words of an earlier try; a title without a service was recorded without its language."""
        for name in (self.answer_key(f"{fact}.{lang}"), f"{fact}.{lang}"):
            if name in self._typed:
                return self._typed[name]
        title = self._typed.get("title", "") if fact == "title" and self.is_new else ""
        return title if title and lang == text_langs(title)[-1] else was

    def answer_key(self, name: str) -> str:
        """Return the name under which the answer of a field is recorded."""
        fact, _dot, lang = name.partition(".")
        return self._own.key(fact, lang) if lang else name

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

    def _field(self, name: FactName, control: FieldControl, was: str, parse: AnswerParser = as_typed) -> FormField:
        return FormField(name, field_label(FACT_FIELDS[name]), control, parse=parse, was=clean_line(was))

    def _line(self, name: FactName, was: str, example: str, parse: AnswerParser = as_typed) -> FormField:
        return self._field(name, LineInput(self._typed.get(name, was), example=example), was, parse)

    def _choice(
        self,
        name: FactName,
        was: str,
        options: Sequence[TypedOption],
        *,
        is_optional: bool = True,
        takes_letters: bool = True,
    ) -> FormField:
        code = was if any(option.value == was for option in options) else ""
        control = ChoiceLine(options, self._typed.get(name, code), is_optional=is_optional, takes_letters=takes_letters)
        return self._field(name, control, code)

    def _names(
        self, name: FactName, was: Sequence[str], options: Sequence[TypedOption], example: str, parse: AnswerParser
    ) -> FormField:
        typed = self._typed.get(name)
        shown = was if typed is None else values_of(typed, ())
        text, before = (joined_labels([label_of(value, options) for value in values]) for values in (shown, was))
        return self._field(name, PickInput(options, text, example=example, several=True), before, parse)

    def _share(self) -> FormField:
        options, was = share_options(), self._base.share

        def parse(text: str) -> ParsedAnswer:
            value = value_of(text, options)
            self._check("share", value)
            return ParsedAnswer(value)

        shown = label_of(self._typed.get("share", was), options)
        control = PickInput(options, shown, example="15%, 30-40%, 1200")
        return self._field("share", control, label_of(was, options), parse)

    def _parse_services(self, text: str) -> ParsedAnswer:
        values = values_of(text, self._services)
        unlisted = [value for value in values if self._catalogue.service(value) is None]
        note = _("Not in the service catalogue: {names}.", names=_(", ").join(unlisted)) if unlisted else ""
        return ParsedAnswer(", ".join(values), note)

    def _who_parser(self, options: Sequence[TypedOption]) -> AnswerParser:
        def parse(text: str) -> ParsedAnswer:
            value = ", ".join(values_of(text, options))
            self._check("who", value)
            return ParsedAnswer(value)

        return parse

    def _wording_parser(self, fact: str, lang: str) -> AnswerParser:
        def parse(text: str) -> ParsedAnswer:
            if not text.strip() and fact != "title":
                return ParsedAnswer("")
            wording = str(self._check(f"{fact}.{lang}", text)) if text.strip() else ""
            if self.answer_key(f"{fact}.{lang}") == "title":
                self._check("title", wording)
            is_tidied = wording != clean_line(text).strip()
            return ParsedAnswer(wording, f"= {wording}" if is_tidied else "")

        return parse

    def _check(self, name: str, text: str) -> object:
        """Return the value that would be recorded. Raises Refused."""
        return parse_fact(name, text, self._clock(), self._tz, self._catalogue)[1]

    def _applied(self, name: FactName, text: str) -> Incident:
        now = self._clock()
        base = self._base if self._base.title else Incident(title="-", started_at=now, updated_at=now)
        return apply_facts(base, parse_facts({name: text}, now, self._tz), now=now, author="-")

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
