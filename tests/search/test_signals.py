"""What orders phrases that the words leave open, and what is said about it."""

import datetime as dt

import msgspec
import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index, SearchContext, Signals, explain
from agent_assist.search.signals import MAX_SIGNAL_SCORE, REASONS

NOW = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)


class Use(msgspec.Struct, frozen=True):
    phrase_id: str
    query: str = ""
    agent: str = "li"
    at: dt.datetime = NOW - dt.timedelta(hours=1)


def phrase(name: str, title: str, **more: object) -> Phrase:
    return Phrase(id=name, title={"zh": title}, text={"zh": "文字"}, **more)  # type: ignore[arg-type]


EARLY = phrase("early", "登录故障说明", stages=("investigating",))
LATE = phrase("late", "登录故障说明", stages=("resolved",))
OTHER = phrase("other", "退款进度查询", stages=("resolved",))
INDEX = Index([EARLY, LATE, OTHER])


def ids(query: str, moment: SearchContext, *uses: Use) -> list[str]:
    return [hit.phrase.id for hit in INDEX.search(query, signals=Signals(moment, uses))]


@pytest.mark.parametrize(("stage", "first"), [("investigating", "early"), ("resolved", "late")])
def test_the_stage_of_the_incident_orders_phrases_that_match_equally(stage: str, first: str) -> None:
    assert ids("登录故障", SearchContext(now=NOW, stage=stage))[0] == first


def test_what_was_chosen_for_the_same_query_comes_first_next_time() -> None:
    assert ids("登录故障", SearchContext(now=NOW, agent="li"), Use("late", "登录故障"))[0] == "late"
    assert ids("登录", SearchContext(now=NOW, agent="wang"), Use("late", "登录故障"))[0] == "late"


PLAIN = phrase("a", "登录故障说明")
LONG_AGO = NOW - dt.timedelta(hours=20)


@pytest.mark.parametrize(
    ("signal", "about", "moment", "uses"),
    [
        ("stage", {"stages": ("resolved",)}, {"stage": "resolved"}, []),
        ("scene", {"scene": "merchant-to-customer"}, {"scene": "merchant-to-customer"}, []),
        ("language", {"text": {"zh": "文字", "en": "Text"}}, {"lang": "en"}, []),
        ("recent", {}, {}, [Use("z"), Use("a", at=LONG_AGO)]),
        ("often", {}, {}, [*[Use("z", at=LONG_AGO)] * 8, *[Use("a", agent="wang")] * 8]),
        ("often", {}, {}, [*[Use("z", at=LONG_AGO)] * 4, Use("a", at=LONG_AGO), *[Use("a", agent="wang")] * 3]),
        ("team", {}, {}, [Use("z", agent="wang")] * 8),
        ("chosen", {}, {}, [Use("z", "登录", "wang"), Use("a", "退款", "wang")]),
        ("approved", {"approved_by": ("support",)}, {}, []),
        ("approved", {"approved_by": ("support",), "review_by": NOW.date()}, {}, []),
        ("pinned", {}, {"pinned": frozenset({"z"})}, []),
    ],
)
def test_each_signal_by_itself_decides_between_phrases_that_match_equally(
    signal: str, about: dict[str, object], moment: dict[str, object], uses: list[Use]
) -> None:
    index = Index([PLAIN, msgspec.structs.replace(PLAIN, id="z", **about)])
    for off, first in ((frozenset[str](), "z"), (frozenset({signal}), "a")):
        now = SearchContext(now=NOW, agent="li", off=off, **moment)  # type: ignore[arg-type]
        assert index.search("登录故障", signals=Signals(now, uses))[0].phrase.id == first


def test_a_signal_that_is_switched_off_changes_nothing() -> None:
    quiet = SearchContext(now=NOW, stage="resolved", off=frozenset({"stage"}))
    assert ids("登录故障", quiet)[0] == "early"


def test_no_usage_buries_a_clearly_better_match() -> None:
    uses = [Use("other", "登录故障") for _ in range(50)]
    moment = SearchContext(now=NOW, agent="li", stage="resolved", lang="zh", pinned=frozenset({"other"}))
    assert ids("登录故障", moment, *uses)[0] != "other"
    assert sum(MAX_SIGNAL_SCORE.values()) < 0.2


def test_an_empty_query_shows_pinned_phrases_and_then_what_fits_the_moment() -> None:
    moment = SearchContext(now=NOW, agent="li", stage="resolved", pinned=frozenset({"other"}))
    assert ids("", moment, Use("late")) == ["other", "late", "early"]


def test_what_may_not_be_said_at_this_stage_sinks_and_is_never_first() -> None:
    moment = SearchContext(now=NOW, agent="li", stage="identified", pinned=frozenset({"late"}))
    assert ids("登录故障", moment, *(Use("late", "登录故障") for _ in range(50))) == ["early", "late"]
    assert ids("", moment, Use("late"))[0] == "early"
    assert [hit.phrase.id for hit in INDEX.search("登录故障", 1, signals=Signals(moment))] == ["early"]
    quiet = SearchContext(now=NOW, agent="li", stage="identified", pinned=frozenset({"late"}), off=frozenset({"stage"}))
    assert ids("登录故障", quiet)[0] == "late"


def test_better_words_do_not_lift_what_may_not_be_said_above_other_answers() -> None:
    wrong = [phrase(f"over{n}", "登录故障恢复", stages=("resolved",)) for n in range(2)]
    right = [phrase(f"now{n}", "登录故障什么时候恢复", keywords=("进展",)) for n in range(2)]
    hits = Index([*wrong, *right]).search("登录恢复", signals=Signals(SearchContext(now=NOW, stage="identified")))
    assert [hit.phrase.id for hit in hits] == ["now0", "now1", "over0", "over1"]


def test_a_title_or_an_id_that_was_typed_whole_is_meant_whatever_the_stage() -> None:
    moment = SearchContext(now=NOW, stage="identified")
    index = Index([phrase("over", "故障已解除", stages=("resolved",)), phrase("now", "故障还没有解除")])
    found = [index.search(query, signals=Signals(moment)) for query in ("故障已解除", "故障解除")]
    assert [hits[0].phrase.id for hits in found] == ["over", "now"]


def test_equal_phrases_keep_their_order_from_search_to_search() -> None:
    assert [ids("登录故障", SearchContext(now=NOW)) for _ in range(3)] == [["early", "late"]] * 3


def test_the_explanation_names_the_matching_words_and_every_signal_that_helped() -> None:
    hit = INDEX.search("登录", signals=Signals(SearchContext(now=NOW, stage="resolved")))[0]
    said = explain("登录", hit)
    assert "“登录”" in said
    assert "stage" in said
    assert set(MAX_SIGNAL_SCORE) == set(REASONS)
