"""Amounts people type, and what becomes of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.offers import Money, parse_money
from agent_assist.offers.currencies import CURRENCIES, exponent


@pytest.mark.parametrize(
    ("typed", "minor", "currency"),
    [
        ("20", 2000, "CNY"),  # the default currency
        ("20.00", 2000, "CNY"),
        ("20.5", 2050, "CNY"),
        ("0", 0, "CNY"),
        ("+5", 500, "CNY"),
        ("007", 700, "CNY"),
        ("¥20", 2000, "CNY"),
        ("￥20", 2000, "CNY"),  # full-width sign
        ("20元", 2000, "CNY"),
        ("20 块钱", 2000, "CNY"),
        ("RMB 20", 2000, "CNY"),
        ("1,000.00", 100_000, "CNY"),
        ("1,234,567", 123_456_700, "CNY"),
        ("１２３．５０", 12_350, "CNY"),  # full-width digits and point
        ("１，０００", 100_000, "CNY"),
        ("2。5", 250, "CNY"),  # the Chinese full stop, one key away
        ("500日元", 500, "JPY"),  # yen have no decimals
        ("JPY 500", 500, "JPY"),
        ("KWD 3.250", 3250, "KWD"),  # dinars have three
        ("20 usd", 2000, "USD"),
        ("$20", 2000, "USD"),
        ("HK$20", 2000, "HKD"),
        ("92233720368547758.07", 2**63 - 1, "CNY"),  # the largest there is
    ],
)
def test_an_amount_is_read_exactly(typed: str, minor: int, currency: str) -> None:
    assert parse_money(typed, "CNY") == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("NaN", "not an amount"),
        ("inf", "not an amount"),
        ("1e5", "not an amount"),
        ("0x10", "not an amount"),
        (".5", "not an amount"),
        ("5.", "not an amount"),
        ("1.2.3", "not an amount"),
        ("20 000", "not an amount"),
        ("²", "not an amount"),  # NFKC would read it as 2
        ("①", "not an amount"),
        ("٣", "not an amount"),  # a digit, but not one of ours
        ("½", "not an amount"),
        ("-0", "negative"),
        ("-5", "negative"),
        ("¥-5", "negative"),
        ("1.000,00", "two ways"),
        ("1,00", "two ways"),
        ("1.000", "two ways"),
        ("1,0000", "two ways"),
        ("2.5555", "too many decimal places"),
        ("JPY 500.5", "too many decimal places"),
        ("KWD 1.2345", "too many decimal places"),
        ("92233720368547758.08", "too large"),
        ("9223372036854775808 JPY", "too large"),
        ("9" * 5000, "too large"),
        ("$20 EUR", "two currencies"),
        ("20 XYZ", "not a currency"),
        ("20€€", "not a currency"),
        ("\x1b[31m20", "not a"),
    ],
)
def test_what_is_not_one_exact_amount_is_refused_with_a_reason_and_an_example(typed: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_money(typed, "CNY")
    assert reason in refused.value.message
    assert "like 20" in refused.value.hint
    assert "\x1b" not in str(refused.value)


def test_a_shared_sign_means_the_default_currency_if_it_can() -> None:
    assert parse_money("¥20", "JPY") == Money(20, "JPY")
    assert parse_money("¥20", "EUR") == Money(2000, "CNY")
    assert parse_money("$20", "SGD") == Money(2000, "SGD")
    assert parse_money("20元", "TWD") == Money(2000, "TWD")


@pytest.mark.parametrize(
    ("money", "zh", "en"),
    [
        (Money(2000, "CNY"), "20 元", "¥20"),
        (Money(2050, "CNY"), "20.50 元", "¥20.50"),
        (Money(100_000, "USD"), "1,000 美元", "$1,000"),
        (Money(500, "JPY"), "500 日元", "JPY 500"),
        (Money(3250, "KWD"), "KWD 3.250", "KWD 3.250"),
        (Money(-5, "CNY"), "-0.05 元", "-¥0.05"),  # a difference between two amounts
    ],
)
def test_an_amount_reads_naturally_in_both_languages(money: Money, zh: str, en: str) -> None:
    assert (money.display("zh"), money.display("en")) == (zh, en)


@given(st.integers(0, 2**63 - 1), st.sampled_from(sorted(CURRENCIES)))
def test_the_plain_form_is_exact_and_reads_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Fraction(money.plain()) * 10 ** exponent(currency) == minor
    assert parse_money(money.plain(), currency) == money
    assert parse_money(f"{currency} {money.plain()}", "CNY") == money
    assert parse_money(f"{int(money.plain().split('.')[0]):,}", currency).currency == currency


@given(st.text())
def test_any_text_is_an_amount_or_refused_and_nothing_else(text: str) -> None:
    try:
        money = parse_money(text)
    except Refused:
        return
    assert type(money.minor) is int
    assert 0 <= money.minor < 2**63


def test_an_unknown_currency_or_an_amount_beyond_64_bits_cannot_be_made() -> None:
    with pytest.raises(Refused, match="not known"):
        Money(1, "XXX")
    with pytest.raises(Refused, match="too large"):
        Money(2**63, "CNY")
