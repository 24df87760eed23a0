"""The board as lines: one for each incident, and everything about the chosen one."""

import datetime as dt
from collections.abc import Sequence

from textual.content import Content

from agent_assist.incidents import Incident, clock_time, field_label, say_value, status_word
from agent_assist.incidents.fact_words import show_fact, shown_wording
from agent_assist.locale import _, current
from agent_assist.offers import Sum, display_sum
from agent_assist.services.incident_board import BoardRow
from agent_assist.tui.text.content import content, pad
from agent_assist.tui.text.labels import ago, left, over, short_span
from agent_assist.tui.text.line import Part, cut, joined, line
from agent_assist.tui.text.step_marks import step_mark
from agent_assist.tui.text.wrap import wrapped

LOUD = {"SEV1": ".danger", "SEV2": ".warn"}
LABEL = 19
"""Cells of the names of facts."""

WIDE_ROW = 100
"""Cells from which a row also has chats and offers."""


def title_of_incident(incident: Incident) -> str:
    """Return the title in the interface language when it is known there."""
    return shown_wording(incident, "title")


def heading(text: str, cells: int) -> Content:
    """Return the line above open or resolved incidents."""
    return cut(content(text, ".dim"), cells)


def board_line(row: BoardRow, now: dt.datetime, tz: dt.tzinfo, cells: int, *, is_chosen: bool) -> Content:
    """Return one incident: how bad, what, how far, how old, when the next update is due, what is overdue."""
    incident = row.incident
    age = short_span(now - incident.started_at)
    columns: list[Part] = [
        ("▸" if is_chosen else " ", ".accent"),
        (pad(incident.severity, 5), LOUD.get(incident.severity, "")),
        (pad(title_of_incident(incident), 30 if cells >= WIDE_ROW else 22), ".title" if is_chosen else ""),
        pad(status_word(incident.status), 14 if current() == "en" else 8),
        (pad(age, 8), ".dim"),
    ]
    rest = [next_update(row, now, tz), *overdue_parts(row)]
    if cells >= WIDE_ROW:
        rest += [_chats(row), offers_line(row.offers, row.waiting)]
    return cut(line(*columns, joined(rest, "  ")), cells)


def next_update(row: BoardRow, now: dt.datetime, tz: dt.tzinfo) -> Content:
    """Return when customers hear more; for a resolved incident since when it is over."""
    incident = row.incident
    if not row.is_open:
        return line(("✓ ", ".ok"), ago(now - incident.updated_at))
    due = incident.next_update_due
    if due is None:
        return content(_("none due"), ".dim")
    time = clock_time(due, now, tz, current())
    if due < now:
        return line(f"{time} ", (f"! {over(now - due)}", ".danger"))
    return line(f"{time} ", (left(due - now), ".dim"))


def overdue_parts(row: BoardRow) -> list[Part]:
    """Return how many steps of the clock are overdue, if any."""
    count = len(row.overdue)
    return [(_("! {count} overdue", count=count), ".danger")] if count else []


def _chats(row: BoardRow) -> Part:
    return (_("chats {count}", count=row.chats), "" if row.chats else ".dim")


def offers_line(sums: Sequence[Sum], waiting: int, *, is_named: bool = True) -> Content:
    """Return how much was offered, by currency, and how much of it waits; `is_named` where it has no label."""
    count = sum(each.count for each in sums)
    amounts = [display_sum(each.minor, each.currency, current()) for each in sums if each.currency]
    number = _("offers {count}", count=count) if is_named else str(count)
    said: list[Part] = [(number, "" if count else ".dim"), *amounts]
    if waiting:
        said.append((_("{count} wait", count=waiting), ".warn"))
    return joined(said, " ")


def board_detail(row: BoardRow, now: dt.datetime, tz: dt.tzinfo, cells: int) -> list[Content]:
    """Return everything about an incident, most urgent first."""
    incident = row.incident
    rows: list[tuple[str, list[Content]]] = [
        (_("Clock"), _flow([step_mark(step, now) for step in row.clock], cells - LABEL)),
        (_("Next update"), [next_update(row, now, tz)]),
        (_("ETA"), [content(_eta(incident, now, tz))]),
        (_("Chats"), [content(str(row.chats))]),
        (_("Offers"), [offers_line(row.offers, row.waiting, is_named=False)]),
    ]
    for name in ("scope", "cause", "workaround"):
        rows.append((field_label(name), wrapped(show_fact(incident, name, now, tz), max(8, cells - LABEL))))
    rows.append((field_label("services"), [content(show_fact(incident, "services", now, tz))]))
    rows.append((field_label("owner"), [content(incident.owner or "—")]))
    about = f"v{incident.version} · {incident.author} · {ago(now - incident.updated_at)}"
    rows.append((_("Facts"), [content(about)]))
    return [
        cut(line((pad(label if number == 0 else "", LABEL), ".dim"), text), cells)
        for label, texts in rows
        for number, text in enumerate(texts)
    ]


def _eta(incident: Incident, now: dt.datetime, tz: dt.tzinfo) -> str:
    said = say_value(incident.eta, now, tz)
    if incident.status != "resolved" and incident.eta.state(now) == "passed":
        return _("{time} (passed; do not quote it)", time=said)
    return said


def _flow(parts: Sequence[Content], room: int) -> list[Content]:
    """Return the parts side by side, and on further lines where they do not fit."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + 2 + part.cell_length <= room:
            lines[-1] = line(lines[-1], "  ", part)
        else:
            lines.append(part)
    return lines or [content("—", ".dim")]
