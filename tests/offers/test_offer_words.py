"""What an offer gives, in words."""

from typing import Any

import pytest

from agent_assist import locale
from agent_assist.offers import Duration, Head, replay
from agent_assist.offers.chain import offer_entry
from agent_assist.offers.offer_words import describe_given
from tests.offers.samples import SALT, an_event, an_offer


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        ({}, "¥20"),
        ({"money": None, "duration": Duration(7, "day")}, "7 days"),
        ({"money": None, "thing": "a gift box"}, "a gift box"),
        ({"duration": Duration(1, "month"), "thing": "茶"}, "¥20 + 1 month + 茶"),
        ({"money": None}, ""),
    ],
)
def test_new_offer_entry_and_offer_are_described_alike(gives: dict[str, Any], words: str) -> None:
    new = an_offer(**gives)
    entry = offer_entry(new, Head(), lambda: SALT)
    assert {describe_given(new), describe_given(entry), describe_given(replay([entry])[0])} == {words}


def test_an_approval_gives_nothing_itself() -> None:
    assert describe_given(an_event("approved")) == ""


def test_it_is_said_in_the_interface_language() -> None:
    locale.use("zh")
    assert describe_given(an_offer(duration=Duration(7, "day"))) == "20 元 + 7 天"
