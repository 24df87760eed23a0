"""The stored index of a large book: used when whole, built anew when anything is wrong, shared by many readers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.index import NUMPY_FROM_ROWS

BOOK = [Phrase(id=f"p{n}", title={"zh": f"第{n}号说明"}, text={"zh": "正文"}) for n in range(NUMPY_FROM_ROWS)]
BOOK.append(Phrase(id="refund", title={"zh": "退款进度查询"}, text={}))


def open_book(folder: Path, book: list[Phrase] = BOOK) -> tuple[list[str], int]:
    """What a query finds, and how many rows had to be built."""
    built = [0]
    index = Index(book, cache=folder, progress=built.append)
    return [hit.phrase.id for hit in index.search("tuikuan")], built[-1]


def test_the_second_start_builds_nothing(tmp_path: Path) -> None:
    assert open_book(tmp_path) == (["refund"], len(BOOK))
    assert open_book(tmp_path) == (["refund"], 0)


def test_a_changed_book_never_uses_the_file_of_the_old_one(tmp_path: Path) -> None:
    open_book(tmp_path)
    assert open_book(tmp_path, BOOK[:-1]) == ([], len(BOOK) - 1)


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[:-10],
        lambda content: content[:0],
        lambda content: b"\0" * len(content),
        lambda content: content[:5000] + b"x" + content[5001:],
        lambda content: b"agent-assist search index\n{]" + content[28:],
    ],
    ids=["cut", "empty", "zeroed", "one byte changed", "wrong head"],
)
def test_a_damaged_file_is_replaced(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    open_book(tmp_path)
    (file,) = tmp_path.glob("*.index")
    file.write_bytes(harm(file.read_bytes()))
    assert open_book(tmp_path) == (["refund"], len(BOOK))
    assert open_book(tmp_path) == (["refund"], 0)


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    assert open_book(tmp_path / "taken") == (["refund"], len(BOOK))


def test_many_starts_at_once_all_find_and_leave_one_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(open_book, [tmp_path] * 6))
    assert all(found == ["refund"] for found, _ in results)
    assert [path.suffix for path in tmp_path.iterdir()] == [".index"]


def test_only_a_few_files_of_earlier_books_stay(tmp_path: Path) -> None:
    for size in range(6):
        open_book(tmp_path, [*BOOK, *(Phrase(id=f"x{n}", title={"zh": "新"}, text={}) for n in range(size))])
    assert len(list(tmp_path.iterdir())) == 4


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    open_book(tmp_path)
    (file,) = tmp_path.glob("*.index")
    assert file.stat().st_mode & 0o077 == 0
