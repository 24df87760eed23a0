"""`offer export` writes files people and programs can use, and `verify --against` holds a later log against one."""

import csv
import json
from pathlib import Path

from agent_assist.store import MemoryStore
from tests.cli.conftest import Run


def add(run: Run, customer: str, amount: str = "20") -> None:
    run("offer", "add", "--kind", "coupon", "--amount", amount, "--customer", customer, "--sentence", "送您一张券")


def test_a_table_for_people_has_a_head_beside_it_that_says_where_the_log_stood(run: Run, tmp_path: Path) -> None:
    add(run, "王女士")
    add(run, "=2+5", "18.50")
    file = tmp_path / "offers.csv"
    ran = run("offer", "export", str(file))
    assert "2 offers" in ran.out
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
    assert [row["Customer"] for row in rows] == ["王女士", "'=2+5"]
    beside = json.loads((tmp_path / "offers.csv.head.json").read_text("utf-8"))
    assert beside["head"]["seq"] == 2


def test_only_what_was_asked_for_is_written(run: Run, tmp_path: Path) -> None:
    add(run, "王女士")
    add(run, "陈先生")
    run("offer", "export", str(tmp_path / "one.csv"), "--customer", "陈先生")
    rows = list(csv.DictReader((tmp_path / "one.csv").open(encoding="utf-8-sig")))
    assert [row["Customer"] for row in rows] == ["陈先生"]


def test_a_log_that_only_grew_agrees_with_an_earlier_export(run: Run, tmp_path: Path) -> None:
    add(run, "王女士")
    run("offer", "export", str(tmp_path / "log.json"))
    add(run, "陈先生")
    assert run("offer", "verify", "--against", str(tmp_path / "log.json")).code == 0


def test_a_log_that_is_another_one_is_found_out(run: Run, tmp_path: Path, store: MemoryStore) -> None:
    add(run, "王女士")
    file = tmp_path / "log.json"
    run("offer", "export", str(file))
    add(run, "陈先生")
    later = tmp_path / "later.json"
    run("offer", "export", str(later))
    vars(store).update(vars(MemoryStore()))  # the log is begun anew, as somebody would who has something to hide
    add(run, "王女士", "2")
    ran = run("offer", "verify", "--against", str(file))
    assert ran.code == 5
    assert "#1" in ran.out + ran.err
    assert run("offer", "verify", "--against", str(later)).code == 5


def test_a_file_that_is_no_export_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    ran = run("offer", "verify", "--against", str(tmp_path / "other.json"))
    assert ran.code == 1
    assert "other.json: This is not an export of the offer log." in ran.err
