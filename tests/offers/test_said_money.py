"""Amounts as people write them in a sentence, read in digits."""

import time

import pytest

from agent_assist.offers.said_money import in_digits
from agent_assist.tui.desk.offer_prefill import _sums_in as sums_in


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("送您五百元券", "送您500 元券"),
        ("三百块", "300 元"),
        ("一千五百元", "1500 元"),
        ("一百五块", "150 元"),
        ("两千零五元", "2005 元"),
        ("三万五千元", "35000 元"),
        ("十五元", "15 元"),
        ("二〇〇元", "200 元"),
        ("2万元", "20000 元"),
        ("1.5 万块", "15000 元"),
        ("人民币500", "500 元"),
        ("RMB500", "500 元"),
        ("500 rmb", "500 元"),
        ("500圆", "500 元"),
        ("五十美元", "50 美元"),
    ],
)
def test_an_amount_in_words_is_read_in_digits(said: str, read: str) -> None:
    assert in_digits(said) == read


@pytest.mark.parametrize("text", ["我们一块解决", "第一元旦", "¥20", "500 元", "一共三张券"])
def test_everything_else_stays(text: str) -> None:
    assert in_digits(text) == text


def test_a_number_without_end_is_read_at_once() -> None:
    """A pattern that begins anew at each digit takes minutes for some thousands."""
    started = time.process_time()
    for digits in ("1" * 10_000, "1," * 5_000, "1." * 5_000):
        assert in_digits(digits) == digits
        sums_in(digits)
    assert time.process_time() - started < 2
