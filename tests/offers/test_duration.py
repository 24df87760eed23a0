"""Durations people type."""

import pytest

from agent_assist.errors import Refused
from agent_assist.offers import Duration, parse_duration


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        ("7天", "7 天", "7 days"),
        ("7d", "7 天", "7 days"),
        ("7 days", "7 天", "7 days"),
        ("1个月", "1 个月", "1 month"),
        ("一个月", "1 个月", "1 month"),
        ("两周", "14 天", "14 days"),
        ("2 Weeks", "14 天", "14 days"),
        ("1年", "12 个月", "12 months"),
        ("１２小时", "12 小时", "12 hours"),  # full-width
        ("3h", "3 小时", "3 hours"),
    ],
)
def test_a_duration_keeps_the_unit_that_was_promised(typed: str, zh: str, en: str) -> None:
    duration = parse_duration(typed)
    assert (duration.display("zh"), duration.display("en")) == (zh, en)


@pytest.mark.parametrize("typed", ["", "7", "d", "0d", "-3d", "1.5d", "7m", "半个月", "9999999d", "七天七夜"])
def test_what_is_no_duration_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match=r"1 month"):
        parse_duration(typed)


def test_a_duration_of_nothing_cannot_be_made() -> None:
    with pytest.raises(Refused):
        Duration(0, "day")
