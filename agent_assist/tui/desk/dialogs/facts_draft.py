"""The facts as the form would record them now, in the sentences that customers will be told."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping

from agent_assist.errors import Refused
from agent_assist.incidents import Incident, field_label
from agent_assist.incidents.apply import FactChanges, apply_facts, dropped_wordings, new_incident, parse_fact
from agent_assist.incidents.catalogue import Catalogue
from agent_assist.incidents.told import missing_wordings, told
from agent_assist.locale import _, current

_NO_TITLE = "-"
_MAX_DROPPED = 40
"""Characters shown of words that will be gone."""


class DraftFacts:
    """What becomes of an incident, or of a new one, with the answers of the form."""

    def __init__(
        self, incident: Incident | None, clock: Callable[[], dt.datetime], tz: dt.tzinfo, catalogue: Catalogue
    ) -> None:
        self._incident = incident
        self._clock = clock
        self._tz = tz
        self._catalogue = catalogue

    def told(self, answers: Mapping[str, str], changed: Collection[str]) -> tuple[str, str]:
        """Return the sentences of both languages, and what is missing in one of them or will be gone."""
        after = self._applied(answers)
        if after.title == _NO_TITLE:
            return _("Choose what is down: here stands what customers are told, in both languages."), ""
        now = self._clock()
        langs = ("zh", "en") if current() == "zh" else ("en", "zh")
        names = {"zh": _("Chinese"), "en": _("English")}
        sentences = [f"{names[lang]} · {told(after, now, self._tz, lang)}" for lang in langs]
        warnings = [*self._missing(after, names), *self._dropped(after, changed, names)]
        return "\n".join(sentences), "\n".join(warnings)

    def _applied(self, answers: Mapping[str, str]) -> Incident:
        now = self._clock()
        values: dict[str, object] = {}
        for name, text in answers.items():
            try:
                key, value = parse_fact(name, text, now, self._tz, self._catalogue)
            except Refused:  # its field says why
                continue
            values[key] = value
        try:
            return self._made(FactChanges(values), now)
        except Refused:
            return self._made(FactChanges(values | {"title": _NO_TITLE}), now)

    def _made(self, changes: FactChanges, now: dt.datetime) -> Incident:
        if self._incident is None:
            return new_incident(changes, now=now, author="-", catalogue=self._catalogue)
        return apply_facts(self._incident, changes, now=now, author="-", catalogue=self._catalogue)

    def _missing(self, after: Incident, names: Mapping[str, str]) -> Iterator[str]:
        for lang, name in names.items():
            if facts := missing_wordings(after, lang):
                labels = _(", ").join(field_label(fact) for fact in facts)
                yield _("! Missing in {language}: {facts}", language=name, facts=labels)

    def _dropped(self, after: Incident, changed: Collection[str], names: Mapping[str, str]) -> Iterator[str]:
        """Yield own words that go because another choice was made."""
        if self._incident is None:
            return
        for fact, lang in dropped_wordings(self._incident, after):
            if f"{fact}.{lang}" not in changed:
                words = self._incident.own_wording(fact, lang)
                shown = words if len(words) <= _MAX_DROPPED else f"{words[: _MAX_DROPPED - 1]}…"
                label = field_label(fact)
                yield _(
                    "! {fact} was changed; your own words go: “{words}” ({language})",
                    fact=label,
                    words=shown,
                    language=names[lang],
                )
