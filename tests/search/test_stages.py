"""In the shipped book and at each stage: what answers first may be said now, whatever is asked about the repair."""

import datetime as dt

import pytest

from agent_assist.incidents.incident import STATUSES
from agent_assist.phrasebook import Library, load
from agent_assist.search import Index
from agent_assist.services.usage_profile import UsageProfile
from agent_assist.settings import shipped_phrasebooks

NOW = dt.datetime(2026, 11, 23, 6, 10, tzinfo=dt.UTC)
LIBRARY: Library = load((shipped_phrasebooks(),))
INDEX = Index(LIBRARY.active)
ZH = "恢复 什么时候恢复 好了吗 修好了没 恢复了吗 能用了吗 多久 huifu haolema 登录 支付 系统好了吗我都等了一小时"
EN = ("is it fixed", "when will it be fixed", "is it back to normal", "sign in", "any news", "apology", "status")
ASKED = [*(("zh", query) for query in ZH.split()), *(("en", query) for query in EN)]


@pytest.mark.parametrize("stage", STATUSES)
@pytest.mark.parametrize(("lang", "query"), ASKED)
def test_the_first_answer_may_be_said_at_this_stage(stage: str, lang: str, query: str) -> None:
    hits = INDEX.search(query, signals=UsageProfile("小李").signals(NOW, stage, lang))
    assert hits[0].phrase.fits(stage), [hit.phrase.id for hit in hits[:5]]


@pytest.mark.parametrize("stage", STATUSES)
def test_an_empty_box_begins_with_what_may_be_said_even_when_something_else_is_pinned(stage: str) -> None:
    wrong = next(phrase.id for phrase in LIBRARY.active if not phrase.fits(stage))
    useful = UsageProfile("小李", pinned=[wrong]).most_useful(LIBRARY, NOW, stage, "zh")
    fitting = [phrase.fits(stage) for phrase in useful]
    assert fitting == sorted(fitting, reverse=True)
    assert len(useful) == len(LIBRARY.active)


def test_the_whole_title_of_a_phrase_finds_it_at_any_stage() -> None:
    for phrase in LIBRARY.active:
        if phrase.stages == ("resolved",):
            hits = INDEX.search(phrase.title["zh"], signals=UsageProfile("小李").signals(NOW, "identified", "zh"))
            assert hits[0].phrase.id == phrase.id


@pytest.mark.parametrize("query", ["付款", "原因是什么", "还没好", "progress"])
def test_while_the_cause_is_looked_for_no_progress_comes_first_that_says_it_is_found(query: str) -> None:
    lang = "en" if query.isascii() else "zh"
    hits = INDEX.search(query, signals=UsageProfile("小李").signals(NOW, "investigating", lang))
    assert not hits[0].phrase.stages or "investigating" in hits[0].phrase.stages, [hit.phrase.id for hit in hits[:5]]
