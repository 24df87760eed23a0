"""What is saved into a phrasebook is found without a restart, and a mistake takes nothing away."""

from pathlib import Path

import pytest

from agent_assist.desk.shelf import FEW, Shelf


def entry(number: int, title: str) -> str:
    return f'[[phrase]]\nid = "phrase-{number}"\nlang = "zh"\ntitle = "{title}"\ntext = "正文 {number}"\n'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    path = folder / "team.toml"
    path.write_text(entry(1, "退款进度") + entry(2, "登录失败"), "utf-8")
    return path


@pytest.fixture
def shelf(book: Path, tmp_path: Path) -> Shelf:
    shelf = Shelf((book.parent,), tmp_path / "cache")
    assert found(shelf, "退款") == ["phrase-1"]
    return shelf


def found(shelf: Shelf, query: str) -> list[str]:
    return [hit.phrase.id for hit in shelf.index.search(query)]


def restock(shelf: Shelf) -> int:
    new = shelf.restock()
    assert new is not None
    shelf.take(new)
    return new.changed


def test_nothing_is_read_again_while_no_file_changes(shelf: Shelf) -> None:
    assert shelf.restock() is None


def test_a_phrase_that_was_added_changed_or_taken_out_is_found_so(shelf: Shelf, book: Path) -> None:
    book.write_text(entry(2, "验证码收不到") + entry(3, "发票抬头"), "utf-8")
    assert restock(shelf) == 3
    assert found(shelf, "验证码") == ["phrase-2"]
    assert found(shelf, "发票") == ["phrase-3"]
    assert "phrase-1" not in found(shelf, "退款")
    assert shelf.restock() is None


def test_a_comment_above_changes_no_phrase(shelf: Shelf, book: Path) -> None:
    book.write_text("# for the lead\n\n" + book.read_text("utf-8"), "utf-8")
    assert restock(shelf) == 0


def test_a_file_with_a_mistake_keeps_what_it_said_before(shelf: Shelf, book: Path) -> None:
    book.write_text(entry(1, "退款进度") + "[[phrase]\n", "utf-8")
    assert restock(shelf) == 0
    assert found(shelf, "登录") == ["phrase-2"]
    assert [problem.severity for problem in shelf.library.problems] == ["error"]
    book.write_text(entry(1, "退款进度"), "utf-8")
    assert restock(shelf) == 1
    assert found(shelf, "登录") == []


def test_a_new_file_of_many_phrases_is_found(shelf: Shelf, book: Path) -> None:
    many = "".join(entry(number, f"优惠券 {number}") for number in range(10, 12 + FEW))
    (book.parent / "more.toml").write_text(many, "utf-8")
    assert restock(shelf) == FEW + 2
    assert len(found(shelf, "优惠券")) == 10


def test_synonyms_count_as_soon_as_they_are_saved(shelf: Shelf, book: Path) -> None:
    assert found(shelf, "zorblax") == []
    (book.parent / "synonyms.toml").write_text('[[group]]\nwords = ["zorblax", "退款"]\n', "utf-8")
    restock(shelf)
    assert found(shelf, "zorblax") == ["phrase-1"]
