"""A copy that a sync program, an editor or a person left beside a book never takes a phrase over, and is named."""

import os
import time
from pathlib import Path

import pytest

from agent_assist.phrasebook import Library, load
from agent_assist.phrasebook.folders import MAX_FOLDER_DEPTH


def book(*ids: str, text: str = "新") -> str:
    return "".join(f'[[phrase]]\nid = "{one}"\nlang = "zh"\ntitle = "{one}"\ntext = "{text}"\n' for one in ids)


def texts(library: Library) -> dict[str, str]:
    return {phrase.id: phrase.text["zh"] for phrase in library.phrases}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "team-book.toml").write_text(book("a-b", "c-d"), "utf-8")
    return folder


COPIES = [
    "team-book (conflicted copy 2026-11-20).toml",
    "team-book (PC-2's conflicted copy 2026-11-20 (1)).toml",
    "team-book (Case Conflict).toml",
    "team-book (小李的冲突副本 2026-11-20).toml",
    "team-book(小李的冲突副本).toml",
    "team-book_冲突文件_20261120.toml",
    "team-book (copie en conflit de PC2 2026-11-20).toml",
    "team-book (In Konflikt stehende Kopie von PC2).toml",
    "team-book (SFConflict li@example.com 2026-11-20-10-10-10).toml",
    "team-book.sync-conflict-20261120-101010-ABCDEFG.toml",
    "team-book_conflict-20261120-101010.toml",
    "team-book_conf(1).toml",
    "team-book - Copy.toml",
    "team-book - Copy (2).toml",
    "team-book - 副本.toml",
    "team-book - 副本 (2).toml",
    "team-book的副本.toml",
    "team-book 拷贝.toml",
    "Copy of team-book.toml",
    "副本team-book.toml",
    "team-book (1).toml",
    "team-book(2).toml",
    "TEAM-BOOK (3).TOML",
    "team-book-PC2.toml",
    "team-book-DESKTOP-7QK2P1.toml",
    "team-book-Li’s MacBook.toml",
    "team-book 2.toml",
    "team-book copy.toml",
    "team-book.old.toml",
    "team-book_backup.toml",
    "team-book~.toml",
    "team-book.toml~",
    "team-book.toml.bak",
    "team-book.toml.orig",
    "#team-book.toml#",
    "team-book.toml.txt",
    "team-book.toml (conflicted copy).toml",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_beside_its_book_is_named_and_not_read(books: Path, name: str) -> None:
    (books / name).write_text(book("a-b", "withdrawn-promise", text="旧"), "utf-8")
    library = load([books])
    assert texts(library) == {"a-b": "新", "c-d": "新"}
    assert [Path(problem.file).name for problem in library.problems] == [name]


@pytest.mark.parametrize("name", [".team-book.toml.swp", ".#team-book.toml", "team-book.tomlx1.part", "README.md"])
def test_what_programs_keep_for_themselves_is_passed_without_a_word(books: Path, name: str) -> None:
    (books / name).write_text(book("a-b", text="旧"), "utf-8")
    library = load([books])
    assert (texts(library), library.problems) == ({"a-b": "新", "c-d": "新"}, ())


@pytest.mark.parametrize(
    "name",
    [
        "team-book-pc.toml",
        "team-book 2.toml",
        "team-book-old.toml",
        "order-conflict.toml",
        "copy.toml",
        "副本说明.toml",
    ],
)
def test_a_book_of_its_own_is_read_whatever_it_is_called(books: Path, name: str) -> None:
    (books / name).write_text(book("e-f"), "utf-8")
    library = load([books])
    assert (texts(library), library.problems) == ({"a-b": "新", "c-d": "新", "e-f": "新"}, ())


def test_a_copy_without_its_book_is_a_book(books: Path) -> None:
    (books / "team-book.toml").rename(books / "team-book (1).toml")
    assert load([books]).problems == ()


def test_a_file_that_comes_later_takes_no_id_away_and_is_the_one_to_blame(books: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load([books], cache)
    (books / "aaa.toml").write_text("\n" + book("a-b", "new-one", text="旧"), "utf-8")
    later = time.time() + 5
    os.utime(books / "team-book.toml", (later, later))  # the older book was edited since
    (books / "team-book.toml").chmod(0o600)
    library = load([books], cache)
    assert texts(library) == {"new-one": "旧", "a-b": "新", "c-d": "新"}
    (problem,) = library.problems
    assert Path(problem.file).name == "aaa.toml"
    assert "team-book.toml:1" in problem.reason
    (books / "team-book.toml").write_text(book("c-d"), "utf-8")
    assert texts(load([books], cache))["a-b"] == "旧"


def test_without_anything_remembered_the_plain_name_and_then_the_older_file_keeps_the_id(books: Path) -> None:
    time.sleep(0.02)
    (books / "aaa.toml").write_text(book("a-b", text="旧"), "utf-8")
    (books / "team-book-z.toml").write_text(book("c-d", "e-f", "g-h", text="旧"), "utf-8")
    library = load([books])
    assert texts(library) == {"a-b": "新", "c-d": "新", "e-f": "旧", "g-h": "旧"}
    assert sorted(Path(problem.file).name for problem in library.problems) == ["aaa.toml", "team-book-z.toml"]


def test_a_book_does_not_lose_its_ids_while_it_is_broken(books: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load([books], cache)
    whole = (books / "team-book.toml").read_text("utf-8")
    (books / "team-book.toml").write_text("[[phrase]\n", "utf-8")
    (books / "aaa.toml").write_text(book("a-b", text="旧"), "utf-8")
    load([books], cache)
    (books / "team-book.toml").write_text(whole, "utf-8")
    assert texts(load([books], cache))["a-b"] == "新"


def test_a_file_that_had_the_id_first_is_no_copy_of_a_plainer_name(books: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (books / "team-book.toml").rename(books / "team-book-v2.toml")
    load([books], cache)
    (books / "team-book.toml").write_text(book("a-b", "c-d", text="旧"), "utf-8")
    assert texts(load([books], cache)) == {"a-b": "新", "c-d": "新"}


def test_an_unreadable_memory_of_owners_costs_nothing(books: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "phrasebooks.owners").write_bytes(b"\xff\xff")
    assert texts(load([books], cache)) == {"a-b": "新", "c-d": "新"}


def test_linked_folders_and_capital_suffixes_are_read(books: Path, tmp_path: Path) -> None:
    (tmp_path / "share" / "deep").mkdir(parents=True)
    (tmp_path / "share" / "deep" / "BOOK.TOML").write_text(book("e-f"), "utf-8")
    (books / "team").symlink_to(tmp_path / "share")
    (books / "again").symlink_to(tmp_path / "share")
    (tmp_path / "share" / "round").symlink_to(tmp_path / "share")
    (tmp_path / "share" / "up").symlink_to(books)
    library = load([books])
    assert (set(texts(library)), library.problems) == ({"a-b", "c-d", "e-f"}, ())


def test_links_that_lead_nowhere_and_endless_folders_are_named(books: Path, tmp_path: Path) -> None:
    (books / "gone").symlink_to(tmp_path / "nowhere")
    deep = books / "/".join(["d"] * (MAX_FOLDER_DEPTH + 2))
    deep.mkdir(parents=True)
    (deep / "x.toml").write_text(book("e-f"), "utf-8")
    library = load([books])
    assert set(texts(library)) == {"a-b", "c-d"}
    assert sorted(problem.reason for problem in library.problems) == [
        "Not read: the folders are nested too deeply here.",
        "This link leads nowhere.",
    ]
