"""The words of the field for severity, status and fields, in both languages, and how people type them."""

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.incident import STATUSES, Status
from agent_assist.incidents.times import plain
from agent_assist.locale import N_, _, current
from agent_assist.severities import SEVERITIES, Severity

_STATUS_WORDS: dict[str, dict[Status, str]] = {
    "zh": {"investigating": "排查中", "identified": "已定位", "monitoring": "观察中", "resolved": "已恢复"},
    "en": {
        "investigating": "investigating",
        "identified": "identified",
        "monitoring": "monitoring",
        "resolved": "resolved",
    },
}
_STATUS_ALSO: dict[str, Status] = {
    "排查": "investigating",
    "调查中": "investigating",
    "处理中": "investigating",
    "detected": "investigating",
    "定位": "identified",
    "已确认": "identified",
    "修复中": "identified",
    "fixing": "identified",
    "观察": "monitoring",
    "监控中": "monitoring",
    "恢复中": "monitoring",
    "watching": "monitoring",
    "恢复": "resolved",
    "已解决": "resolved",
    "解决": "resolved",
    "已修复": "resolved",
    "fixed": "resolved",
    "closed": "resolved",
    "done": "resolved",
}
_SEVERITY_ALSO: dict[str, Severity] = {
    "致命": "SEV1",
    "特别严重": "SEV1",
    "critical": "SEV1",
    "严重": "SEV2",
    "major": "SEV2",
    "一般": "SEV3",
    "minor": "SEV3",
    "轻微": "SEV4",
    "low": "SEV4",
    "一级": "SEV1",
    "二级": "SEV2",
    "三级": "SEV3",
    "四级": "SEV4",
}

FIELD_LABELS: dict[str, str] = {
    "title": N_("Title"),
    "severity": N_("Severity"),
    "status": N_("Status"),
    "services": N_("Affected services"),
    "effect": N_("Effect"),
    "share": N_("Share"),
    "who": N_("Who"),
    "scope": N_("Scope"),
    "recovered": N_("Recovered"),
    "cause_kind": N_("Kind of cause"),
    "cause": N_("Cause"),
    "cause_internal": N_("Cause (internal)"),
    "action": N_("Action"),
    "workaround": N_("Workaround"),
    "eta": N_("ETA"),
    "next_update_due": N_("Next update due"),
    "prevention": N_("What changes"),
    "started_at": N_("Started"),
    "ended_at": N_("Ended"),
    "owner": N_("Owner"),
    "rhythm_minutes": N_("Update rhythm (minutes)"),
}


def field_label(field: str) -> str:
    """What the field is called in the interface; `scope.en` is the English wording of the scope."""
    name, _dot, lang = field.partition(".")
    label = _(FIELD_LABELS[name]) if name in FIELD_LABELS else name
    return f"{label} ({lang})" if lang else label


def status_word(status: Status, lang: str = "") -> str:
    """The status in a language; without one, in the interface's."""
    return _STATUS_WORDS.get(lang or current(), _STATUS_WORDS["en"])[status]


def parse_status(text: str) -> Status:
    """Reads a status in Chinese or English, in the words agents use. Raises Refused with the choices."""
    typed = plain(text).lower()
    for words in _STATUS_WORDS.values():
        for status, word in words.items():
            if typed in (word, status):
                return status
    if typed in _STATUS_ALSO:
        return _STATUS_ALSO[typed]
    raise Refused(
        _("“{typed}” is not a status.", typed=clean_line(text)[:60]),
        hint=_("Choose one of: {choices}.", choices=_(", ").join(status_word(status) for status in STATUSES)),
    )


def parse_severity(text: str) -> Severity:
    """Reads SEV1 to SEV4, also as 1, P1, sev-1, 一级 or in words. Raises Refused with the choices."""
    typed = plain(text).lower()
    if typed in _SEVERITY_ALSO:
        return _SEVERITY_ALSO[typed]
    digits = typed.removeprefix("sev").removeprefix("p").strip(" -_")
    for severity in SEVERITIES:
        if digits == severity[-1]:
            return severity
    raise Refused(
        _("“{typed}” is not a severity.", typed=clean_line(text)[:60]),
        hint=_("Choose one of: {choices}.", choices=", ".join(SEVERITIES)),
    )
