"""Wordings of one's own are made fit to stand inside a sentence, or refused with a way on."""

import pytest

from agent_assist.errors import Refused
from agent_assist.incidents.clause import hold_to_clause, tidy


@pytest.mark.parametrize(
    ("fact", "typed", "kept"),
    [
        ("scope", "部分用户反映付款失败。", "部分用户反映付款失败"),
        ("scope", "目前部分用户登录很慢！", "部分用户登录很慢"),
        ("scope", "目前，现在部分用户登录很慢；", "部分用户登录很慢"),
        ("scope", "Some users currently see slow sign-in.", "some users currently see slow sign-in"),
        ("scope", "Currently, about 15% of users cannot pay...", "about 15% of users cannot pay"),
        ("scope", "iOS users cannot sign in", "iOS users cannot sign in"),
        ("scope", "WeChat payments fail for some users", "WeChat payments fail for some users"),
        ("cause", "由于机房断电。", "机房断电"),
        ("cause", "原因是数据库升级", "数据库升级"),
        ("cause", "Due to a power cut.", "a power cut"),
        ("cause", "因特网出口故障", "因特网出口故障"),
        ("workaround", "请改用银行卡支付。。", "请改用银行卡支付"),
        ("workaround", "Please pay by card.", "please pay by card"),
        ("workaround", "您可以改用网页版", "改用网页版"),
        ("title", "Some title.", "Some title."),
    ],
)
def test_what_only_a_whole_sentence_has_is_taken_off(fact: str, typed: str, kept: str) -> None:
    assert tidy(fact, typed) == kept
    assert tidy(fact, kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "华东地区约三成用户",
        "约 15% 的用户",
        "部分商家",
        "all users",
        "about 15% of users",
        "users in Europe",
        "some users cannot pay. We are working on it",
        "部分用户无法付款。正在修复",
    ],
)
def test_a_scope_that_is_no_clause_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        hold_to_clause("scope", typed)
    assert refused.value.hint


@pytest.mark.parametrize(
    "typed",
    [
        "华东地区约三成用户无法登录",
        "部分用户受影响",
        "付款失败",
        "失败率约 15%的用户受到影响",
        "some users see failed payments",
        "sign-in is slow for about 15% of users",
        "pages load slowly for users in Europe",
        "version 2.1 crashes",
        "",
    ],
)
def test_a_clause_passes(typed: str) -> None:
    hold_to_clause("scope", typed)
