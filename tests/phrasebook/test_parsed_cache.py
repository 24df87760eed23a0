"""Books that were parsed once are read from the cache, and whatever happens to it only costs time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist import locale
from agent_assist.phrasebook import book_file, load
from agent_assist.settings import shipped_phrasebooks
from tests.phrasebook.conftest import ENTRY


@pytest.fixture
def books(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "login.toml").write_text(ENTRY, encoding="utf-8")
    (folder / "broken.toml").write_text("[[phrase]\n", encoding="utf-8")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def parsed_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    whole = book_file.parse

    def parse(content: bytes, *, name: str, book: str) -> object:
        names.append(Path(name).name)
        return whole(content, name=name, book=book)

    monkeypatch.setattr(book_file, "parse", parse)
    return names


def test_what_was_read_before_is_not_parsed_again(books: Path, cache: Path, parsed_names: list[str]) -> None:
    first = load([books], cache)
    assert sorted(parsed_names) == ["broken.toml", "login.toml"]
    assert load([books], cache) == first
    assert len(parsed_names) == 2


def test_only_the_file_that_changed_is_parsed(books: Path, cache: Path, parsed_names: list[str]) -> None:
    load([books], cache)
    (books / "login.toml").write_text(ENTRY.replace("login-apology", "login-sorry"), encoding="utf-8")
    assert [phrase.id for phrase in load([books], cache).phrases] == ["login-sorry"]
    assert parsed_names.count("login.toml") == 2
    assert parsed_names.count("broken.toml") == 1


def test_problems_are_told_in_the_language_in_use(books: Path, cache: Path) -> None:
    english = load([books], cache).problems
    locale.use("zh")
    try:
        chinese = load([books], cache).problems
    finally:
        locale.use("en")
    assert english[0].reason != chinese[0].reason


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        damaged,
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
        lambda path: path.write_bytes(b""),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["a bit is flipped", "its end is missing", "it is empty", "it is a folder"],
)
def test_a_spoilt_cache_is_never_believed(books: Path, cache: Path, harm: Callable[[Path], object]) -> None:
    first = load([books], cache)
    for kept in cache.iterdir():
        harm(kept)
    assert load([books], cache) == first


def test_a_folder_that_cannot_be_written_to_costs_only_time(books: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load([books], tmp_path / "file" / "cache") == load([books])


def test_the_shipped_books_come_out_of_the_cache_as_they_went_in(cache: Path) -> None:
    first = load([shipped_phrasebooks()], cache)
    assert load([shipped_phrasebooks()], cache) == first
    assert first == load([shipped_phrasebooks()])
