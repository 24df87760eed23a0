"""A placeholder's choices in the languages of the book."""

import pytest

from agent_assist.phrasebook.phrase import Field

BOTH = Field(choices={"zh": ("网页", "手机", "小程序"), "en": ("web", "phone")})
PLAIN = Field(choices=("1", "2"))


@pytest.mark.parametrize(
    ("value", "lang", "expected", "why"),
    [
        ("手机", "en", "phone", "the choice at the same place"),
        ("web", "zh", "网页", "also the other way"),
        ("phone", "en", "phone", "it is one of this language already"),
        ("小程序", "en", "小程序", "no choice stands at this place"),
        ("平板", "en", "平板", "typed by hand"),
        ("手机", "fr", "手机", "a language the book does not have"),
    ],
)
def test_a_choice_follows_the_language_of_the_reply(value: str, lang: str, expected: str, why: str) -> None:
    assert BOTH.translate_choice(value, lang) == expected, why


def test_a_plain_list_serves_every_language() -> None:
    assert PLAIN.choices_in("en") == PLAIN.choices_in("zh") == ("1", "2")
    assert PLAIN.translate_choice("1", "en") == "1"


def test_a_language_without_choices_has_those_of_the_first() -> None:
    assert BOTH.choices_in("fr") == ("网页", "手机", "小程序")
    assert Field(choices={}).choices_in("zh") == ()
