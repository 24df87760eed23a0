"""An offer stands out by the medians of the team and of its author."""

import pytest
from msgspec.structs import replace

from agent_assist.offers import Median, Money, Offer, replay
from agent_assist.offers.outliers import Outlier, outlier
from tests.offers.samples import a_log

TEAM = Median(agent="", currency="CNY", count=5, minor=1000)
OWN = Median(agent="小李", currency="CNY", count=5, minor=500)


def offer(money: Money | None) -> Offer:
    """One of 小李's offers."""
    return replace(replay(a_log())[0], money=money)


@pytest.mark.parametrize(
    ("minor", "medians", "expected", "why"),
    [
        (3001, [OWN, TEAM], Outlier("team", 30, TEAM), "the team's median is asked first"),
        (3000, [TEAM], None, "three times the median is still usual"),
        (2000, [OWN, TEAM], Outlier("agent", 40, OWN), "usual in the team, but not for its author"),
        (9000, [replace(TEAM, count=4)], None, "a median of few offers says little"),
        (9000, [replace(TEAM, currency="USD")], None, "amounts of two currencies are not compared"),
        (9000, [replace(TEAM, minor=0)], None, "nothing is a multiple of nothing"),
        (9000, [replace(OWN, agent="老周")], None, "somebody else's median"),
        (9000, [], None, "no medians"),
    ],
)
def test_an_offer_stands_out_only_above_a_median_that_counts(
    minor: int, medians: list[Median], expected: Outlier | None, why: str
) -> None:
    assert outlier(offer(Money(minor, "CNY")), medians) == expected, why


def test_what_has_no_amount_never_stands_out() -> None:
    assert outlier(offer(None), [TEAM, OWN]) is None
