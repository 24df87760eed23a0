"""Puts what was chosen for an incident into words, once for each language."""

from msgspec.structs import replace

from agent_assist.incidents.catalogue import Catalogue
from agent_assist.incidents.fact_choices import ACTIONS, CAUSES, PREVENTIONS
from agent_assist.incidents.impact import incident_title, scope_clause, service_names, who_words
from agent_assist.incidents.incident import Incident, listed

LANGS = ("zh", "en")


def compose(incident: Incident, catalogue: Catalogue) -> Incident:
    """Return the incident with the wordings of its choices, and with a title made of them when it has none."""
    composed = {lang: words for lang in LANGS if (words := _wordings(incident, catalogue, lang))}
    title = incident.title or next((words["title"] for words in composed.values() if "title" in words), "")
    if title != composed.get("zh", {}).get("title") and title != composed.get("en", {}).get("title"):
        # The title was written by hand: one made of the choices would name another outage in the other language.
        for words in composed.values():
            words.pop("title", None)
    return replace(incident, composed={lang: words for lang, words in composed.items() if words}, title=title)


def _wordings(incident: Incident, catalogue: Catalogue, lang: str) -> dict[str, str]:
    is_listed = any(catalogue.service(name) for name in incident.services)
    again = [catalogue.service(name) or name for name in incident.recovered]
    affected = [name for name in incident.services if (catalogue.service(name) or name) not in again]
    affected = affected or list(incident.services)
    cause = CAUSES.get(incident.cause_kind)
    action, prevention = ACTIONS.get(incident.action), PREVENTIONS.get(incident.prevention)
    words = {
        "title": incident_title(incident.services, incident.effect, catalogue, lang) if incident.effect else "",
        "services": listed(service_names(incident.services, catalogue, lang), lang) if is_listed else "",
        "scope": scope_clause(affected, incident.effect, incident.share, incident.who, catalogue, lang),
        "who": who_words(incident.who, catalogue, lang),
        "recovered": listed(service_names(incident.recovered, catalogue, lang), lang),
        "cause": cause.wording(lang) if cause else "",
        "action": action.wording(lang) if action else "",
        "prevention": prevention.wording(lang) if prevention else "",
    }
    return {fact: text for fact, text in words.items() if text}
