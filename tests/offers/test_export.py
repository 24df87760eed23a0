"""What leaves the log in a file: exact, complete, and never run by a spreadsheet program."""

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from agent_assist.cleaning import clean
from agent_assist.errors import Refused
from agent_assist.offers import Duration, Entry, Head, Money, Offer, SaltedText, export_xlsx, replay
from agent_assist.offers.chain import chain_entry
from agent_assist.offers.export import EXPORT_COLUMNS, csv_parts, escape_formula, unescape_formula
from agent_assist.offers.export_json import Unlike, difference, json_parts, parse_export, read_export
from agent_assist.offers.export_xlsx import xlsx_parts
from tests.conftest import NOW, SHANGHAI
from tests.offers.samples import a_log, an_event

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "  =1",
            "\u3000＝1",
            "＋1",
            "＠x",
            "'=1",
            "''+x",
            '=HYPERLINK("x")',
            "\r=1",
            "a\n=1",
            "王女士",
            '"',
            "a,b;c",
            "﹣5",
            "\u00a0=1",
            "|calc",
            "−3",
        ]
    ),
    st.text(st.sampled_from("=+-@\t '\"\n,;王a1＝＋－＠\u3000\u00a0"), max_size=12),
    st.text(max_size=30),
)


def an_offer_with(**changes: Any) -> Offer:
    given: dict[str, Any] = {
        "id": "OFF-1",
        "seq": 1,
        "at": NOW,
        "agent": "小李",
        "customer": "王女士",
        "kind": "coupon",
        "money": Money(2050, "CNY"),
        "sentence": "送您一张券",
        "changed_at": NOW,
        "hash": "ab",
    }
    return Offer(**given | changes)


def rows_of(offers: list[Offer]) -> list[dict[str, str]]:
    content = b"".join(csv_parts(offers, SHANGHAI))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(HOSTILE)
def test_no_text_of_a_csv_begins_like_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    shown = rows_of([an_offer_with(customer=text, sentence=text, note=text, thing=text)])[0]
    for name in ("Customer", "Promised sentence", "Note", "Thing"):
        cell = shown[name]
        assert unescape_formula(cell) == clean(text)
        assert not cell.lstrip(" \u00a0\u3000\ufeff").startswith(tuple("=+-@\t\r\n＝＋－＠﹣−"))


@settings(deadline=None, max_examples=25)
@given(st.lists(HOSTILE.map(clean).filter(str.strip), min_size=1, max_size=20))
def test_texts_of_a_workbook_are_texts_whatever_they_begin_with(texts: list[str]) -> None:
    offers = [an_offer_with(customer=text, sentence=text) for text in texts]
    sheet = load_workbook(io.BytesIO(workbook(offers))).worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for place, text in enumerate(texts, 2):
        assert str(sheet.cell(place, 10).value).strip() == text.strip()


def test_amounts_are_numbers_with_the_decimals_of_their_currency_and_times_are_times() -> None:
    offers = [
        an_offer_with(),
        an_offer_with(money=Money(500, "JPY")),
        an_offer_with(money=Money(3250, "KWD")),
        an_offer_with(money=None, duration=Duration(7, "day")),
        an_offer_with(money=Money(2**63 - 1, "CNY")),
    ]
    sheet = load_workbook(io.BytesIO(workbook(offers))).worksheets[0]
    assert [sheet.cell(row, 5).value for row in range(2, 7)] == [20.5, 500, 3.25, None, "92233720368547758.07"]
    assert [sheet.cell(row, 5).number_format for row in range(2, 5)] == ["#,##0.00", "#,##0", "#,##0.000"]
    assert sheet.cell(2, 2).value == dt.datetime(2026, 11, 20, 14, 10)  # noqa: DTZ001 - as the sheet shows it
    assert (sheet.cell(5, 7).value, sheet.cell(5, 8).value) == (7, "days")


def test_csv_amounts_are_plain_numbers_and_times_are_local() -> None:
    shown = rows_of([an_offer_with(money=Money(123456, "CNY"))])[0]
    assert (shown["Amount"], shown["Currency"]) == ("1234.56", "CNY")
    assert shown["Time"] == "2026-11-20 14:10:00"
    assert list(shown) == [column.title for column in EXPORT_COLUMNS]


def test_a_long_text_is_cut_with_a_word_about_it() -> None:
    sheet = load_workbook(io.BytesIO(workbook([an_offer_with(sentence="长" * 40_000)]))).worksheets[0]
    assert "cut here" in str(sheet.cell(2, 15).value)


def workbook(offers: Iterable[Offer]) -> bytes:
    return b"".join(xlsx_parts(offers, SHANGHAI, [("Hash", "ab")]))


def holding(log: list[Entry]) -> Callable[[Sequence[int]], list[Entry]]:
    """Look entries up in this log."""
    return lambda seqs: [entry for entry in log if entry.seq in seqs]


def exported(log: list[Entry]) -> bytes:
    """The log as a JSON export."""
    by_offer = {offer.seq: offer for offer in replay(log)}
    histories = [(offer, tuple(entry for entry in log if entry.offer_seq == seq)) for seq, offer in by_offer.items()]
    head = Head(log[-1].seq, log[-1].hash)
    return b"".join(json_parts(histories, head=head, at=NOW, wanted={}, spool=io.BytesIO()))


