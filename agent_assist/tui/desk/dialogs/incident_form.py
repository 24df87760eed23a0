"""The facts of an outage as a form: the answer holds only what was changed, as `Services.open_incident` takes it.

Two things that are easily forgotten: a new version resets the time of the next update, and a fact that changed asks
for its wording in the other language.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from textual.containers import Vertical
from textual.widget import Widget

from agent_assist.incidents import Incident, field_label
from agent_assist.locale import _
from agent_assist.tui.desk.dialogs.fact_fields import WORDINGS, FactFields
from agent_assist.tui.forms.collapsible import CollapsibleSection
from agent_assist.tui.forms.dialog import TWO_COLUMNS_WIDTH
from agent_assist.tui.forms.field import FormField
from agent_assist.tui.forms.form import FormScreen, is_shown


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
    ) -> None:
        super().__init__(typed=typed, problem=problem)
        self.incident = incident
        self._questions = FactFields(incident, self.typed, clock, tz)
        self._main: tuple[FormField, ...] = ()
        self._sections: tuple[CollapsibleSection, ...] = ()
        self._reminded: set[str] = set()

    @property
    def heading(self) -> str:
        if self.incident is None:
            return _("New incident")
        return _("Facts of {title} · after v{version}", title=self.incident.title, version=self.incident.version)

    @property
    def accept_label(self) -> str:
        return _("Publish")

    def fields(self) -> Iterable[Widget]:
        is_wide = self.app.size.width >= TWO_COLUMNS_WIDTH
        other = _("In English") if self._questions.other == "en" else _("In Chinese")
        self._main = (*self._questions.main(),)
        self._sections = (
            CollapsibleSection(other, *self._questions.wordings(), is_open=is_wide),
            CollapsibleSection(_("For the team"), *self._questions.team(), is_open=is_wide),
        )
        yield Vertical(*self._main, classes="incident-facts")
        yield Vertical(*self._sections, classes="incident-more")

    def show_relevant_fields(self) -> None:
        """A resolved incident has no next update."""
        self.field("next_update").display = self.field("status").text != "resolved"

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        if event.field.name == "status":
            self.show_relevant_fields()

    def first_field(self) -> FormField:
        return self.field("title" if self.incident is None else "status")

    @property
    def all_fields(self) -> list[FormField]:
        return [*self._main, *(field for section in self._sections for field in section.fields)]

    @property
    def shown_fields(self) -> list[FormField]:
        """Return what is shown, and what was changed in a section that is closed."""
        shown = [field for field in self.all_fields if field.is_attached and is_shown(field)]
        return [field for field in self.all_fields if field in shown or (field.is_changed and field.display)]

    def focus_field(self, field: FormField) -> None:
        self.call_next(self._reveal, field)

    async def _reveal(self, field: FormField) -> None:
        for section in self._sections:
            if field in section.fields and not section.is_open:
                await section.set_open(is_open=True)
        field.focus_answer()

    def submit(self, answers: Mapping[str, str]) -> None:
        changed = {str(field.name) for field in self.all_fields if field.is_changed}
        if self.incident is not None and not changed:
            self.dismiss({})
        elif not self._old_wording_is_left(changed):
            wanted = changed | {"next_update"}
            is_new = self.incident is None
            self.dismiss({name: text for name, text in answers.items() if name in wanted or (is_new and text)})

    def _old_wording_is_left(self, changed: set[str]) -> bool:
        """Return whether a fact changed but not its wording in the other language; says so once, then it may stay."""
        for name in WORDINGS:
            other = self.field(f"{name}.{self._questions.other}")
            if name in changed and other.text and not other.is_changed and name not in self._reminded:
                self._reminded.add(name)
                other.show_error(
                    _(
                        "{fact} changed, this wording did not. Change it too, or publish again to keep it.",
                        fact=field_label(name),
                    )
                )
                self.focus_field(other)
                return True
        return False
