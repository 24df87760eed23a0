"""From what a person typed about an outage to a checked `Incident`: one way in for the form, the flags and the file."""

import datetime as dt
from collections.abc import Mapping

from msgspec.structs import replace

from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.incidents import Eta, Incident, parse_severity, parse_status
from agent_assist.incidents.typed_times import parse_eta, parse_moment
from agent_assist.locale import _

TEXTS = ("title", "scope", "cause", "workaround")
"""Facts in words; each may have another wording per language as `scope.en`."""

INPUTS = (
    *TEXTS,
    "severity",
    "status",
    "services",
    "cause_internal",
    "eta",
    "next_update",
    "started",
    "owner",
    "rhythm",
)


def changed(before: Incident, typed: Mapping[str, str], *, now: dt.datetime, tz: dt.tzinfo, author: str) -> Incident:
    """The incident with what was typed; names as in `INPUTS`, or `scope.en` for the wording in a language.

    Raises Refused naming the field. A resolved incident has no next update due.
    """
    values: dict[str, object] = {}
    translations = {lang: dict(words) for lang, words in before.translations.items()}
    for name, text in typed.items():
        field, _dot, lang = name.partition(".")
        if lang and field in (*TEXTS, "services"):
            translations.setdefault(lang, {})[field] = clean_line(text)
        elif lang or field not in INPUTS:
            raise Refused(_("There is no fact called “{name}”.", name=clean_line(name)), hint=", ".join(INPUTS))
        else:
            values.update(_one(field, text, now, tz))
    if values.get("status", before.status) == "resolved":
        values["next_update_due"] = None
    after = replace(before, **values, translations=translations, updated_at=now, author=author)
    if not after.title:
        raise Refused(_("An incident needs a title."), hint=_("For example: --title 登录故障"))
    return after


def opened(typed: Mapping[str, str], *, now: dt.datetime, tz: dt.tzinfo, author: str) -> Incident:
    """A new incident from what was typed; it started now unless `started` says otherwise."""
    empty = Incident(
        id="",
        version=1,
        title="",
        severity="SEV2",
        status="investigating",
        services=(),
        scope="",
        cause="",
        cause_internal="",
        workaround="",
        eta=Eta(),
        next_update_due=None,
        started_at=now,
        updated_at=now,
        author=author,
    )
    incident = changed(empty, typed, now=now, tz=tz, author=author)
    if "next_update" not in typed and incident.status != "resolved":
        incident = replace(incident, next_update_due=now + dt.timedelta(minutes=incident.rhythm_minutes))
    return incident


def _one(field: str, text: str, now: dt.datetime, tz: dt.tzinfo) -> dict[str, object]:
    match field:
        case "severity":
            return {"severity": parse_severity(text)}
        case "status":
            return {"status": parse_status(text)}
        case "services":
            separated = clean_line(text).replace("，", ",").replace("、", ",").replace(";", ",")
            return {"services": tuple(part.strip() for part in separated.split(",") if part.strip())}
        case "eta":
            return {"eta": parse_eta(text, now, tz)}
        case "next_update":
            return {"next_update_due": parse_moment(text, now, tz) if text.strip() else None}
        case "started":
            return {"started_at": parse_moment(text, now, tz, past=True)}
        case "rhythm":
            if not text.strip().isdecimal() or not 1 <= int(text) <= 1440:
                raise Refused(_("The rhythm is a number of minutes from 1 to 1440."))
            return {"rhythm_minutes": int(text)}
        case "cause_internal":
            return {field: clean(text).strip()}
        case _:
            return {field: clean_line(text)}