def test_a_json_export_holds_every_entry_with_its_texts_but_no_salt() -> None:
    log = a_log(an_event("approved", note="可以"))
    content = exported(log)
    plain = json.loads(content)
    assert plain["head"] == {"seq": 3, "hash": log[-1].hash}
    assert [entry["seq"] for entry in sorted(plain["entries"], key=lambda entry: entry["seq"])] == [1, 2, 3]
    assert "王女士" in content.decode()
    assert log[0].texts["customer"].salt not in content.decode()


def test_a_log_that_grew_still_holds_its_export() -> None:
    log = a_log()
    then = read_export(exported(log)).entries
    later = [*log, chain_entry(an_event("voided"), Head(log[-1].seq, log[-1].hash))]
    assert difference(then, holding(later)) is None


def test_each_change_since_the_export_is_found_and_named() -> None:
    log = a_log(an_event("approved", note="可以"))
    then = read_export(exported(log)).entries
    found = difference(then, holding([log[0], replace(log[1], hash="0" * 64), log[2]]))
    assert found is not None
    assert found.seq == 2
    missing = difference(then, holding(log[:2]))
    assert missing is not None
    assert "#3 was exported and is missing" in missing.reason


def test_an_export_that_was_changed_itself_is_found() -> None:
    log = a_log()
    content = exported(log).decode().replace('"minor":2000', '"minor":9000')
    found = difference(read_export(content.encode()).entries, holding(log))
    assert found is not None
    assert "changed in the export itself" in found.reason


def test_a_text_that_was_erased_since_is_no_difference() -> None:
    log = a_log()
    then = read_export(exported(log)).entries
    bare = {name: SaltedText(sealed.digest) for name, sealed in log[0].texts.items()}
    assert difference(then, holding([replace(log[0], texts=bare), log[1]])) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format":"x","at":"2026-11-20T06:10:00Z"}'])
def test_what_is_no_export_is_refused_with_the_way_out(content: bytes) -> None:
    with pytest.raises(Refused):
        read_export(content)


def test_an_apostrophe_is_only_added_where_it_is_needed() -> None:
    assert escape_formula("王女士") == "王女士"
    assert escape_formula("it's = fine") == "it's = fine"
    assert escape_formula("'tis") == "'tis"
    assert escape_formula("=1") == "'=1"


def test_what_was_written_into_the_log_by_hand_reaches_no_program_raw() -> None:
    """Agents of a team may write an entry with SQL; a control character ended the workbook of everybody."""
    poison = "a\x1b]52;c;aGk=\x07\x00b"
    offers = [an_offer_with(tier=poison, incident=poison, agent=poison, note=poison), an_offer_with(customer="李")]
    sheet = load_workbook(io.BytesIO(workbook(offers))).worksheets[0]
    assert "李" in [cell.value for cell in sheet[3]]
    written = b"".join(csv_parts(offers, SHANGHAI)).decode()
    assert not set("\x1b\x07\x00") & set(written)


def test_a_workbook_that_is_not_finished_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written: list[int] = []

    def breaking() -> Iterator[Offer]:
        yield from replay(a_log())
        written.append(len([*tmp_path.iterdir()]))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        workbook(breaking())
    assert written[0] >= 1, "the control: openpyxl writes rows into a temporary file"
    assert not [*tmp_path.iterdir()], "openpyxl changed: WriteOnlyWorksheet._writer"


def test_an_export_is_read_entry_by_entry_as_it_is_read_whole() -> None:
    log = a_log(an_event("approved", note="可以"))
    content = exported(log)
    head, entries = parse_export(content.splitlines(keepends=True))
    assert (head, tuple(entries)) == (read_export(content).head, read_export(content).entries)


def test_an_export_with_other_lines_is_left_to_whoever_reads_it_whole() -> None:
    content = json.dumps(json.loads(exported(a_log())), indent=2).encode()
    with pytest.raises(Unlike):
        parse_export(content.splitlines(keepends=True))
    assert read_export(content).head.seq == 2


def test_an_export_that_ends_early_is_refused() -> None:
    lines = exported(a_log()).splitlines(keepends=True)
    _head, entries = parse_export(lines[:-2])
    with pytest.raises(Refused):
        list(entries)


def test_offers_beyond_a_sheet_go_on_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "MAX_SHEET_OFFERS", 2)
    for count, sheets in (
        (1, ["Offers", "Log"]),
        (2, ["Offers", "Log"]),
        (5, ["Offers", "Offers 2", "Offers 3", "Log"]),
    ):
        book = load_workbook(io.BytesIO(workbook(an_offer_with(id=f"OFF-{number}") for number in range(count))))
        assert book.sheetnames == sheets
        assert export_xlsx.sheets_of(count) == len(sheets) - 1
        rows = [row[0] for sheet in book.worksheets[:-1] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert rows == [f"OFF-{number}" for number in range(count)]
        assert {sheet["A1"].value for sheet in book.worksheets[:-1]} == {"Offer"}


def test_packing_a_workbook_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        b"".join(xlsx_parts([an_offer_with()], SHANGHAI, [], stop))
    assert not [*tmp_path.iterdir()]
