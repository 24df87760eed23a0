"""What is saved into a phrasebook is found without a restart, and a mistake takes nothing away."""

from pathlib import Path

import pytest

from agent_assist.services.live_library import MAX_UPDATES_IN_PLACE, LiveLibrary


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
def live_library(book: Path, tmp_path: Path) -> LiveLibrary:
    live_library = LiveLibrary((book.parent,), tmp_path / "cache")
    assert found(live_library, "退款") == ["phrase-1"]
    return live_library


def found(live_library: LiveLibrary, query: str) -> list[str]:
    return [hit.phrase.id for hit in live_library.index.search(query)]


def reload(live_library: LiveLibrary) -> int:
    new = live_library.reload()
    assert new is not None
    live_library.apply(new)
    return new.changed


def test_nothing_is_read_again_while_no_file_changes(live_library: LiveLibrary) -> None:
    assert live_library.reload() is None


def test_a_phrase_that_was_added_changed_or_taken_out_is_found_so(live_library: LiveLibrary, book: Path) -> None:
    book.write_text(entry(2, "验证码收不到") + entry(3, "发票抬头"), "utf-8")
    assert reload(live_library) == 3
    assert found(live_library, "验证码") == ["phrase-2"]
    assert found(live_library, "发票") == ["phrase-3"]
    assert "phrase-1" not in found(live_library, "退款")
    assert live_library.reload() is None


def test_a_comment_above_changes_no_phrase(live_library: LiveLibrary, book: Path) -> None:
    book.write_text("# for the lead\n\n" + book.read_text("utf-8"), "utf-8")
    assert reload(live_library) == 0


def test_a_file_with_a_mistake_keeps_what_it_said_before(live_library: LiveLibrary, book: Path) -> None:
    book.write_text(entry(1, "退款进度") + "[[phrase]\n", "utf-8")
    assert reload(live_library) == 0
    assert found(live_library, "登录") == ["phrase-2"]
    assert [problem.severity for problem in live_library.library.problems] == ["error"]
    book.write_text(entry(1, "退款进度"), "utf-8")
    assert reload(live_library) == 1
    assert found(live_library, "登录") == []


def test_a_new_file_of_many_phrases_is_found(live_library: LiveLibrary, book: Path) -> None:
    many = "".join(entry(number, f"优惠券 {number}") for number in range(10, 12 + MAX_UPDATES_IN_PLACE))
    (book.parent / "more.toml").write_text(many, "utf-8")
    assert reload(live_library) == MAX_UPDATES_IN_PLACE + 2
    assert len(found(live_library, "优惠券")) == 10


def test_synonyms_count_as_soon_as_they_are_saved(live_library: LiveLibrary, book: Path) -> None:
    assert found(live_library, "zorblax") == []
    (book.parent / "synonyms.toml").write_text('[[group]]\nwords = ["zorblax", "退款"]\n', "utf-8")
    reload(live_library)
    assert found(live_library, "zorblax") == ["phrase-1"]


OLD = entry(1, "退款七天到账")


@pytest.mark.parametrize("name", ["team (conflicted copy 2026-11-20).toml", "team-PC2.toml", "a.toml"])
def test_a_file_that_comes_later_never_takes_over_what_is_in_use(
    live_library: LiveLibrary, book: Path, name: str
) -> None:
    (book.parent / name).write_text(OLD, "utf-8")
    assert reload(live_library) == 0
    assert said(live_library, "phrase-1") == "退款进度"
    (problem,) = live_library.library.problems
    assert problem.file.endswith(name)
    assert live_library.reload() is None


def test_an_id_stays_with_its_file_also_where_nothing_can_be_remembered(book: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder", "utf-8")
    live_library = LiveLibrary((book.parent,), tmp_path / "cache")
    assert said(live_library, "phrase-1") == "退款进度"
    (book.parent / "a.toml").write_text(OLD, "utf-8")
    book.write_text(book.read_text("utf-8") + "# edited\n", "utf-8")
    assert reload(live_library) == 0
    assert said(live_library, "phrase-1") == "退款进度"


def test_what_is_in_use_stays_while_its_file_is_broken_and_another_claims_it(
    live_library: LiveLibrary, book: Path
) -> None:
    whole = book.read_text("utf-8")
    book.write_text("[[phrase]\n", "utf-8")
    (book.parent / "a.toml").write_text(OLD + entry(3, "发票"), "utf-8")
    assert reload(live_library) == 1
    assert said(live_library, "phrase-1") == "退款进度"
    assert [Path(problem.file).name for problem in live_library.library.problems] == ["team.toml", "a.toml"]
    book.write_text(whole, "utf-8")
    reload(live_library)
    assert said(live_library, "phrase-1") == "退款进度"


def test_what_a_lead_moves_to_another_file_is_in_use_from_there(live_library: LiveLibrary, book: Path) -> None:
    (book.parent / "a.toml").write_text(entry(1, "退款几时到账"), "utf-8")
    reload(live_library)
    book.write_text(entry(2, "登录失败"), "utf-8")
    reload(live_library)
    assert said(live_library, "phrase-1") == "退款几时到账"
    assert live_library.library.problems == ()


def test_a_folder_that_goes_away_takes_no_phrase_along(live_library: LiveLibrary, book: Path) -> None:
    book.parent.rename(book.parent.with_name("unmounted"))
    assert reload(live_library) == 0
    assert said(live_library, "phrase-1") == "退款进度"
    assert len(live_library.library.problems) == 1


def test_an_own_phrase_whose_file_breaks_does_not_turn_into_the_shipped_one(book: Path, tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "x.toml").write_text(OLD, "utf-8")
    live_library = LiveLibrary((tmp_path / "shipped", book.parent), tmp_path / "cache")
    assert said(live_library, "phrase-1") == "退款进度"
    book.write_text("[[phrase]\n", "utf-8")
    reload(live_library)
    assert said(live_library, "phrase-1") == "退款进度"
    assert len(live_library.library.problems) == 1


def test_a_book_behind_a_link_is_taken_over_when_it_changes(
    live_library: LiveLibrary, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "BOOK.TOML").write_text(entry(7, "发票抬头"), "utf-8")
    (book.parent / "linked").symlink_to(tmp_path / "share")
    assert reload(live_library) == 1
    (tmp_path / "share" / "BOOK.TOML").write_text(entry(7, "发票地址改写"), "utf-8")
    assert reload(live_library) == 1


def said(live_library: LiveLibrary, phrase_id: str) -> str:
    phrase = live_library.library.get(phrase_id)
    assert phrase is not None
    return phrase.title["zh"]
