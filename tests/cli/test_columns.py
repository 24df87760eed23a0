"""Columns and help pages line up where Chinese and Latin text meet."""

from hypothesis import example, given
from hypothesis import strategies as st

from agent_assist.cli.help import wrapped
from agent_assist.cli.output import columns
from agent_assist.terminal_text import width

WORDS = st.text(alphabet=st.sampled_from("ab -c登录失败，。（）|1é👍🇨🇳👨\u200d👩"), max_size=80)


@example("。 。））", 8)
@given(WORDS, st.integers(8, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, cells: int) -> None:
    lines = wrapped(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= cells or not any(line[i] == " " for i in range(1, len(line)) if width(line[:i]) <= cells)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=5))
def test_columns_start_at_the_same_cell_in_every_row(rows: list[tuple[str, str, str]]) -> None:
    marked = [(f"{first}.", f"{second}§", f"¤{third}") for first, second, third in rows]
    assert len({width(line[: line.rindex("¤")]) for line in columns(marked)}) <= 1


def test_closing_punctuation_stays_with_its_word() -> None:
    assert wrapped("登录失败，非常抱歉。", 10) == ["登录失败，", "非常抱歉。"]


def test_a_list_of_values_breaks_at_its_bars_and_a_path_stays_whole() -> None:
    assert wrapped("--format csv|json|xlsx", 18) == ["--format csv|json|", "xlsx"]
    assert wrapped("in agent_assist.toml", 8) == ["in", "agent_assist.toml"]
