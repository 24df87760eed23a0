"""What customers will be told of an incident, as a few sentences: for a look at the facts before they are published.

The words are those that replies are filled with; replies put greetings and more around them.
"""

import datetime as dt

from agent_assist.incidents.eta_words import describe_eta
from agent_assist.incidents.fact_choices import ACTION_BY_STATUS
from agent_assist.incidents.incident import SAYINGS, Incident, Saying


def told(incident: Incident, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """Return the sentences of one language; a fact that is not known in it is left out."""
    parts = _sentences_zh(incident, now, tz) if lang == "zh" else _sentences_en(incident, now, tz)
    if lang == "zh":
        return "".join(f"{part}。" for part in parts if part)
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def missing_wordings(incident: Incident, lang: str) -> list[Saying]:
    """Return the facts that are known, but not in this language."""
    return [fact for fact in SAYINGS if incident.is_known_elsewhere(fact, lang)]


def action_words(incident: Incident, lang: str) -> str:
    """Return what is being done: what was recorded while it is repaired, else what the status itself says."""
    if incident.status in ("investigating", "identified"):
        if wording := incident.said("action", lang):
            return wording
        if incident.is_known_elsewhere("action", lang):
            return ""
    return ACTION_BY_STATUS[incident.status].wording(lang)


def _sentences_zh(incident: Incident, now: dt.datetime, tz: dt.tzinfo) -> list[str]:
    scope, cause, workaround = (incident.said(fact, "zh") for fact in ("scope", "cause", "workaround"))
    recovered = incident.composed.get("zh", {}).get("recovered", "")
    if incident.status == "resolved":
        past = [f"原因是{cause}" if cause else "", incident.said("prevention", "zh")]
        return [incident.said("title", "zh"), action_words(incident, "zh"), *past]
    return [
        incident.said("title", "zh"),
        f"目前{scope}" if scope else "",
        f"{recovered}已经恢复" if recovered else "",
        f"原因是{cause}" if cause else "",
        "，".join(filter(None, (action_words(incident, "zh"), _eta(incident, now, tz, "zh")))),
        f"临时办法：{workaround}" if workaround else "",
    ]


def _sentences_en(incident: Incident, now: dt.datetime, tz: dt.tzinfo) -> list[str]:
    scope, cause, workaround = (incident.said(fact, "en") for fact in ("scope", "cause", "workaround"))
    recovered = incident.composed.get("en", {}).get("recovered", "")
    if incident.status == "resolved":
        past = [f"the cause was {cause}" if cause else "", incident.said("prevention", "en")]
        return [incident.said("title", "en"), action_words(incident, "en"), *past]
    return [
        incident.said("title", "en"),
        f"right now {scope}" if scope else "",
        f"working again: {recovered}" if recovered else "",
        f"the cause is {cause}" if cause else "",
        "; ".join(filter(None, (action_words(incident, "en"), _eta(incident, now, tz, "en")))),
        f"meanwhile: {workaround}" if workaround else "",
    ]


def _eta(incident: Incident, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """Return when it will be over; nothing once the repair is in place."""
    if incident.status == "monitoring":
        return ""
    due = incident.next_update_due
    return describe_eta(incident.eta, now, tz, lang, next_update=due if due and due > now else None)
