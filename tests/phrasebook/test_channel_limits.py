"""A text is as long as its channel counts it: septets and code units of an SMS, weights of X, columns of a page."""

import pytest

from agent_assist.phrasebook.channel_limits import channel_for, length_on


@pytest.mark.parametrize(
    ("text", "length", "limit", "messages", "why"),
    [
        ("", 0, 160, 1, "nothing"),
        ("a" * 160, 160, 160, 1, "one message of the GSM alphabet"),
        ("a" * 161, 161, 160, 2, "two, of 153 and 8"),
        ("a" * 306, 306, 160, 2, "two full parts"),
        ("a" * 307, 307, 160, 3, "one letter in the third"),
        ("àéùì ÄÖÜß ¿¡ £¥ ΔΦ\n@", 20, 160, 1, "all of the GSM alphabet"),
        ("€" * 80, 160, 160, 1, "the euro sign takes two"),
        ("[{^~|}]\\\f", 18, 160, 1, "so does the rest of the extension table"),
        ("a" * 152 + "€" + "a" * 150, 304, 160, 2, "an escape is not parted from its character: 152 and 152"),
        ("a" * 152 + "€" + "a" * 152, 306, 160, 3, "for this reason 306 do not always fit in two"),
        ("登" * 70, 70, 70, 1, "one message of Chinese"),
        ("登" * 71, 71, 70, 2, "two, of 67 and 4"),
        ("登" * 134, 134, 70, 2, "two full parts"),
        ("登" * 135, 135, 70, 3, "one character in the third"),
        ("a" * 69 + "登", 70, 70, 1, "one Chinese character makes all of it Chinese"),
        ("登" * 34 + "𠮷" * 18, 70, 70, 1, "a rare character takes two"),
        ("登" * 66 + "😀" + "登" * 65, 133, 70, 2, "an emoji is not cut in two: 66 and 67"),
        ("登" * 66 + "😀" + "登" * 66, 134, 70, 3, "for this reason 134 do not always fit in two"),
        ("a`", 2, 70, 1, "a grave accent is not in the GSM alphabet"),
    ],
)
def test_an_sms_is_counted_as_networks_split_it(text: str, length: int, limit: int, messages: int, why: str) -> None:
    size = length_on("sms", text)
    assert size is not None
    assert (size.length, size.limit, size.messages) == (length, limit, messages), why
    assert size.is_too_long == (messages > 1)


@pytest.mark.parametrize(
    ("text", "costly"),
    [
        ("We’re sorry – back soon", ("’", "–")),
        ("We're sorry - back soon", ()),
        ("抱歉，马上恢复", ()),
        ("Привет", ()),
        ("“‘—…–’”", ()),
    ],
)
def test_typographic_characters_that_halve_an_sms_are_named(text: str, costly: tuple[str, ...]) -> None:
    size = length_on("sms", text)
    assert size is not None
    assert size.costly == costly


@pytest.mark.parametrize(
    ("channel", "text", "length", "limit"),
    [
        ("social", "登录" * 70, 280, 280),
        ("social", "a" * 281, 281, 280),
        ("social", "“quoted” — yes…", 16, 280),
        ("social", "é", 1, 280),
        ("social", "e\u0301", 1, 280),
        ("social", "👨‍👩‍👧‍👦👍🏽🇨🇳1️⃣", 8, 280),
        ("social", "状态见https://status.example.com/incidents/2026-11-27-login?lang=zh。", 6 + 23 + 2, 280),
        ("banner", "支付 ok", 7, 120),
        ("in-app", "ｗｉｄｅ", 8, 500),
    ],
)
def test_other_channels_count_in_their_own_way(channel: str, text: str, length: int, limit: int) -> None:
    size = length_on(channel, text)
    assert size is not None
    assert (size.length, size.limit) == (length, limit)


@pytest.mark.parametrize("channel", ["chat", "mail", "letter", "phone"])
def test_where_any_length_fits_nothing_is_counted(channel: str) -> None:
    assert length_on(channel, "登" * 10_000) is None


def test_the_channel_is_the_named_one_else_the_only_one_of_the_phrase() -> None:
    assert channel_for("", ("sms",)) == "sms"
    assert channel_for("mail", ("sms",)) == "mail"
    assert channel_for("", ("sms", "mail")) == "chat"
    assert channel_for("", ()) == "chat"
