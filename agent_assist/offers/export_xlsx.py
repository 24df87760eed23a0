"""Offers as a workbook: the offers, on as many sheets as they take, and one sheet with the head of the log. Texts are
typed as texts, whatever they begin with, so nothing in them is ever run; amounts are numbers, times are times.

Rows go through temporary files, so that the memory it takes does not grow with the log.
"""

import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

from agent_assist.locale import _
from agent_assist.offers.currencies import exponent
from agent_assist.offers.export import EXPORT_COLUMNS, Cell, headings, row
from agent_assist.offers.offer import Offer

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST = 32_767
"""Characters a cell holds."""


MAX_SHEET_OFFERS = 1_048_575
"""Offers that a sheet holds below its headings."""

_CHUNK = 1 << 20


def sheets_of(offers: int) -> int:
    """Return the number of sheets that so many offers take."""
    return max(1, -(-offers // MAX_SHEET_OFFERS))


def xlsx_parts(
    offers: Iterable[Offer],
    tz: dt.tzinfo,
    about: Sequence[tuple[str, str]],
    check: Callable[[], None] = lambda: None,
) -> Iterator[bytes]:
    """Yield the file in parts. Times in `tz`; `about` fills the last sheet; `check` is called while the file is packed.

    What the iterable or `check` raises goes through, and nothing is left behind.
    """
    from openpyxl import Workbook  # openpyxl, loaded with the first workbook

    book = Workbook(write_only=True)
    with tempfile.TemporaryFile() as file:
        target = _CheckedFile(file, check)
        try:
            _fill_sheets(book, iter(offers), tz)
            last = book.create_sheet(_("Log"))
            last.column_dimensions["A"].width, last.column_dimensions["B"].width = 24, 70
            texts = _texts(last, 2)
            for pair in about:
                last.append([_text(cell, words) for cell, words in zip(texts, pair, strict=True)])
            book.save(target)
        except BaseException:
            target.abandon()
            for each in book.worksheets:
                _discard(each)
            raise
        file.seek(0)
        while part := file.read(_CHUNK):
            yield part


class _CheckedFile:
    """A file that asks before each write whether to go on: packing a large workbook takes a minute."""

    def __init__(self, file: IO[bytes], check: Callable[[], None]) -> None:
        self._file = file
        self._check = check

    def write(self, part: bytes) -> int:
        self._check()
        return self._file.write(part)

    def abandon(self) -> None:
        """Take what is still written into memory: an archive that was not finished closes itself later."""
        self._file, self._check = io.BytesIO(), lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _fill_sheets(book: "Workbook", offers: Iterator[Offer], tz: dt.tzinfo) -> None:
    """Fill one sheet, and another one as long as offers are left."""
    number, left = 1, offers
    while True:
        sheet = book.create_sheet(_("Offers") + (f" {number}" if number > 1 else ""))
        _fill(sheet, islice(left, MAX_SHEET_OFFERS), tz)
        following = next(offers, None)
        if following is None:
            return
        number, left = number + 1, chain([following], offers)


def _discard(sheet: Any) -> None:
    """Close a sheet that is not saved and remove its temporary file; openpyxl does that only for saved ones."""
    if not sheet.closed:
        sheet.close()
        sheet._writer.cleanup()


def _fill(sheet: "Worksheet", offers: Iterable[Offer], tz: dt.tzinfo) -> None:
    from openpyxl.styles import Font  # openpyxl, loaded with the first workbook
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for number, column in enumerate(EXPORT_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    titles = headings()
    cells = _texts(sheet, len(titles))  # a row is written at once, so one set of cells serves all rows
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append([_text(cell, title) for cell, title in zip(cells, titles, strict=True)])
    texts, times, numbers = (_texts(sheet, len(titles)) for _kind in range(3))
    for cell in times:
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    amounts: dict[int, SheetCell] = {}
    count = 0
    for offer in offers:
        row_cells: list[SheetCell | None] = []
        for place, value in enumerate(row(offer)):
            if value is None or value == "":
                row_cells.append(None)
            elif isinstance(value, str):
                row_cells.append(_text(texts[place], value))
            elif isinstance(value, dt.datetime):
                times[place].value = value.astimezone(tz).replace(tzinfo=None, microsecond=0)
                row_cells.append(times[place])
            else:
                cell = numbers[place] if isinstance(value, int) else _amount(sheet, amounts, offer)
                cell.value = value
                row_cells.append(cell)
        sheet.append(row_cells)
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{count + 1}"


def _amount(sheet: "Worksheet", by_places: "dict[int, SheetCell]", offer: Offer) -> "SheetCell":
    places = exponent(offer.money.currency) if offer.money else 0
    if places not in by_places:
        by_places[places] = _texts(sheet, 1)[0]
        by_places[places].number_format = "#,##0" + (f".{'0' * places}" if places else "")
    return by_places[places]


def _texts(sheet: "Worksheet", count: int) -> "list[SheetCell]":
    from openpyxl.cell import WriteOnlyCell  # openpyxl, loaded with the first workbook

    return [WriteOnlyCell(sheet) for _number in range(count)]


def _text(cell: "SheetCell", words: Cell) -> "SheetCell":
    text = str(words)
    if len(text) > _LONGEST:
        cut_note = _(" … (cut here; a cell holds no more, the JSON export has all of it)")
        text = text[: _LONGEST - len(cut_note)] + cut_note
    cell.value = text
    cell.data_type = "s"
    return cell
