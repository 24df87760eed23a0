"""What may be offered, decided by the lead's rules."""

import datetime as dt

import pytest

from agent_assist import locale
from agent_assist.offers import Duration, Money, NewOffer
from agent_assist.offers.policy import LimitUsage, Policy, PolicyConditions, Rule, decide, remaining_limits
from agent_assist.offers.policy_file import default_policy, read_policy
from agent_assist.offers.policy_words import advice, allowances, conditions, holding_reply, limits, never


def _offer(kind: str = "coupon", **given: object) -> NewOffer:
    now = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
    return NewOffer(op_id="1", agent="小李", kind=kind, sentence="s", at=now, **given)  # type: ignore[arg-type]


LONG_SEV1 = PolicyConditions("SEV1", 90, "", "agent")


@pytest.mark.parametrize(
    ("offer", "conditions", "usage", "outcome", "why"),
    [
        (_offer(money=Money(5000, "CNY")), LONG_SEV1, LimitUsage(), "offered", "exactly the allowance"),
        (_offer(money=Money(5001, "CNY")), LONG_SEV1, LimitUsage(), "pending", "one fen above it"),
        (
            _offer(money=Money(5000, "CNY")),
            PolicyConditions("SEV1", 59),
            LimitUsage(),
            "pending",
            "the outage is still short",
        ),
        (
            _offer(money=Money(9000, "CNY")),
            PolicyConditions("SEV1", 90, "vip"),
            LimitUsage(),
            "offered",
            "tier in any case",
        ),
        (_offer("gift", thing="杯子"), LONG_SEV1, LimitUsage(), "pending", "a kind the rule does not list"),
        (
            _offer("gift", thing="杯子"),
            PolicyConditions("SEV2", 90, "VIP"),
            LimitUsage(),
            "offered",
            "a thing has no amount",
        ),
        (_offer("extension", duration=Duration(2, "month")), LONG_SEV1, LimitUsage(), "pending", "60 days against 14"),
        (
            _offer("extension", duration=Duration(48, "hour")),
            PolicyConditions("SEV4"),
            LimitUsage(),
            "offered",
            "2 days against 3",
        ),
        (
            _offer("extension", money=Money(1, "CNY")),
            LONG_SEV1,
            LimitUsage(),
            "pending",
            "money where a duration is allowed",
        ),
        (_offer(money=Money(100, "USD")), LONG_SEV1, LimitUsage(), "pending", "another currency cannot be added up"),
        (_offer(money=Money(100, "CNY")), LONG_SEV1, LimitUsage(to_customer=1), "pending", "a second offer"),
        (
            _offer(money=Money(5000, "CNY")),
            LONG_SEV1,
            LimitUsage(15000),
            "offered",
            "fills the customer's limit exactly",
        ),
        (_offer(money=Money(5000, "CNY")), LONG_SEV1, LimitUsage(15001), "pending", "above the customer's limit"),
        (_offer(money=Money(5000, "CNY")), LONG_SEV1, LimitUsage(0, 199_999), "pending", "above the agent's day"),
        (
            _offer(money=Money(5000, "CNY"), incident_id="INC-1"),
            LONG_SEV1,
            LimitUsage(0, 0, 4_999_999),
            "pending",
            "above the incident's budget",
        ),
        (
            _offer("refund", money=Money(2000, "CNY")),
            PolicyConditions(),
            LimitUsage(),
            "offered",
            "no incident: a small refund",
        ),
        (
            _offer(money=Money(100, "CNY"), incident_id="INC-1"),
            LONG_SEV1,
            LimitUsage(0, 0, 4_999_901),
            "pending",
            "one fen",
        ),
    ],
)
def test_the_shipped_policy_decides(
    offer: NewOffer, conditions: PolicyConditions, usage: LimitUsage, outcome: str, why: str
) -> None:
    assert decide(default_policy(), offer, conditions, usage).outcome == outcome, why


def test_what_nobody_may_promise_is_refused_not_queued() -> None:
    policy = Policy(never=("gift",), rules=(Rule("all", {"gift": "any"}),))
    assert decide(policy, _offer("gift", thing="x"), PolicyConditions(), LimitUsage()).outcome == "refused"


def test_a_waiting_offer_says_every_reason() -> None:
    decision = decide(default_policy(), _offer(money=Money(5001, "CNY")), LONG_SEV1, LimitUsage(15001, to_customer=1))
    assert len(decision.reasons) == 3
    assert "¥49.99" in " ".join(decision.reasons)
    assert decision.rule == "Major outage over an hour"


def test_what_is_left_never_goes_below_zero() -> None:
    assert remaining_limits(default_policy(), LimitUsage(99_999))["per_customer_and_incident"] == Money(0, "CNY")


