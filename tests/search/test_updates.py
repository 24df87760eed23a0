"""A changed phrase shows in the next search, in a small book and in a large one."""

import subprocess
import sys
import time

import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.index import NUMPY_FROM_ROWS


def book(size: int) -> list[Phrase]:
    return [
        Phrase(id=f"p{n}", title={"zh": f"第{n}号说明", "en": f"note number {n}"}, text={"zh": "正文"})
        for n in range(size)
    ]


@pytest.fixture(params=[5, NUMPY_FROM_ROWS], ids=["small", "large"])
def index(request: pytest.FixtureRequest) -> Index:
    return Index(book(request.param))


def found(index: Index, query: str) -> list[str]:
    return [hit.phrase.id for hit in index.search(query)]


def test_a_phrase_that_is_put_in_is_found(index: Index) -> None:
    index.put(Phrase(id="new", title={"zh": "退款进度查询"}, text={}))
    assert found(index, "退款")[0] == found(index, "tuikuan")[0] == "new"


def test_a_new_version_replaces_the_old(index: Index) -> None:
    index.put(Phrase(id="p3", title={"zh": "退款进度查询"}, text={}))
    assert found(index, "退款") == ["p3"]
    assert "p3" not in found(index, "第3号说明")


def test_a_removed_phrase_is_found_no_more(index: Index) -> None:
    size = len(index)
    index.remove("p3")
    index.remove("p3")
    assert "p3" not in found(index, "第3号说明")
    assert len(index) == size - 1


def test_an_update_of_a_large_book_takes_no_rebuild() -> None:
    large = Index(book(NUMPY_FROM_ROWS))
    start = time.process_time()
    for n in range(20):
        large.put(Phrase(id=f"new{n}", title={"zh": f"新增条目{n}"}, text={}))
    assert (time.process_time() - start) / 20 < 0.05


@pytest.mark.process
def test_a_small_book_is_searched_without_the_slow_libraries() -> None:
    program = (
        "import sys; from agent_assist.phrasebook.phrase import Phrase; from agent_assist.search import Index;"
        "hit = Index([Phrase(id='a', title={'zh': '退款'}, text={})]).search('tuikaun')[0];"
        "print(hit.phrase.id, sorted({'numpy', 'rapidfuzz', 'pypinyin', 'textual', 'sqlalchemy'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["a", "[]"]
