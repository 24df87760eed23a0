"""Widths of text in a terminal, and what is cut, filled and broken by them, for the command line and for the screen."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_assist.terminal_text import TERMINAL, CellMetrics, clip, fit, is_plain, pad, width, wrap
from agent_assist.tui.text.content import SCREEN

FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇨🇳"
SIGNS = [
    ("ASCII", "plain", 5),
    ("Chinese", "登录 login", 10),
    ("full-width letters and signs", "（Ｗ）", 6),
    ("Korean and kana", "한国かな", 8),
    ("half-width kana", "ｶﾅ", 2),
    ("beyond the basic plane", "𠮷", 2),
    ("a composed letter", "é", 1),
    ("a combining mark", "e\u0301", 1),
    ("two marks", "a\u0308\u0301", 1),
    ("an emoji", "👍", 2),
    ("with a skin tone", "👍🏽", 2),
    ("a family of three", FAMILY, 2),
    ("a flag", FLAG, 2),
    ("a sign shown as an emoji", "❤\ufe0f", 2),
    ("the same sign as a letter", "❤", 1),
    ("a key cap", "1\ufe0f\u20e3", 2),
    ("ambiguous signs", "…“”·①±—", 7),
    ("a frame", "─│▸●", 4),
    ("what has no width", "a\u200bb", 2),
    ("what replaces bad bytes", "�", 1),
]
MIXED = st.lists(
    st.sampled_from([*"王登，（。 a1b-/“%]é…", FAMILY, FLAG, "👍🏽", "❤\ufe0f", "e\u0301", "한"]), max_size=40
).map("".join)
FRONT_ENDS = pytest.mark.parametrize("metrics", [TERMINAL, SCREEN], ids=["command line", "screen"])


@pytest.mark.parametrize(("why", "text", "cells"), SIGNS)
def test_both_front_ends_count_the_same_cells(why: str, text: str, cells: int) -> None:
    assert width(text) == cells, f"wcwidth changed: {why}"
    assert SCREEN.width(text) == cells, f"rich changed: {why}"


@pytest.mark.parametrize(
    ("why", "text", "terminal", "screen"),
    [
        ("half a flag", "🇨", 2, 1),
        ("a skin tone by itself", "🏽", 2, 0),
        ("an emoji in its text form", "⌚\ufe0e", 1, 2),
        ("a spacing mark of Devanagari", "कि", 2, 1),
    ],
)
def test_where_they_disagree_the_screen_goes_by_what_paints_it(why: str, text: str, terminal: int, screen: int) -> None:
    assert (width(text), SCREEN.width(text)) == (terminal, screen), f"rich or wcwidth changed: {why}"
    assert SCREEN.width(text) == cell_len(text)


@given(st.text(max_size=12))
@example("".join(map(chr, range(0x4E00, 0x4E20))) + "，。（）￥～\u3000…—“”·─│▸●")
def test_what_is_measured_without_the_library_is_what_the_library_says(text: str) -> None:
    import wcwidth

    if is_plain(text) and text.isprintable():
        assert width(text) == wcwidth.width(text) == cell_len(text)
        assert [*wcwidth.iter_graphemes(text)] == [*text]


def test_every_sign_that_needs_no_library_has_the_width_it_gives() -> None:
    import wcwidth

    plain = [char for char in map(chr, range(0x20, 0x20000)) if not char.isascii() and is_plain(char)]
    assert len(plain) > 20_000
    assert {char for char in plain if not width(char) == wcwidth.width(char) == cell_len(char)} == set()


@FRONT_ENDS
@given(text=MIXED, cells=st.integers(0, 30))
def test_what_is_cut_fits_and_loses_no_half_of_a_sign(metrics: CellMetrics, text: str, cells: int) -> None:
    cut = fit(text, cells, metrics)
    assert metrics.width(cut) <= cells
    assert cut == text or cells == 0 or cut.endswith("…")
    begun = cut.removesuffix("…") if cut != text else text
    assert text.startswith(begun)
    whole = "".join(sign for sign in metrics.graphemes(text))
    assert whole == text
    ends = [0]
    for sign in metrics.graphemes(text):
        ends.append(ends[-1] + len(sign))
    assert len(clip(text, cells, metrics)) in ends


@FRONT_ENDS
@given(text=MIXED, cells=st.integers(0, 60))
def test_what_is_filled_is_that_wide_and_what_is_wider_stays(metrics: CellMetrics, text: str, cells: int) -> None:
    assert metrics.width(pad(text, cells, metrics)) == max(cells, metrics.width(text))


@FRONT_ENDS
@given(text=MIXED, cells=st.integers(2, 20))
def test_no_line_is_too_wide_and_every_sign_stays_whole(metrics: CellMetrics, text: str, cells: int) -> None:
    lines = [text[start:end] for start, end in wrap(text, cells, metrics)]
    assert all(metrics.width(line) <= cells for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    signs = [sign for sign in metrics.graphemes(text) if sign != " "]
    assert [sign for line in lines for sign in metrics.graphemes(line) if sign != " "] == signs


@FRONT_ENDS
@pytest.mark.parametrize("sign", [FAMILY, FLAG, "👍🏽", "❤\ufe0f", "e\u0301"])
def test_a_sign_of_several_characters_is_not_torn_apart_where_a_line_ends(metrics: CellMetrics, sign: str) -> None:
    text = sign * 5
    cells = 2 * metrics.width(sign) + 1 if metrics.width(sign) > 1 else 2
    lines = [text[start:end] for start, end in wrap(text, cells, metrics)]
    assert lines == [sign * 2, sign * 2, sign]


@pytest.mark.process
def test_ascii_and_common_chinese_are_measured_without_loading_the_library() -> None:
    script = (
        "import sys; from agent_assist.terminal_text import fit, wrap\n"
        "fit('登录失败（网页）— 请稍等…', 8); wrap('王女士，您好。sign in', 8)\n"
        "sys.exit('wcwidth' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