_HEAD = 'currency = "CNY"\n'
_RULE = '[[rule]]\nname = "a"\nallow = {}\n'


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("currency = \n", 1, "TOML"),
        ("currency = 'CNY", 1, "TOML"),
        ('rule = "x"\n', 1, "rule"),
        ("never = []\n", 0, "currency"),
        ('currency = "XXX"\n', 1, "XXX"),
        (_HEAD + 'never = ["cash"]\n' + _RULE, 2, "cash"),
        (_HEAD + "never = 5\n" + _RULE, 2, "never"),
        (_HEAD + '\n[[rule]]\nname = "a"\nallow = { coupon = "lots" }\n', 5, "lots"),
        (_HEAD + '[[rule]]\nname = "a"\nallow = { coupon = 20 }\n', 4, "allow"),
        (_HEAD + '[[rule]]\nname = "a"\n[rule.allow]\n# coupon\ncoupon = "-1"\n', 6, "negative"),
        (_HEAD + '[[rule]]\nname = "a"\nallow = { coupon = "$5" }\n', 4, "CNY"),
        (_HEAD + '[[rule]]\nname = "a"\nallow = { extension = "20" }\n', 4, "extension"),
        (_HEAD + '[[rule]]\nname = "a"\nallow = {}\ncolour = "red"\n', 5, "colour"),
        (_HEAD + _RULE + '[[rule]]\nname = "b"\nseverity = ["SEV5"]\nallow = {}\n', 7, "SEV5"),
        (_HEAD + _RULE + '[[rule]]\nname = "b"\nrole = ["boss"]\nallow = {}\n', 7, "boss"),
        (_HEAD + _RULE + "outage_minutes = -1\n", 5, "shorter"),
        (_HEAD + "[[rule]]\nallow = {}\n", 2, "name"),
        (_HEAD + _RULE + _RULE, 2, "Two rules"),
        (_HEAD + _RULE + '[limits]\nper_incident = "$5"\n', 6, "per_incident"),
        (_HEAD + _RULE + '[limits]\nper_month = "5"\n', 6, "per_month"),
        (_HEAD + "limit = 5\n" + _RULE, 2, "limit"),
        (_HEAD, 0, "no rule"),
        ("a = " + "[" * 5000, 0, "nested"),
    ],
)
def test_a_mistake_in_the_file_names_its_line_and_brings_nothing_into_force(text: str, line: int, named: str) -> None:
    policy, problems = read_policy(text)
    assert policy is None
    assert (problems[0].line, named in problems[0].reason) == (line, True), problems


def test_all_mistakes_are_named_at_once() -> None:
    text = _HEAD + _RULE + 'role = ["lead", "x"]\nseverity = ["SEV9"]\n[limits]\nper_incident = "x"\n'
    _policy, problems = read_policy(text, "ours.toml")
    places = [problem.place for problem in problems]
    assert places == ["ours.toml:5:17", "ours.toml:6:13", "ours.toml:8:1"]


def test_a_rule_shows_its_name_in_the_reader_s_language_and_logs_one_name() -> None:
    rule = default_policy().rule_for(LONG_SEV1)
    assert rule is not None
    assert (rule.name, rule.title("zh")) == ("Major outage over an hour", "严重故障超过一小时")


def test_what_stands_beside_the_amount_is_not_allowed_by_it() -> None:
    beside = _offer(money=Money(2000, "CNY"), thing="手机")
    assert decide(default_policy(), beside, LONG_SEV1, LimitUsage()).outcome == "pending"


def test_limits_of_an_incident_say_nothing_about_offers_without_one() -> None:
    without = _offer("refund", money=Money(100, "CNY"))
    assert (
        decide(default_policy(), without, PolicyConditions(), LimitUsage(per_incident=9_999_999)).outcome == "offered"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_shipped_policy_is_explained_in_words_and_nothing_in_it_surprises(lang: str) -> None:
    locale.use("zh" if lang == "zh" else "en")
    policy = default_policy()
    assert advice(policy) == []
    said = [f"{rule.title(lang)}: {conditions(rule)}: {allowances(rule)}" for rule in policy.rules]
    assert (
        said[2]
        == {
            "en": "Major outage over an hour: severity SEV1 or SEV2; outage of 60 minutes or more: "
            "Coupon up to ¥50, Refund up to ¥100, Credit up to ¥50, Extension up to 14 days",
            "zh": "严重故障超过一小时: 级别 SEV1 或 SEV2；故障满 60 分钟: 优惠券 不超过 50 元、退款 不超过 100 元、"
            "余额 不超过 50 元、延期 不超过 14 天",
        }[lang]
    )
    assert limits(policy)[2][1] == {"en": "¥50,000 in all", "zh": "总共 50,000 元"}[lang]
    assert never(policy) == ""
    assert holding_reply(policy, lang) == policy.holding_replies[lang]
    assert holding_reply(Policy(), lang) == policy.holding_replies[lang]


def test_a_rule_that_is_never_reached_and_a_kind_that_is_both_allowed_and_forbidden_are_pointed_out() -> None:
    wide, narrow = Rule("all", {}, line=3), Rule("big", {"gift": "any"}, severity=("SEV1",), line=7)
    policy = Policy(rules=(wide, narrow), never=("gift",), limits={"per_incident": 1})
    assert [line for line, _words in advice(policy)] == [7, 7]
    assert advice(Policy(rules=(narrow, wide), limits={"per_incident": 1})) == []
    assert "no limits" in advice(Policy(rules=(wide,)))[0][1]
