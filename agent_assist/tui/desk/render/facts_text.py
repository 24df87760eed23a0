"""The facts of an incident as lines: the panel of the wide desk, and two lines for the narrow one."""

import datetime as dt
from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from agent_assist.incidents import (
    Incident,
    Step,
    clock_time,
    describe_change,
    field_label,
    say_value,
    status_word,
)
from agent_assist.incidents.fact_words import show_change, show_fact, shown_wording
from agent_assist.locale import _, current
from agent_assist.tui.text.content import content, pad
from agent_assist.tui.text.labels import ago, left, over
from agent_assist.tui.text.line import Part, cut, ends, joined, line
from agent_assist.tui.text.step_marks import step_mark
from agent_assist.tui.text.wrap import wrapped

BAR = 7
"""Cells of the countdown bar."""

SOON = dt.timedelta(minutes=5)
"""From here on a deadline stands out."""


def title_line(incident: Incident) -> Content:
    """Return what is down and how badly: title, severity, status."""
    return joined([(shown_wording(incident, "title"), ".title"), _severity(incident), status_word(incident.status)])


def age_line(incident: Incident, now: dt.datetime, more: str = "") -> Content:
    """Return how fresh the facts are and whose they are; `more` is what F8 leads to."""
    return joined(
        [f"v{incident.version}", incident.author, ago(now - incident.updated_at), (more and f"{more} F8", ".accent")]
    )


def panel(
    history: Sequence[Incident], clock: Sequence[Step], now: dt.datetime, tz: dt.tzinfo, cells: int, rows: int
) -> list[Content]:
    """Return everything agents need, then as much of the timeline as has room. `history` is oldest first."""
    incident = history[-1]
    lang = current()
    words = [(field_label(name), shown_wording(incident, name) or "—") for name in ("scope", "cause", "workaround")]
    words[2:2] = _chosen_rows(incident, now, tz)
    rows_by_label: list[tuple[str, list[Content]]] = []
    labels = [label for label, _text in words] + [_("ETA"), _("Next update"), _("Clock")]
    indent = max(cell_len(label) for label in labels) + 2
    room = max(8, cells - indent)
    for label, text in words:
        rows_by_label.append((label, wrapped(text, room, style=".dim" if text == "—" else "")))
    eta, remaining = eta_parts(incident, now, tz, lang)
    rows_by_label.append((_("ETA"), _flow([eta, remaining], room, " ")))
    rows_by_label.append((_("Next update"), _flow(next_parts(incident, now, tz, lang), room, " ")))
    rows_by_label.append((_("Clock"), clock_parts(clock, now, room, next_due=incident.next_update_due)))
    lines = [
        line((pad(label if number == 0 else "", indent), ".dim"), text)
        for label, texts in rows_by_label
        for number, text in enumerate(texts)
    ]
    below = rows - len(lines) - 2
    if below >= 1:
        lines += [Content(""), content(_("Timeline"), ".dim"), *timeline(history, now, tz, cells, below)]
    return lines[:rows] if rows > 0 else []


def brief(incident: Incident, now: dt.datetime, tz: dt.tzinfo, cells: int, more: str = "") -> list[Content]:
    """Return two lines: what and who is hit; until when, and when the next news is due."""
    lang = current()
    first = joined([title_line(incident), shown_wording(incident, "scope") or (_("scope not known yet"), ".dim")])
    eta, remaining = eta_parts(incident, now, tz, lang)
    head, then = line((_("ETA"), ".dim"), " "), line((_("Next update"), ".dim"), " ")
    due = line(then, content(" ").join(next_parts(incident, now, tz, lang, bar=False)))
    second = joined([line(head, eta, " ", remaining), due])
    if second.cell_length > cells - 3:
        second = joined([line(head, eta), due])
    return [ends(first, age_line(incident, now, more), cells), ends(second, content("^G", ".key"), cells)]


