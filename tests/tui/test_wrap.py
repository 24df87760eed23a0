"""Lines break where readers of both scripts expect it, and nothing gets lost on the way."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.text.wrap import wrap
from tests.tui.dialogs.host import Host


def lines(text: str, cells: int) -> list[str]:
    return [text[first:last] for first, last in wrap(text, cells)]


@pytest.mark.parametrize(
    ("why", "text", "cells", "wanted"),
    [
        ("Chinese breaks between any two characters", "工程师正在回滚", 8, ["工程师正", "在回滚"]),
        ("a comma never begins a line", "工程师正，在回滚", 8, ["工程师", "正，在回", "滚"]),
        ("an opening bracket never ends one", "无法登录（网页）", 10, ["无法登录", "（网页）"]),
        ("words stay whole, and the space at the break goes", "cannot sign in", 11, ["cannot sign", "in"]),
        ("a word longer than the line is cut", "supercalifragilistic", 8, ["supercal", "ifragili", "stic"]),
        ("a number keeps its percent sign", "约有十五 15% 用户", 10, ["约有十五", "15% 用户"]),
        ("line ends of the text stay", "您好。\n请稍等", 20, ["您好。", "请稍等"]),
        ("an empty line stays", "a\n\nb", 20, ["a", "", "b"]),
        ("nothing is one empty line", "", 20, [""]),
    ],
)
def test_breaks(why: str, text: str, cells: int, wanted: list[str]) -> None:
    assert lines(text, cells) == wanted, why


@given(st.text(alphabet="王登（，。 a1b\n“%]", max_size=60), st.integers(2, 20))
def test_no_line_is_too_wide_and_only_spaces_at_breaks_are_dropped(text: str, cells: int) -> None:
    found = lines(text, cells)
    assert all(cell_len(line) <= cells for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "").replace("\n", "")


SIGNS = ["登录", "👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "❤\ufe0f", "e\u0301", "“…”", "한국", "🇨", "🏽", "⌚\ufe0e", "कि"]
"""Whole signs, and some whose width libraries do not agree on."""


async def test_the_frame_of_a_dialog_stays_straight_beside_any_sign() -> None:
    host = Host(ConfirmScreen("Sure?", "\n".join(sign * 40 for sign in SIGNS), "Yes", "No"))
    async with host.run_test(size=(60, 40)):
        framed = [line for line in host.seen.splitlines() if line.rstrip().endswith(("│", "▎", "┃"))]
        assert len(framed) > len(SIGNS)
        assert len({cell_len(line.rstrip()) for line in framed}) == 1


def test_a_word_without_end_is_broken_in_time_that_grows_with_it() -> None:
    started = time.process_time()
    broken = wrap("👩" * 60_000, 80)
    assert time.process_time() - started < 2
    assert broken == tuple((start, start + 40) for start in range(0, 60_000, 40))
