"""Offers as rows for a spreadsheet: the columns, what each holds, and how a text is kept from becoming a formula.

A spreadsheet program runs a cell that begins with = + - @, a tab or a line end, also behind spaces and also in
full-width forms. Such a text gets one apostrophe in front; texts that already begin with apostrophes before such a
sign get one more, so that taking one away always gives the original back.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from agent_assist.cleaning import clean
from agent_assist.locale import N_, _
from agent_assist.offers.decisions import STATE_NAMES
from agent_assist.offers.duration import Unit
from agent_assist.offers.offer import Offer
from agent_assist.offers.policy_words import KIND_NAMES

Format = Literal["csv", "json", "xlsx"]
EXPORT_FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")

Cell = str | int | Decimal | dt.datetime | None
"""A text, a whole number, an exact amount, an aware moment, or nothing."""

_LIVE = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−")
_BLANK = " \u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\ufeff"

_WHOLE_DIGITS = 15
"""What a spreadsheet keeps of a number; longer amounts are written as text, so that no digit is lost."""


class Column(msgspec.Struct, frozen=True):
    """A heading, the width in characters that a spreadsheet gives the column, and what stands under it."""

    title: str
    width: int
    cell: Callable[[Offer], Cell]


_UNITS: Mapping[Unit, str] = {"hour": N_("hours"), "day": N_("days"), "month": N_("months")}

EXPORT_COLUMNS: tuple[Column, ...] = (
    Column(N_("Offer"), 12, lambda offer: offer.id),
    Column(N_("Time"), 19, lambda offer: offer.at),
    Column(N_("State"), 11, lambda offer: _(STATE_NAMES[offer.state])),
    Column(N_("Kind"), 11, lambda offer: _(KIND_NAMES[offer.kind])),
    Column(N_("Amount"), 12, lambda offer: _amount(offer)),
    Column(N_("Currency"), 9, lambda offer: offer.money.currency if offer.money else None),
    Column(N_("Duration"), 9, lambda offer: offer.duration.count if offer.duration else None),
    Column(N_("Unit"), 7, lambda offer: _(_UNITS[offer.duration.unit]) if offer.duration else None),
    Column(N_("Thing"), 16, lambda offer: offer.thing),
    Column(N_("Customer"), 14, lambda offer: offer.customer),
    Column(N_("Order"), 14, lambda offer: offer.order),
    Column(N_("Customer tier"), 13, lambda offer: offer.tier),
    Column(N_("By"), 12, lambda offer: offer.agent),
    Column(N_("Incident"), 10, lambda offer: offer.incident),
    Column(N_("Promised sentence"), 60, lambda offer: offer.sentence),
    Column(N_("Reason"), 30, lambda offer: offer.reason),
    Column(N_("Approved by"), 12, lambda offer: offer.approved_by),
    Column(N_("Note"), 30, lambda offer: offer.note),
    Column(N_("Changed"), 19, lambda offer: offer.changed_at),
    Column(N_("Hash"), 20, lambda offer: offer.hash),
)


def headings() -> list[str]:
    """The first row, in the interface language."""
    return [_(column.title) for column in EXPORT_COLUMNS]


def row(offer: Offer) -> list[Cell]:
    """One offer under the headings; the log holds texts as they were written, a file only what any program can show."""
    cells = [column.cell(offer) for column in EXPORT_COLUMNS]
    return [clean(cell) if isinstance(cell, str) else cell for cell in cells]


def escape_formula(text: str) -> str:
    """Return the text as a spreadsheet shows it and never runs it."""
    return f"'{text}" if _is_live(text.lstrip("'")) else text


def unescape_formula(text: str) -> str:
    """The opposite of `neutral`."""
    return text[1:] if text.startswith("'") and _is_live(text.lstrip("'")) else text


def csv_parts(offers: Iterable[Offer], tz: dt.tzinfo) -> Iterator[bytes]:
    """The file in parts: UTF-8 with a byte order mark, so that Excel reads Chinese; times in `tz`, without offset."""
    yield "\ufeff".encode()
    yield _line(headings())
    for offer in offers:
        yield _line([_written(cell, tz) for cell in row(offer)])


def _line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _written(cell: Cell, tz: dt.tzinfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell.astimezone(tz):%Y-%m-%d %H:%M:%S}"
    return escape_formula(cell) if isinstance(cell, str) else str(cell)


def _amount(offer: Offer) -> Decimal | str | None:
    if offer.money is None:
        return None
    plain = offer.money.plain()
    return Decimal(plain) if len(plain.replace(".", "").lstrip("0")) <= _WHOLE_DIGITS else plain


def _is_live(text: str) -> bool:
    for character in text:
        if character in _LIVE:
            return True
        if character not in _BLANK:
            return False
    return False
