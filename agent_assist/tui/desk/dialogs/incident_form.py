"""The facts of an outage as a form: what is chosen is in sight, words of one's own are folded, and below stands what
customers will be told in both languages.

The answer holds only what was changed, as `Services.open_incident` takes it. Two things that are easily forgotten: a
new version resets the time of the next update, and a wording that changed asks for its wording in the other language.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from textual.containers import Vertical
from textual.widget import Widget

from agent_assist.incidents import SAYINGS, Incident, field_label
from agent_assist.incidents.catalogue import Catalogue, shipped_catalogue
from agent_assist.incidents.fact_words import shown_wording
from agent_assist.locale import _, current
from agent_assist.tui.desk.dialogs.fact_fields import FactFields
from agent_assist.tui.desk.dialogs.facts_draft import DraftFacts
from agent_assist.tui.desk.dialogs.own_wordings import OwnWordings
from agent_assist.tui.forms.collapsible import CollapsibleSection
from agent_assist.tui.forms.dialog import TWO_COLUMNS_WIDTH
from agent_assist.tui.forms.field import FormField
from agent_assist.tui.forms.form import FormScreen, is_shown
from agent_assist.tui.forms.paragraph import Paragraph

_ABOUT_LATER = ("prevention", "prevention.zh", "prevention.en")


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class IncidentScreen(FormScreen[Mapping[str, str] | None]):
    """Answers with names of `FACT_NAMES` (and `scope.en`) to typed texts, empty without a change; None when left."""

    enter_records = True

    def __init__(
        self,
        incident: Incident | None,
        tz: dt.tzinfo,
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
        typed: Mapping[str, str] | None = None,
        problem: str = "",
        catalogue: Catalogue | None = None,
    ) -> None:
        super().__init__(typed=typed, problem=problem)
        self.incident = incident
        catalogue = catalogue or shipped_catalogue()
        self._questions = FactFields(incident, self.typed, clock, tz, catalogue)
        self._draft = DraftFacts(incident, clock, tz, catalogue)
        self._warnings = Paragraph(classes="incident-told")
        self._told = Paragraph(classes="incident-told")
        self._main: tuple[FormField, ...] = ()
        self._sections: tuple[CollapsibleSection, ...] = ()
        self._reminded: set[str] = set()

    @property
    def heading(self) -> str:
        if self.incident is None:
            return _("New incident")
        title = shown_wording(self.incident, "title")
        return _("Facts of {title} · after v{version}", title=title, version=self.incident.version)

    @property
    def accept_label(self) -> str:
        return _("Publish")

    def fields(self) -> Iterable[Widget]:
        is_wide = self.app.size.width >= TWO_COLUMNS_WIDTH
        self._main = (*self._questions.main(),)
        names = {"zh": _("Own words in Chinese"), "en": _("Own words in English")}
        self._sections = (
            *(
                CollapsibleSection(names[lang], *self._questions.wordings(lang), is_open=is_wide)
                for lang in _languages()
            ),
            CollapsibleSection(_("For the team"), *self._questions.team(), is_open=is_wide),
        )
        yield Vertical(*self._main, classes="incident-facts")
        yield Vertical(*self._sections, classes="incident-more")

    def below_body(self) -> Iterable[Widget]:
        yield Vertical(self._warnings, self._told, classes="incident-told-frame")

    def show_relevant_fields(self) -> None:
        """A resolved incident has neither an ETA nor a next update; what comes after it is asked when it is near."""
        status = self.field("status").text
        is_near = status in ("monitoring", "resolved")
        for name, display in (
            ("eta", status != "resolved"),
            ("next_update", status != "resolved"),
            ("ended", status == "resolved"),
            *((name, is_near or bool(self.field(name).text)) for name in _ABOUT_LATER),
            ("recovered", is_near or bool(self.field("recovered").text)),
        ):
            self.field(name).display = display
        self._show_told()

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        if event.field.name == "status":
            self.show_relevant_fields()
        else:
            self._show_told()

    def _show_told(self) -> None:
        sentences, warnings = self._draft.told(self._typed_answers(), self._changed)
        self._told.update(sentences)
        self._warnings.update("", warnings)

    def first_field(self) -> FormField:
        return self.field("services" if self.incident is None else "status")

    @property
    def all_fields(self) -> list[FormField]:
        return [*self._main, *(field for section in self._sections for field in section.fields)]

    @property
    def shown_fields(self) -> list[FormField]:
        """Return what is shown, and what was changed in a section that is closed."""
        shown = [field for field in self.all_fields if field.is_attached and is_shown(field)]
        return [field for field in self.all_fields if field in shown or (field.is_changed and field.display)]

    @property
    def _changed(self) -> set[str]:
        return {str(field.name) for field in self.all_fields if field.is_changed and field.display}

    def focus_field(self, field: FormField) -> None:
        self.call_next(self._reveal, field)

    async def _reveal(self, field: FormField) -> None:
        for section in self._sections:
            if field in section.fields and not section.is_open:
                await section.set_open(is_open=True)
        field.focus_answer()

    def submit(self, answers: Mapping[str, str]) -> None:
        if self.incident is not None and not self._changed:
            self.dismiss({})
        elif self.incident is None and not any(answers.get(name) for name in ("services", "title.zh", "title.en")):
            services = self.field("services")
            services.show_error(_("Say what is down: choose a service, or give the incident a title of your own."))
            self.focus_field(services)
        elif not self._old_wording_is_left():
            self.dismiss(self._recorded(answers))

    def _typed_answers(self) -> dict[str, str]:
        """Return what would be recorded of the texts as they are now; what is still wrong is left out."""
        answers = {str(field.name): answer for field in self.shown_fields if (answer := field.answer) is not None}
        return self._recorded(answers)

    def _recorded(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the answers that are recorded, by the names under which they are."""
        if self.incident is None:
            return _of_new_incident({name: text for name, text in answers.items() if text})
        changed = self._changed
        recorded = {
            self._questions.answer_key(name): text
            for name, text in answers.items()
            if name in changed or name == "next_update"
        }
        own = OwnWordings(self.incident)
        for fact in ("action", "prevention"):
            # Words that stood where the code of a choice does are kept by language from now on.
            if any(f"{fact}.{lang}" in recorded and own.is_in_fact(fact, lang) for lang in _languages()):
                recorded.setdefault(fact, "")
        return recorded

    def _old_wording_is_left(self) -> bool:
        """Return whether a wording changed but not that in the other language; says so once, then it may stay."""
        changed = self._changed
        for fact in SAYINGS:
            for lang, other in (("zh", "en"), ("en", "zh")):
                mine, others = self.field(f"{fact}.{lang}"), self.field(f"{fact}.{other}")
                is_left = mine.first_text and others.text and not others.is_changed
                if mine.name in changed and is_left and fact not in self._reminded:
                    self._reminded.add(fact)
                    others.show_error(
                        _(
                            "{fact} changed, this wording did not. Change it too, or publish again to keep it.",
                            fact=field_label(fact),
                        )
                    )
                    self.focus_field(others)
                    return True
        return False


def _of_new_incident(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers for a new incident: an effect needs a service, and without one the title is in own words."""
    recorded = dict(answers)
    if "services" in recorded:
        return recorded
    recorded.pop("effect", None)
    lang = next((lang for lang in ("zh", "en") if f"title.{lang}" in recorded), "")
    return {"title" if name == f"title.{lang}" else name: text for name, text in recorded.items()}


def _languages() -> tuple[str, str]:
    """Return the languages of replies, that of the interface first."""
    return ("zh", "en") if current() == "zh" else ("en", "zh")
