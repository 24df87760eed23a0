"""An export is whole or not there at all, says how far it is, and a later log can be held against it."""

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent_assist.cleaning import clean_line
from agent_assist.errors import NotSaved, Refused
from agent_assist.offers import Money, NewEvent, OfferFilter
from agent_assist.offers.export import EXPORT_FORMATS, Format
from agent_assist.services import Services
from agent_assist.services.export_job import ExportJob, Stopped, check_against, format_of
from agent_assist.store import MemoryStore, Store, open_store
from tests.conftest import NOW, SHANGHAI
from tests.offers.samples import an_offer
from tests.tui.standing import settings

CALC = shutil.which("soffice") or shutil.which("libreoffice")
HOSTILE = ("王女士", "=1+1", "@SUM(A1)", "\u3000＝1", "00123", '逗号,引号"', "'quoted", "1e5")


def desk(home: Path, store: Store) -> Services:
    return Services(settings(home), store=store, clock=lambda: NOW, tz=SHANGHAI)


def filled() -> MemoryStore:
    store = MemoryStore()
    for number, name in enumerate(HOSTILE):
        store.add_offer(an_offer(f"op-{number}", customer=name, money=Money(2050 + number, "CNY"), reason=name))
    store.decide(NewEvent(op_id="void", event="voided", offer="OFF-2", agent="小李", note="重复", at=NOW))
    return store


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_an_export_says_how_far_it_is_and_leaves_one_whole_file(tmp_path: Path, form: Format) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / f"offers.{form}"
    written = ExportJob(desk(tmp_path, filled()).context, OfferFilter(), progress=lambda *now: told.append(now)).to(
        path, form
    )
    assert (written.offers, written.entries) == (8, 9)
    assert told[0] == (0, 8)
    assert told[-1] == (8, 8)
    assert {file.name for file in tmp_path.glob("offers*")} == {path.name} | (
        {written.head_file.name} if written.head_file else set()
    )


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_stopped_export_leaves_the_old_file_and_nothing_else(tmp_path: Path, form: Format) -> None:
    path = tmp_path / f"offers.{form}"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(Stopped):
        ExportJob(desk(tmp_path, filled()).context, OfferFilter(), is_stopped=lambda: True).to(path, form)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.glob("offers*")] == [path.name]


def test_a_folder_that_cannot_be_written_to_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="Choose another folder"):
        ExportJob(desk(tmp_path, filled()).context, OfferFilter()).to(tmp_path / "nowhere" / "offers.csv", "csv")


def test_only_what_meets_the_conditions_is_written(tmp_path: Path) -> None:
    path = tmp_path / "offers.csv"
    written = ExportJob(desk(tmp_path, filled()).context, OfferFilter(state="given", least=2054, currency="CNY")).to(
        path, "csv"
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Offer"] for row in csv.DictReader(file)] == ["OFF-5", "OFF-6", "OFF-7", "OFF-8"]
    assert written.offers == 4


@pytest.mark.parametrize("name", ["log.json", "log.csv.head.json"])
def test_a_log_is_held_against_its_export_and_against_the_head_beside_a_table(tmp_path: Path, name: str) -> None:
    store = filled()
    at = desk(tmp_path, store)
    path = tmp_path / name.removesuffix(".head.json")
    ExportJob(at.context, OfferFilter()).to(path, format_of(path))
    store.add_offer(an_offer("later"))
    verdict, difference = check_against(at.context, tmp_path / name)
    assert verdict.ok
    assert difference is None
    shorter = MemoryStore()
    shorter.add_offer(an_offer("other"))
    verdict, _difference = check_against(desk(tmp_path, shorter).context, tmp_path / name)
    assert not verdict.ok


def test_entries_made_while_an_export_runs_are_left_out(tmp_path: Path) -> None:
    store = filled()

    def meanwhile(done: int, total: int) -> None:
        store.add_offer(an_offer(f"meanwhile-{done}-{total}"))

    written = ExportJob(desk(tmp_path, store).context, OfferFilter(), progress=meanwhile).to(
        tmp_path / "log.json", "json"
    )
    assert (written.offers, written.head.seq) == (8, 9)


@pytest.mark.parametrize("engine", ["memory", "sqlite"])
def test_histories_come_whole_and_in_batches(tmp_path: Path, engine: str) -> None:
    store: Store = (
        MemoryStore() if engine == "memory" else open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    )
    for number in range(5):
        store.add_offer(an_offer(f"op-{number}", agent="小陈" if number == 2 else "小李"))
    store.decide(NewEvent(op_id="void", event="voided", offer="OFF-1", agent="小李", note="重复", at=NOW))
    first = store.histories(OfferFilter(agent="小李"), limit=2)
    assert [(entry.offer_seq, entry.event) for entry in first] == [(1, "offered"), (1, "voided"), (2, "offered")]
    rest = store.histories(OfferFilter(agent="小李"), after_seq=2, limit=9)
    assert [entry.seq for entry in rest] == [4, 5]
    assert store.histories(OfferFilter(agent="小李"), after_seq=5) == ()
    assert first[0].text("customer") == "王女士"
    store.close()


def test_a_name_without_a_format_is_refused_with_the_formats() -> None:
    with pytest.raises(Refused, match="--format"):
        format_of(Path("offers"))
    assert format_of(Path("offers.CSV")) == "csv"


@pytest.mark.slow
@pytest.mark.skipif(CALC is None, reason="LibreOffice is not installed (Debian: libreoffice-calc)")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_real_spreadsheet_program_reads_chinese_numbers_and_no_formula(tmp_path: Path, form: Format) -> None:
    """Opened by LibreOffice as by a person, and saved again: texts in quotes, numbers without, formulas as such."""
    path = tmp_path / f"offers.{form}"
    ExportJob(desk(tmp_path, filled()).context, OfferFilter()).to(path, form)
    reading = ["--infilter=CSV:44,34,76,1,,2052,false,true"] if form == "csv" else []
    subprocess.run(
        [
            str(CALC),
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            *reading,
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true",
            "--outdir",
            f"{tmp_path}/read",
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = (tmp_path / "read" / "offers.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    read = [row["Customer"].removeprefix("'") for row in rows]
    wanted = [clean_line(name).removeprefix("'") for name in HOSTILE]
    typeless = {"00123", "1e5"} if form == "csv" else set()  # a CSV has no types
    assert [one for one, name in zip(read, wanted, strict=True) if one != name and name not in typeless] == []
    for number, line in enumerate(text.splitlines()[1:]):
        assert re.search(rf',{(2050 + number) / 100:g}0?,"CNY",', line), line
        assert not re.search(r",[=+@]", line), line
    assert rows[0]["Promised sentence"] == "我们为您准备了一张 20 元优惠券。"


def test_on_windows_a_table_that_a_spreadsheet_holds_open_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent_assist import files

    def held(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(files, "ON_WINDOWS", True)
    monkeypatch.setattr(files, "MOVE_TIMEOUT", 0.05)
    monkeypatch.setattr(Path, "replace", held)
    path = tmp_path / "offers.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(NotSaved, match=r"Another program holds offers\.csv open"):
        ExportJob(desk(tmp_path, filled()).context, OfferFilter()).to(path, "csv")
    assert [file.name for file in tmp_path.glob("offers*")] == [path.name]
    assert path.read_text(encoding="utf-8") == "old"
