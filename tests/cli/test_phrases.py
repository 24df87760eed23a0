"""`phrases` and `doctor`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FILTERS = [
    ((), ["login-apology", "refund-status"]),
    (("--retired",), ["login-apology", "refund-status", "old-closing"]),
    (("--kind", "apology"), ["login-apology"]),
    (("--stage", "resolved"), ["refund-status"]),
    (("--lang", "en"), ["login-apology"]),
    (("--scene", "merchant-to-customer"), ["refund-status"]),
    (("--tag", "登录"), ["login-apology"]),
    (("--tag", "登录", "--kind", "faq"), []),
]


@pytest.mark.parametrize(("conditions", "ids"), FILTERS)
def test_the_list_keeps_what_fits_every_condition(
    run: Run, small: str, conditions: tuple[str, ...], ids: list[str]
) -> None:
    listed = run("phrases", "list", "--phrasebook", small, *conditions, "--json").json
    assert [phrase["id"] for phrase in listed] == ids


def test_the_list_for_people_has_titles_in_the_language_of_the_interface(run: Run, small: str) -> None:
    ran = run("phrases", "list", "--phrasebook", small)
    assert ran.out.splitlines()[1] == "login-apology  Apology: cannot sign in  apology  investigating  zh,en"
    assert ran.err == "Phrases: 2 of 3.\n"


def test_show_prints_the_raw_template(run: Run, small: str) -> None:
    ran = run("phrases", "show", "login-apology", "--phrasebook", small)
    assert "[zh] 登录失败致歉\n{{ customer.name }}，抱歉。" in ran.out
    assert "book.toml:2" in ran.out
    only = run("phrases", "show", "login-apology", "--phrasebook", small, "--lang", "en")
    assert "抱歉" not in only.out
    assert run("phrases", "show", "refund-status", "--phrasebook", small, "--lang", "en").code == 1


def test_show_of_an_unknown_phrase_says_how_to_list_them(run: Run, small: str) -> None:
    ran = run("phrases", "show", "nope", "--phrasebook", small)
    assert (ran.code, ran.out) == (1, "")
    assert "phrases list" in ran.err


def test_lint_names_file_and_line_and_exits_1_only_for_errors(run: Run, books: Callable[[str], str]) -> None:
    warned = books('[[phrase]]\nid = "a-b"\ntitle = { zh = "题" }\ntext = { zh = "{{ customer.name }}" }\n')
    ran = run("phrases", "lint", "--phrasebook", warned)
    assert ran.code == 0
    assert re.search(r"book\.toml:1: warning: The text is missing in: en\. \[a-b\]\n", ran.out)
    wrong = books('\n[[phrase]]\nid = "a-b"\ntitle = { zh = "题" }\ntext = { zh = "{{ customer.nmae }}" }\n')
    ran = run("phrases", "lint", "--phrasebook", wrong)
    assert ran.code == 1
    assert "book.toml:2: error: Nothing fills “customer.nmae”." in ran.out
    assert ran.err == "Phrases: 1. Errors: 1. Warnings: 1.\n"


def test_lint_as_json_has_place_and_severity(run: Run, books: Callable[[str], str]) -> None:
    (problem,) = run("phrases", "lint", "--phrasebook", books("[[phrase]"), "--json").json
    assert (problem["line"], problem["column"], problem["severity"]) == (1, 9, "error")


def test_lint_names_a_wrong_value_as_editors_link_to_it(run: Run, books: Callable[[str], str]) -> None:
    wrong = books('[[phrase]]\nid = "a-b"\ntitle.zh = "题"\ntext.zh = "文"\nchannels = ["chat", "fax"]\n')
    ran = run("phrases", "lint", "--phrasebook", wrong)
    assert "book.toml:5:21: error: “channels” cannot be “fax”." in ran.out


def test_the_shipped_books_have_no_errors(run: Run) -> None:
    ran = run("phrases", "lint")
    assert (ran.code, [line for line in ran.out.splitlines() if ": error: " in line]) == (0, [])


def test_doctor_looks_at_everything_and_creates_nothing(run: Run, tmp_path: Path) -> None:
    found = {each["name"]: each for each in run("doctor", "--json").json}
    names = {"home", "settings", "time_zone", "terminal", "locale", "clipboard", "database", "phrasebooks"}
    assert set(found) == names
    assert not (tmp_path / "home").exists()
    assert found["database"]["exists"] is False
    assert found["phrasebooks"]["phrases"] > 0
    assert found["clipboard"]["osc52"] is True


def test_doctor_tells_engine_version_journal_and_place_of_the_database(run: Run, tmp_path: Path) -> None:
    from agent_assist.store import open_store

    open_store(f"sqlite:///{tmp_path / 'home' / 'desk.db'}", home=tmp_path / "home").close()
    database = {each["name"]: each for each in run("doctor", "--json").json}["database"]
    assert (database["engine"], database["journal"], database["state"]) == ("SQLite", "delete", "ok")
    assert database["place"] == str(tmp_path / "home" / "desk.db")


def test_doctor_warns_of_a_folder_that_others_can_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    home = run("doctor", "--json").json[0]
    assert (home["state"], home["mode"]) == ("note", "0755")
    assert str(tmp_path / "home") in home["hint"]


def test_doctor_exits_1_when_a_database_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", "oracle://u:hunter2@h/d")
    ran = run("doctor")
    assert ran.code == 1
    assert "✗ Database" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_lint_names_what_is_wrong_with_synonyms_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('[[group]]\nwords = ["登不上"]\n', "utf-8")
    ran = run("phrases", "lint", "--phrasebook", str(tmp_path))
    assert "synonyms.toml:1: " in ran.out
