"""Where an incident keeps the words that somebody wrote for a fact: in the fact itself, or by language."""

from agent_assist.incidents import SAYINGS, Incident
from agent_assist.incidents.incident import text_langs


class OwnWordings:
    """The wordings of one version. A new incident keeps them by language, whatever the language of the interface."""

    _BY_LANGUAGE = ("services", "action", "prevention")
    """Facts that hold a name or a code; words for them are kept by language only."""

    def __init__(self, incident: Incident) -> None:
        self._incident = incident
        self._main = text_langs(incident.title)[0]

    def text(self, fact: str, lang: str) -> str:
        """Return the words in this language, "" where they are made of what was chosen."""
        for saying in SAYINGS:
            if saying == fact and not (fact == "title" and self._is_title_composed):
                return self._incident.own_wording(saying, lang)
        return self._translated(fact, lang)

    def key(self, fact: str, lang: str) -> str:
        """Return the name under which another wording in this language is recorded."""
        raw = "" if fact in self._BY_LANGUAGE else str(getattr(self._incident, fact))
        if not raw or self._translated(fact, lang) or (fact == "title" and self._is_title_composed):
            return f"{fact}.{lang}"
        langs = text_langs(raw)
        return fact if lang in langs and (len(langs) == 1 or lang == self._main) else f"{fact}.{lang}"

    def is_in_fact(self, fact: str, lang: str) -> bool:
        """Return whether words stand where otherwise the code of a choice does."""
        own = fact in ("action", "prevention") and not self._translated(fact, lang)
        return own and bool(self.text(fact, lang))

    @property
    def _is_title_composed(self) -> bool:
        return self._incident.title in (words.get("title") for words in self._incident.composed.values())

    def _translated(self, fact: str, lang: str) -> str:
        return self._incident.translations.get(lang, {}).get(fact, "").strip()
