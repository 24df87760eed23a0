"""What a few letters mean among options: exact names first, then beginnings, then pinyin."""

import pytest

from agent_assist.search.pinyin import reads_as
from agent_assist.tui.forms.type_ahead import TypedOption, matching, value_of

OPTIONS = [
    TypedOption("login", "登录", ("sign-in", "login")),
    TypedOption("codes", "验证码", ("verification codes", "sms")),
    TypedOption("payment", "支付", ("payments", "pay")),
]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("login", "login"),
        ("LOG", "login"),
        ("denglu", "login"),
        ("dengl", "login"),
        ("dl", "login"),
        ("登", "login"),
        ("ｐａｙ", "payment"),
        ("zhifu", "payment"),
        ("yzm", "codes"),
        ("kiosk", "kiosk"),
        ("", ""),
    ],
)
def test_a_beginning_in_either_language_or_in_pinyin_means_an_option(typed: str, value: str) -> None:
    assert value_of(typed, OPTIONS) == value


def test_an_exact_name_stands_before_the_beginning_of_another() -> None:
    options = [TypedOption("a", "payments"), TypedOption("b", "pay")]
    assert [option.value for option in matching("pay", options)] == ["b", "a"]


def test_letters_that_go_on_beyond_the_text_do_not_mean_it() -> None:
    assert reads_as("denglu", "登录")
    assert not reads_as("denglushibai", "登录")
    assert not reads_as("web", "登录")
