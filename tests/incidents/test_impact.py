"""Scope chosen instead of written: the clause is right in both languages."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.incidents.catalogue import EFFECTS, shipped_catalogue
from agent_assist.incidents.impact import (
    incident_title,
    parse_effect,
    parse_share,
    parse_who,
    read_share,
    scope_clause,
    service_names,
)

CATALOGUE = shipped_catalogue()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("15%", "15%"),
        ("约 15％", "15%"),
        ("about 15 percent", "15%"),
        ("三成", "30%"),
        ("一半", "50%"),
        ("30-40%", "30-40%"),
        ("30% 到 40%", "30-40%"),
        ("1,200", "1200"),
        ("１２００ 人", "1200"),
        ("3万", "30000"),
        ("部分", "some"),
        ("大部分", "most"),
        ("Everybody", "all"),
        ("100%", "all"),
        ("不清楚", "unknown"),
        ("", ""),
    ],
)
def test_a_share_is_understood_as_people_write_it(typed: str, code: str) -> None:
    assert parse_share(typed) == code
    if code:
        assert read_share(code).code == code


@pytest.mark.parametrize("typed", ["0%", "101%", "40-30%", "-3", "0", "viele", "15%%", "1.5.3"])
def test_what_is_no_share_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match="is not a share") as refused:
        parse_share(typed)
    assert "30-40%" in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "effect"),
    [
        ("down", "down"),
        ("用不了", "down"),
        ("卡顿", "slow"),
        ("时好时坏", "partly"),
        ("报错", "wrong"),
        ("Late", "delayed"),
    ],
)
def test_an_effect_is_understood_in_both_languages(typed: str, effect: str) -> None:
    assert parse_effect(typed) == effect


def test_an_unknown_effect_is_refused_with_the_choices() -> None:
    with pytest.raises(Refused) as refused:
        parse_effect("purple")
    assert "delayed" in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", ()),
        ("商家，华东", ("merchants", "region:east-china")),
        ("users, iPhone", ("users", "platform:ios")),
        ("5.2 版", ("version:5.2",)),
        ("region:德州/in Texas; v3.1", ("region:德州/in Texas", "version:3.1")),
    ],
)
def test_who_is_affected_is_understood(typed: str, codes: tuple[str, ...]) -> None:
    assert parse_who(typed, CATALOGUE) == codes


@pytest.mark.parametrize("typed", ["月球", "users, merchants", "华东, 华北", "region:"])
def test_what_is_nobody_or_too_many_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_who(typed, CATALOGUE)


@pytest.mark.parametrize(
    ("services", "effect", "share", "who", "zh", "en"),
    [
        ("登录", "down", "15%", "", "约 15% 的用户无法登录", "about 15% of users cannot sign in"),
        (
            "登录",
            "slow",
            "30-40%",
            "merchants, region:east-china",
            "华东地区约 30% 到 40% 的商家登录很慢",
            "sign-in is slow for about 30% to 40% of merchants in East China",
        ),
        (
            "登录,支付",
            "down",
            "some",
            "",
            "部分用户无法登录、无法付款",
            "some users cannot sign in or pay",
        ),
        (
            "支付,refund",
            "partly",
            "all",
            "platform:ios, version:5.2",
            "iOS 端 5.2 版本所有用户付款有时失败、退款申请有时失败",
            "payments fail some of the time and refunds fail some of the time for all users on iOS on version 5.2",
        ),
        ("订单", "wrong", "1", "", "1 名用户订单信息显示不正确", "orders are shown incorrectly for one user"),
        ("订单", "down", "7", "merchants", "7 家商家无法下单", "7 merchants cannot place orders"),
        ("订单", "down", "1200", "", "约 1200 名用户无法下单", "about 1,200 users cannot place orders"),
        ("api", "down", "", "", "有用户反映无法调用接口", "some users report that they cannot reach the API"),
        (
            "codes",
            "delayed",
            "unknown",
            "",
            "有用户反映收到验证码的时间较晚",
            "some users report that verification codes arrive late",
        ),
        ("CRM", "down", "most", "", "大部分用户无法使用 CRM", "most users cannot use CRM"),
        ("积分", "slow", "some", "", "部分用户使用积分很慢", ""),
        ("登录", "", "15%", "", "", ""),
        ("登录", "down", "some", "region:德州", "德州部分用户无法登录", ""),
        (
            "登录",
            "down",
            "some",
            "region:德州/in Texas",
            "德州部分用户无法登录",
            "some users in Texas cannot sign in",
        ),
    ],
)
def test_the_clause_is_right_in_both_languages(
    services: str, effect: str, share: str, who: str, zh: str, en: str
) -> None:
    chosen = (services.split(","), effect, share, parse_who(who, CATALOGUE))
    assert scope_clause(*chosen, CATALOGUE, "zh") == zh
    assert scope_clause(*chosen, CATALOGUE, "en") == en


CHOICES = st.tuples(
    st.lists(st.sampled_from([service.id for service in CATALOGUE.services]), min_size=1, max_size=3, unique=True),
    st.sampled_from(EFFECTS),
    st.sampled_from(["", "1", "2", "1200", "15%", "30-40%", "some", "most", "all", "unknown"]),
    st.tuples(
        st.sampled_from(["", *(audience.id for audience in CATALOGUE.audiences)]),
        st.sampled_from(["", *(f"region:{place.id}" for place in CATALOGUE.regions)]),
        st.sampled_from(["", *(f"platform:{place.id}" for place in CATALOGUE.platforms)]),
        st.sampled_from(["", "version:5.2"]),
    ).map(lambda codes: tuple(filter(None, codes))),
)


@given(CHOICES)
@settings(max_examples=400)
def test_every_choice_makes_a_clause_without_gap_or_stray_marks(
    choice: tuple[list[str], str, str, tuple[str, ...]],
) -> None:
    for lang in ("zh", "en"):
        clause = scope_clause(*choice, CATALOGUE, lang)
        assert clause
        assert not re.search(
            r"  |[.。,，]$|^[,，、]|、、|[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u3400-\u9fff]", clause
        ), clause
        assert lang == "zh" or not re.search("[\u3400-\u9fff]", clause)
        assert lang == "zh" or clause[0].islower() or clause[0].isdigit()
        assert not re.search(r"\bone (users|customers|merchants|players|students)|\b1 \w+s\b|cannot cannot", clause), (
            clause
        )
        title = incident_title(choice[0], choice[1], CATALOGUE, lang)
        assert title
        assert title == title.strip()


def test_services_are_named_in_the_language_or_not_at_all() -> None:
    assert service_names(["login", "支付"], CATALOGUE, "en") == ("sign-in", "payments")
    assert service_names(["login", "积分"], CATALOGUE, "en") == ()
    assert incident_title(["登录"], "down", CATALOGUE, "en") == "Sign-in outage"
    assert incident_title(["登录", "payment", "订单"], "slow", CATALOGUE, "zh") == "登录、支付等缓慢"
