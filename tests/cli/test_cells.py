"""Columns and help pages line up where Chinese and Latin text meet."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_assist.cli.terminal_width import cells, columns, wrap

WORDS = st.text(alphabet=st.sampled_from("ab -c登录失败，。（）|1é"), max_size=80)


@pytest.mark.parametrize(
    "text", ["", "plain", "登录 login", "（全角）", "é", "e\u0301", "ｗｉｄｅ", "한국어", "a\u200bb"]
)
def test_width_is_that_of_the_screen(text: str) -> None:
    assert cells(text) == cell_len(text)


@example("。 。））", 8)
@given(WORDS, st.integers(8, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert cells(line) <= width or not any(line[i] == " " for i in range(1, len(line)) if cells(line[:i]) <= width)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=5))
def test_columns_start_at_the_same_cell_in_every_row(rows: list[tuple[str, str, str]]) -> None:
    marked = [(first, f"{second}§", f"¤{third}") for first, second, third in rows]
    assert len({cells(line[: line.rindex("¤")]) for line in columns(marked)}) <= 1


def test_closing_punctuation_stays_with_its_word() -> None:
    assert wrap("登录失败，非常抱歉。", 10) == ["登录失败，", "非常抱歉。"]
