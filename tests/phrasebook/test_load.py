"""Whatever a phrasebook file holds, the rest of the library stays in use and the mistake is named with its place."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent_assist import locale
from agent_assist.phrasebook import Library, load
from agent_assist.phrasebook.load import MAX_BOOK_SIZE
from tests.phrasebook.conftest import ENTRY, Read


def named(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Rows as parameters, named by their first column."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


BROKEN_FILES: list[tuple[str, bytes, int, str]] = [
    ("a value without quotes", b"[[phrase]]\nid = login\n", 2, "Not valid TOML"),
    ("a table that is not closed", b'[[phrase]\nid = "a-b"\n', 1, "Not valid TOML"),
    ("Latin-1", 'id = "caf\xe9"'.encode("latin-1"), 1, "not UTF-8"),
    ("UTF-16", "﻿[[phrase]]".encode("utf-16-le"), 1, "not UTF-8"),
    ("a NUL byte", b'[[phrase]]\nid = "a\x00b"\n', 2, "Not valid TOML"),
    ("lists in lists without end", b"a = " + b"[" * 50_000, 0, "nested too deeply"),
    ("a key without end", b"[[phrase]]\ntitle" + b".a" * 20_000 + b" = 1", 2, "nested too deeply"),
    ("a key without end in a table", b"x = { a" + b" . 'a'" * 20_000 + b" = 1 }", 1, "nested too deeply"),
    ("a number of 5,000 digits", b"[[phrase]]\nconfirm = " + b"1" * 5_000, 0, "digits"),
    ("a date that does not exist", b"[[phrase]]\nreview_by = 2027-13-45\n", 2, "Not valid TOML"),
    ("an entry that is not a list", b'[phrase]\nid = "a-b"\n', 1, "written as [[phrase]]"),
    ("a key twice", b'[[phrase]]\nid = "a-b"\nid = "a-b"\n', 3, "Not valid TOML"),
]


@pytest.mark.parametrize(("content", "line", "reason"), named(BROKEN_FILES))
def test_a_broken_file_is_named_and_the_others_stay_in_use(read: Read, content: bytes, line: int, reason: str) -> None:
    library = read(good=ENTRY, bad=content)
    assert [phrase.id for phrase in library.phrases] == ["login-apology"]
    (problem,) = library.problems
    assert problem.file.endswith("bad.toml")
    assert problem.severity == "error"
    assert reason in problem.reason
    assert problem.line == line


def entry(**changed: str) -> str:
    """A sound entry with some keys replaced by TOML source."""
    keys = {"id": '"a-b"', "kind": '"status"', "title": '{ zh = "题" }', "text": '{ zh = "文" }'} | changed
    return "[[phrase]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value)


BROKEN_ENTRIES = [
    ("no id", (1, 0), entry(id=""), "“id” is missing."),
    ("an empty id", (2, 1), entry(id='"  "'), "The entry has no id."),
    ("no text", (5, 1), entry(text="{}"), "The entry has no text."),
    ("an empty text", (5, 10), entry(text='{ zh = " " }'), "The text is empty in: zh."),
    ("a text without title", (4, 1), entry(text='{ zh = "文", en = "text" }'), "The title is missing in: en."),
    (
        "a kind that does not exist",
        (3, 1),
        entry(kind='"apolgy"'),
        "“kind” cannot be “apolgy”. Choose from: empathy, apology, ",
    ),
    (
        "a stage that does not exist",
        (6, 11),
        entry(stages='["open"]'),
        "“stages” cannot be “open”. Choose from: investigating, ",
    ),
    ("tags that are no list", (6, 1), entry(tags='"login"'), "“tags” must be a list, not a text."),
    ("a date in quotes", (6, 1), entry(review_by='"soon"'), "“review_by” must be a date like 2027-06-01, not a text."),
    ("plain text without its language", (4, 1), entry(text='"文"', title='"题"'), 'needs lang = "zh" or "en"'),
    ("tables in tables", (5, 1), entry(title="") + "title" + ".a" * 12 + " = 1\n", "nested too deeply"),
    (
        "a control that does not exist",
        (6, 18),
        entry(fields='{ x = { control = "slider" } }'),
        "“fields.control” cannot be “slider”",
    ),
]


@pytest.mark.parametrize(("place", "content", "reason"), named(BROKEN_ENTRIES))
def test_a_broken_entry_loses_only_itself_and_names_the_place(
    read: Read, place: tuple[int, int], content: str, reason: str
) -> None:
    library = read(book=content + ENTRY)
    assert [phrase.id for phrase in library.phrases] == ["login-apology"]
    (problem,) = library.problems
    assert reason in problem.reason
    assert (problem.line, problem.column) == place


def test_reasons_are_told_in_the_language_of_the_interface(read: Read) -> None:
    locale.use("zh")
    (problem,) = read(book="[[phrase]]\n").problems
    assert problem.reason == "缺少“id”。"


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(read: Read) -> None:
    library = read(book=b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())
    assert library.problems == ()
    assert library.phrases[0].text["zh"] == "{{ customer.name }}，抱歉。"


def test_plain_text_with_a_language_is_enough_to_start(read: Read) -> None:
    (phrase,) = read(book=entry(title='"题"', text='"文"', lang='"zh"')).phrases
    assert (phrase.title, phrase.text) == ({"zh": "题"}, {"zh": "文"})


def test_unknown_keys_are_named_and_lose_nothing(read: Read) -> None:
    library = read(book="titel = 1\n" + entry(txt='"x"', fields='{ gift = { lable = "x", default = "券" } }'))
    assert [phrase.fields["gift"].default for phrase in library.phrases] == ["券"]
    assert {problem.severity for problem in library.problems} == {"warning"}
    assert [problem.reason.split("”")[0] for problem in library.problems] == [
        "Unknown key “titel",
        "Unknown key “txt",
        "Unknown key “fields.gift.lable",
    ]
    assert [(problem.line, problem.column) for problem in library.problems] == [(1, 1), (7, 1), (8, 21)]


def test_an_id_used_twice_names_the_first_place_and_keeps_the_first(read: Read) -> None:
    library = read(a=entry(text='{ zh = "一" }'), b="\n\n" + entry(text='{ zh = "二" }'))
    assert [phrase.text["zh"] for phrase in library.phrases] == ["一"]
    (problem,) = library.problems
    assert problem.file.endswith("b.toml")
    assert problem.line == 3
    assert "a.toml:1" in problem.reason


def test_a_later_folder_replaces_a_phrase_without_complaint(tmp_path: Path) -> None:
    for folder, text in (("shipped", "旧"), ("own", "新")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.toml").write_text(entry(text=f'{{ zh = "{text}" }}'), "utf-8")
    library = load([tmp_path / "shipped", tmp_path / "own"])
    assert [phrase.text["zh"] for phrase in library.phrases] == ["新"]
    assert library.problems == ()


def test_control_characters_and_line_breaks_cannot_hide_in_titles(read: Read) -> None:
    (phrase,) = read(book=entry(title='{ zh = "退款\\u001b[2J\\n第二行\\u202e" }')).phrases
    assert phrase.title["zh"] == "退款␛[2J 第二行�"


def test_lines_are_counted_past_entries_that_only_look_like_entries(read: Read) -> None:
    disguised = (
        entry(text='{ zh = """\n[[phrase]]\n""" }') + '# [[phrase]]\nwhen = """\n[[phrase]]"""\n' + entry(id='"c-d"')
    )
    assert [phrase.line for phrase in read(book=disguised).phrases] == [1, 11]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert reasons(load([tmp_path])) == ["This is not a regular file."]


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "huge.toml").open("wb") as file:
        file.truncate(100 * MAX_BOOK_SIZE)
    before = time.perf_counter()
    assert reasons(load([tmp_path])) == ["This file is larger than 5 MB."]
    assert time.perf_counter() - before < 30


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    assert reasons(load([tmp_path / "gone"])) == ["This phrasebook folder does not exist."]


def test_hidden_folders_and_the_synonyms_of_search_are_no_books(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.toml").write_text("broken", "utf-8")
    (tmp_path / "synonyms.toml").write_text("also = 'not a book'", "utf-8")
    assert load([tmp_path]) == Library()


@pytest.mark.parametrize(
    "entry",
    [
        'title.zh = "' + "登录" * 500_000 + '"',
        'title.zh = "题"\nkeywords = [' + '"登录",' * 100_000 + "]",
        'title.zh = "题"\nkeywords = ["' + "登录" * 100_000 + '"]',
        'title.zh = "题"\n[phrase.fields]\n' + "\n".join(f'f{n} = {{ label = "x" }}' for n in range(20_000)),
    ],
)
def test_an_entry_of_any_size_costs_itself_and_no_time(read: Read, entry: str) -> None:
    sound = '[[phrase]]\nid = "sound"\ntitle.zh = "题"\ntext.zh = "好"\n'
    library = read(book=f'{sound}[[phrase]]\nid = "huge"\ntext.zh = "好"\n{entry}\n')
    assert [phrase.id for phrase in library.phrases] == ["sound"]
    assert len(reasons(library)) == 1


def reasons(library: Library) -> list[str]:
    return [problem.reason for problem in library.problems]
