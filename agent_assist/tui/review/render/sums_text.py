"""Sums of offers as lines: a table by one thing, bars by kind, and how much of each incident's budget is used.

Offers without an amount are counted; only money is added up, each currency on its own.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from rich.cells import cell_len
from textual.content import Content

from agent_assist.locale import N_, _
from agent_assist.offers import GroupBy, OfferKind, Sum
from agent_assist.offers.currencies import exponent
from agent_assist.offers.policy import Policy
from agent_assist.offers.policy_words import KIND_NAMES
from agent_assist.tui.text.content import fit, pad
from agent_assist.tui.text.line import line

BY_NAMES: Mapping[GroupBy, str] = {
    "incident": N_("by incident"),
    "kind": N_("by kind"),
    "agent": N_("by person"),
    "day": N_("by day"),
    "tier": N_("by customer tier"),
    "state": N_("by state"),
}

FULL, EMPTY = "█", "░"


class SumsRow(msgspec.Struct, frozen=True):
    """All offers of one key; `sums` are (currency, offers with an amount, minor units), the largest number first."""

    key: str
    count: int
    sums: tuple[tuple[str, int, int], ...]

    @property
    def worth(self) -> int:
        return self.sums[0][2] if self.sums else 0


def grouped_sums(sums: Iterable[Sum], by: GroupBy) -> list[SumsRow]:
    """Return one row a key: days newest first, everything else by its sum."""
    counts: dict[str, int] = {}
    money: dict[str, dict[str, tuple[int, int]]] = {}
    for one in sums:
        counts[one.key] = counts.get(one.key, 0) + one.count
        if one.currency:
            of_key = money.setdefault(one.key, {})
            count, minor = of_key.get(one.currency, (0, 0))
            of_key[one.currency] = (count + one.count, minor + one.minor)
    lines = [
        SumsRow(
            key,
            count,
            tuple(
                sorted(
                    ((name, *pair) for name, pair in money.get(key, {}).items()), key=lambda each: (-each[1], each[0])
                )
            ),
        )
        for key, count in counts.items()
    ]
    if by == "day":
        return sorted(lines, key=lambda each: each.key, reverse=True)
    return sorted(lines, key=lambda each: (-each.worth, -each.count, each.key))


def sums_lines(sums: Sequence[Sum], by: GroupBy, titles: Mapping[str, str], cells: int, rows: int) -> list[Content]:
    """Return the table with its heading and, at its foot, the total; what has no room is counted."""
    lines = grouped_sums(sums, by)
    if not lines:
        return [line((_("Nothing to add up."), ".dim"))]
    total = grouped_sums([msgspec.structs.replace(one, key="") for one in sums], by)[0]
    currencies = [currency for currency, _count, _minor in total.sums]
    only = currencies[0] if len(currencies) == 1 else ""
    head = (_("Number"), _("Sum {currency}", currency=only) if only else _("Sum"), _("Average"))
    columns = [
        [f"{each.count:,}" for each in (*lines, total)],
        [text for each in (*lines, total) for text in _sums(each, only)],
        [text for each in (*lines, total) for text in _averages(each)],
    ]
    widths = tuple(max(map(cell_len, (name, *texts))) for name, texts in zip(head, columns, strict=True))
    name = max(6, cells - sum(widths) - 6)
    most = max(1, rows - 3)
    shown = [*lines, total] if len(lines) + 2 <= rows else [*lines[:most], None, total]
    found = [_row(("", *head), name, widths, ".dim")]
    for each in shown:
        if each is None:
            found.append(line((_("… {count} more", count=len(lines) - most), ".dim")))
            continue
        label = _("Together") if each is total else key_name(each.key, by, titles)
        first, *others = list(zip(_sums(each, only), _averages(each), strict=True)) or [("—", "—")]
        style = ".title" if each is total else ""
        found.append(_row((label, f"{each.count:,}", *first), name, widths, style))
        found += [_row(("", "", *other), name, widths, style) for other in others]
    return found[:rows]


def key_name(key: str, by: GroupBy, titles: Mapping[str, str] | None = None) -> str:
    """Return what a sum is of, in the interface language."""
    if not key:
        return {"incident": _("no incident"), "tier": _("no tier")}.get(by, "—")
    if by == "kind" and key in KIND_NAMES:
        return _(KIND_NAMES[_kind(key)])
    if by == "incident":
        return f"{key} {(titles or {}).get(key, '')}".strip()
    return key


def kind_bars(sums: Sequence[Sum], cells: int, rows: int) -> list[Content]:
    """Return how much each kind takes of the money, the largest first; kinds without money by their number."""
    lines = grouped_sums(sums, "kind")
    if not lines:
        return [line((_("Nothing to show."), ".dim"))]
    most = max((each.worth for each in lines), default=0) or 1
    name = max(cell_len(key_name(each.key, "kind")) for each in lines)
    figures = [_sums(each)[0] if each.sums else _("×{count}", count=f"{each.count:,}") for each in lines]
    figure = max(cell_len(text) for text in figures)
    room = max(3, cells - name - figure - 2)
    return [
        line(
            pad(key_name(each.key, "kind"), name),
            " ",
            (pad(FULL * _cells(each.worth, most, room), room), ".bar"),
            " ",
            _right(text, figure),
        )
        for each, text in zip(lines[:rows], figures, strict=False)
    ]


def budget_bars(
    sums: Sequence[Sum], policy: Policy | None, titles: Mapping[str, str], cells: int, rows: int
) -> list[Content]:
    """Return how much of what the policy allows for one incident is given, the fullest first."""
    limit = policy.limits.get("per_incident") if policy else None
    if policy is None or limit is None:
        return [line((fit(_("The policy sets no limit for an incident."), cells), ".dim"))]
    used = sorted(
        ((one.minor, one.key) for one in sums if one.currency == policy.currency and one.key),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if not used:
        return [line((_("Nothing to show."), ".dim"))]
    figures = [f"{_percent(minor, limit)}%" for minor, _key in used]
    figure = max(map(len, figures))
    name = min(max(cell_len(key_name(key, "incident", titles)) for _minor, key in used), max(8, cells // 2))
    room = max(3, cells - name - figure - 4)
    found = []
    for (minor, key), text in list(zip(used, figures, strict=True))[:rows]:
        full = min(room, _cells(minor, limit, room))
        style = ".danger" if minor > limit else ".warn" if minor * 5 > limit * 4 else ".bar"
        found.append(
            line(
                pad(key_name(key, "incident", titles), name),
                " ",
                (FULL * full, style),
                (EMPTY * (room - full), ".dim"),
                " ",
                _right(text, figure),
                (" !" if minor > limit else "  ", ".danger"),
            )
        )
    return found


def amount(minor: int, currency: str, *, whole: bool = True) -> str:
    """Return a sum with decimals and grouping, without the currency: 1,234.50; `whole` ones without decimals."""
    places = exponent(currency)
    units, part = divmod(minor, 10**places)
    return f"{units:,}" + (f".{part:0{places}}" if part or (places and not whole) else "")


def _sums(each: SumsRow, only: str = "") -> list[str]:
    """Return its sums, with the currency unless it is the `only` one, which the heading names."""
    return [
        amount(minor, currency) + ("" if currency == only else f" {currency}") for currency, _count, minor in each.sums
    ]


def _averages(each: SumsRow) -> list[str]:
    return [amount((2 * minor + count) // (2 * count), currency, whole=False) for currency, count, minor in each.sums]


def _row(texts: Sequence[str], name: int, widths: Sequence[int], style: str) -> Content:
    figures = (_right(text, width) for text, width in zip(texts[1:], widths, strict=True))
    return line(("  ".join((pad(texts[0], name), *figures)), style))


def _right(text: str, cells: int) -> str:
    return " " * max(0, cells - cell_len(text)) + text


def _cells(part: int, whole: int, room: int) -> int:
    """Return the cells of a bar: at least one for anything at all."""
    return max(1, part * room // whole) if part > 0 else 0


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 100


def _kind(key: str) -> OfferKind:
    return msgspec.convert(key, OfferKind)  # type: ignore[no-any-return]
