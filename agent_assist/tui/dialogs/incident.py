"""The facts of an outage as a form: the answer holds only what was changed, as `Desk.open_incident` takes it.

What was typed is judged by the same rules that record it (`desk.facts.changed`), field by field. Two things a
hurried person forgets are asked for: the clock of the next update, which a new version winds up again, and the
other language's wording of a fact that changed.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from textual.containers import Vertical
from textual.widget import Widget

from agent_assist.desk import facts
from agent_assist.incidents import (
    SEVERITIES,
    STATUSES,
    Eta,
    Incident,
    clock_time,
    field_label,
    say_value,
    spoken_span,
    status_word,
)
from agent_assist.locale import _, current
from agent_assist.tui.dialogs.field import Answer, Field, Reading, needed
from agent_assist.tui.dialogs.fold import Fold
from agent_assist.tui.dialogs.form import FormScreen
from agent_assist.tui.dialogs.line import Line, Words
from agent_assist.tui.dialogs.pick import Pick

_EXAMPLES = {
    "title": ("Sign-in outage", "登录故障"),
    "services": ("web sign-in, app sign-in", "网页登录、App 登录"),
    "scope": ("about 15% of users cannot sign in", "约 15% 的用户无法登录"),
    "cause": ("a compatibility problem after a database upgrade", "数据库升级后的兼容问题"),
    "workaround": ("please stay signed in where you already are", "已登录的设备请先不要退出"),
}
_WORDINGS = ("title", "services", "scope", "cause", "workaround")


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class IncidentScreen(FormScreen[Mapping[str, str] | None]):
    """Answers with names of `facts.INPUTS` (and `scope.en`) to typed texts; None when left or nothing changed."""

    def __init__(
        self,
        incident: Incident | None,
        tz: dt.tzinfo,
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
        typed: Mapping[str, str] | None = None,
        problem: str = "",
    ) -> None:
        super().__init__(typed=typed, problem=problem)
        self.incident = incident
        self.tz = tz
        self.clock = clock
        now = clock()
        self._base = incident or Incident(title="-", started_at=now, updated_at=now)
        self._lang = self._own_language()
        self._other = "en" if self._lang == "zh" else "zh"
        self._warned_wordings: set[str] = set()

    @property
    def heading(self) -> str:
        if self.incident is None:
            return _("New incident")
        return _("Facts of {title} · after v{version}", title=self.incident.title, version=self.incident.version)

    @property
    def accept_label(self) -> str:
        return _("Publish")

    def fields(self) -> Iterable[Widget]:
        yield Vertical(*self._facts(), classes="incident-facts")
        yield Vertical(
            Fold(_("In English") if self._other == "en" else _("In Chinese"), *self._wordings()),
            Fold(_("For the team"), *self._team_facts()),
            classes="incident-more",
        )

    def settle(self) -> None:
        """A resolved incident has no next update; folded parts are open where there is room."""
        self._resolved_needs_no_update()
        for fold in self.query(Fold):
            fold.is_open = self.app.size.width >= 110

    def on_field_changed(self, event: Field.Changed) -> None:
        if event.field.name == "status":
            self._resolved_needs_no_update()

    def first_field(self) -> Field:
        return self.field("title" if self.incident is None else "status")

    @property
    def asked(self) -> list[Field]:
        """All that differ are judged, also in a folded part; Enter walks through what is shown."""
        shown = super().asked
        return [field for field in self.query(Field) if field in shown or field.is_changed]

    def answered(self, answers: Mapping[str, str]) -> None:
        changed = {str(field.name) for field in self.query(Field) if field.is_changed}
        if self.incident is not None and not changed:
            self.dismiss(None)
        elif not self._old_wording_is_left(changed):
            again = {"next_update"} if "next_update" in answers else set()
            self.dismiss({
                name: text for name, text in answers.items()
                if name in changed | again or (self.incident is None and text)
            })  # fmt: skip

    def _own_language(self) -> str:
        if self.incident is None:
            return current()
        return "zh" if self.incident.said("title", "zh") == self.incident.title.strip() else "en"

    def _facts(self) -> Iterable[Field]:
        base = self._base
        example = self._example("title", self._lang)
        yield Field(
            "title", field_label("title"), Words(base.title if self.incident else "", example=example),
            read=needed(_("An incident needs a title."), _("For example: {example}", example=example)),
        )  # fmt: skip
        severities = [(severity, severity) for severity in SEVERITIES]
        yield Field("severity", field_label("severity"), Pick(severities, base.severity))
        statuses = [(status, status_word(status)) for status in STATUSES]
        yield Field("status", field_label("status"), Pick(statuses, base.status))
        services = ("、" if self._lang == "zh" else ", ").join(base.services)
        now_said = {"services": services, "scope": base.scope, "cause": base.cause, "workaround": base.workaround}
        for name, text in now_said.items():
            yield Field(name, field_label(name), Words(text, example=self._example(name, self._lang)))
        eta = "" if base.eta == Eta() else say_value(base.eta, self.clock(), self.tz)
        yield Field("eta", field_label("eta"), Line(eta, example="14:30, 14:30-15:00, +45m"), read=self._read_eta(eta))
        yield Field(
            "next_update", field_label("next_update_due"), Line(f"+{base.rhythm_minutes}m", example="14:30, +30m"),
            read=self._reading("next_update", lambda after: after.next_update_due),
        )  # fmt: skip

    def _wordings(self) -> Iterable[Field]:
        words = self._base.translations.get(self._other, {})
        for name in _WORDINGS:
            control = Words(words.get(name, ""), example=self._example(name, self._other))
            yield Field(f"{name}.{self._other}", field_label(name), control)

    def _team_facts(self) -> Iterable[Field]:
        base = self._base
        started = "" if self.incident is None else clock_time(base.started_at, self.clock(), self.tz, current())
        yield Field(
            "cause_internal", field_label("cause_internal"), Words(base.cause_internal, lines=True),
            why=_("Only the team sees it; no reply can quote it."),
        )  # fmt: skip
        yield Field("owner", field_label("owner"), Line(base.owner, example=_("Who works on it")))
        yield Field(
            "started", field_label("started_at"), Line(started, example=_("now, or 13:40, or -20m")),
            read=self._unless_untouched(started, self._reading("started", lambda after: after.started_at)),
        )  # fmt: skip
        rhythm = str(base.rhythm_minutes)
        yield Field(
            "rhythm", field_label("rhythm_minutes"), Line(rhythm, example="30"),
            read=self._reading("rhythm", lambda _after: None),
        )  # fmt: skip

    def _example(self, name: str, lang: str) -> str:
        english, chinese = _EXAMPLES[name]
        return chinese if lang == "zh" else english

    def _judged(self, name: str, text: str) -> Incident:
        return facts.changed(self._base, {name: text}, now=self.clock(), tz=self.tz, author="-")

    def _reading(self, name: str, moment: Callable[[Incident], dt.datetime | None]) -> Reading:
        def read(text: str) -> Answer:
            at = moment(self._judged(name, text))
            return Answer(text.strip(), self._echo(at) if at else "")

        return read

    def _read_eta(self, first: str) -> Reading:
        def read(text: str) -> Answer:
            eta = self._judged("eta", text).eta
            if eta == Eta():
                return Answer(text.strip(), _("Unknown: replies say that no reliable time can be given yet."))
            last = eta.at or eta.end
            said = say_value(eta, self.clock(), self.tz)
            return Answer(text.strip(), f"= {said}" if eta.start else self._echo(last))

        state, note = self._base.eta.state(self.clock()), ""
        if state == "passed":
            note = _("! This time has passed, so no reply quotes it. Give a new one, or clear it.")
        elif state == "known":
            note = self._echo(self._base.eta.at)
        return self._unless_untouched(first, read, note)

    def _unless_untouched(self, first: str, read: Reading, note: str = "") -> Reading:
        """What stands in the facts already is not judged again: a time that has passed since stays as it is."""

        def read_changed(text: str) -> Answer:
            is_untouched = text == first and bool(first or self.incident is None)
            return Answer(text, note) if is_untouched else read(text)

        return read_changed

    def _echo(self, at: dt.datetime | None) -> str:
        if at is None:
            return ""
        now = self.clock()
        said = clock_time(at, now, self.tz, current())
        if at >= now:
            return _("= {time} (in {span})", time=said, span=spoken_span(at - now, current()))
        return _("= {time} ({span} ago)", time=said, span=spoken_span(now - at, current()))

    def _resolved_needs_no_update(self) -> None:
        self.field("next_update").display = self.field("status").text != "resolved"

    def _old_wording_is_left(self, changed: set[str]) -> bool:
        """Whether a fact changed but its wording in the other language did not; said once, then it may stay."""
        for name in _WORDINGS:
            other = self.field(f"{name}.{self._other}")
            if name in changed and other.text and not other.is_changed and name not in self._warned_wordings:
                self._warned_wordings.add(name)
                for fold in other.ancestors:
                    if isinstance(fold, Fold):
                        fold.is_open = True
                other.complain(
                    _("{fact} changed, this wording did not. Change it too, or publish again to keep it.",
                      fact=field_label(name))
                )  # fmt: skip
                self.call_after_refresh(other.focus_answer)
                return True
        return False