def eta_parts(incident: Incident, now: dt.datetime, tz: dt.tzinfo, lang: str) -> tuple[Content, Content]:
    """Return the ETA (known, range, unknown or passed), and the time left until then when that is known."""
    eta = incident.eta
    if incident.status == "resolved":
        return line(("✓ ", ".ok"), _("back to normal")), line()
    last = eta.end or eta.at
    match eta.state(now):
        case "known" | "range" if last is not None:
            said = say_value(eta, now, tz)
            what = _("by {time}", time=said) if eta.at else said
            return line(what), line((f"({left(last - now)})", ".warn" if last - now <= SOON else ".dim"))
        case "passed" if last is not None:
            when = clock_time(last, now, tz, lang)
            return line((_("! {time} has passed, do not quote it", time=when), ".danger")), line()
    return line((_("not known yet"), ".dim")), line()


def next_parts(incident: Incident, now: dt.datetime, tz: dt.tzinfo, lang: str, *, bar: bool = True) -> list[Content]:
    """Return when the next update is due, how much of the time is gone, and what is left or over."""
    due = incident.next_update_due
    if due is None:
        return [line((_("none due"), ".dim"))]
    time = line(clock_time(due, now, tz, lang))
    if due < now:
        return [time, line((f"! {over(now - due)}", ".danger"))]
    whole = max((due - incident.updated_at).total_seconds(), 60.0)
    gone = min(BAR, max(0, round(BAR * (1 - (due - now).total_seconds() / whole))))
    if bar:
        time = line(time, " ", ("▓" * gone, ".bar"), ("░" * (BAR - gone), ".dim"))
    return [time, line((left(due - now), ".warn" if due - now <= SOON else ".dim"))]


def timeline(history: Sequence[Incident], now: dt.datetime, tz: dt.tzinfo, cells: int, rows: int) -> list[Content]:
    """Return versions newest first, one line each: time, number, what changed, by whom."""
    lines = []
    for place in range(len(history) - 1, max(-1, len(history) - 1 - rows), -1):
        version, before = history[place], history[place - 1] if place else None
        said = _changes(before, version, now, tz)
        head = line((f" {clock_time(version.updated_at, now, tz, current())} ", ".dim"), f"v{version.version} ")
        tail = content(f" · {version.author}" if version.author else "", ".dim")
        room = cells - head.cell_length - tail.cell_length
        lines.append(line(head, cut(content(said), room), tail))
    return lines


def _changes(before: Incident | None, after: Incident, now: dt.datetime, tz: dt.tzinfo) -> str:
    if before is None:
        return _("opened")
    shown = [
        f"{field_label(change.field)} {show_change(before, after, change.field, now, tz)[1]}"
        for change in describe_change(before, after)
        if "." not in change.field and change.field != "cause_internal"
    ]
    return ("；" if current() == "zh" else "; ").join(shown) or _("no public change")


def clock_parts(
    clock: Sequence[Step], now: dt.datetime, room: int, next_due: dt.datetime | None = None
) -> list[Content]:
    """Return the steps side by side. An update that is due at `next_due` is left out, as that time stands elsewhere."""
    shown = [step for step in clock if step.name != "update" or step.due_at != next_due]
    return _flow([step_mark(step, now) for step in shown], room)


def _flow(parts: Sequence[Content], room: int, between: str = "  ") -> list[Content]:
    """Return the parts side by side, and on further lines where they do not fit."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + len(between) + part.cell_length <= room:
            lines[-1] = line(lines[-1], between, part)
        elif part:
            lines.append(cut(part, room))
    return lines or [Content("")]


def _chosen_rows(incident: Incident, now: dt.datetime, tz: dt.tzinfo) -> list[tuple[str, str]]:
    """Return what only some incidents have: services that work again, what is being done, what changes afterwards."""
    names = ["recovered"]
    if incident.status in ("investigating", "identified"):
        names.append("action")
    else:
        names += ["prevention", "ended_at"]
    rows = [(field_label(name), show_fact(incident, name, now, tz)) for name in names]
    return [(label, text) for label, text in rows if text != "—"]


def _severity(incident: Incident) -> Part:
    loud = {"SEV1": ".danger", "SEV2": ".warn"}
    return (incident.severity, loud.get(incident.severity, ""))
