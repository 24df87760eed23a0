"""`incident report`: printed, saved, and refused to customers while it lasts."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_announce import OPEN


def test_the_teams_report_is_printed_in_a_language(run: Run) -> None:
    run(*OPEN, "--cause-internal", "secret")
    ran = run("incident", "report", "--lang", "en")
    assert ran.out.startswith("# Incident review: Sign-in outage\n")
    assert "secret" in ran.out


def test_customers_get_none_before_it_is_over(run: Run) -> None:
    run(*OPEN)
    ran = run("incident", "report", "--customer")
    assert (ran.code, ran.out) == (1, "")
    assert "incident announce" in ran.err


def test_customers_get_one_without_the_internal_cause_as_a_file(run: Run, tmp_path: Path) -> None:
    run(*OPEN, "--cause-internal", "secret")
    run("incident", "resolve", "INC-1")
    file = tmp_path / "report.md"
    ran = run("incident", "report", "--customer", "--lang", "zh", "--save", str(file))
    assert (ran.code, ran.out) == (0, "")
    text = file.read_text("utf-8")
    assert text.startswith("# 关于 11月20日登录故障的说明")
    assert "secret" not in text
    assert run("incident", "report", "--save", str(tmp_path / "none" / "x.md")).code == 1
    assert "secret" not in run("incident", "report", "--customer", "--json").json["markdown"]
