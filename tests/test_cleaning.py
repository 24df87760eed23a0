"""The border that every text from outside passes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.cleaning import clean, clean_line, identity


@pytest.mark.parametrize(
    ("outside", "inside", "why"),
    [
        ("王女士", "王女士", "ordinary text stays"),
        ("a\x1b]52;c;aGk=\x07b", "a␛]52;c;aGk=␇b", "a clipboard escape is shown, not obeyed"),
        ("\x9b2Jx", "�2Jx", "one-byte CSI clears screens on some terminals"),
        ("abc\u202edef", "abc�def", "a bidi override would reverse the amount"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd", "every line end becomes one"),
        ("nul\x00here", "nul␀here", "NUL cuts strings in C programs"),
        ("\ud800", "�", "a lone surrogate cannot be encoded"),
        ("👩‍👩‍👧 e\u0301", "👩‍👩‍👧 e\u0301", "joined emoji and combining marks are people's text"),
        ("订单[A123]已发 [/退款]", "订单[A123]已发 [/退款]", "brackets are no markup here"),
        ("\ufeffid", "id", "nobody sees a byte order mark, nor misses it"),
        ("\u200fمحمد", "محمد", "a direction mark in front of a name"),
        ("\u202a+972 50 123\u202c", "+972 50 123", "a telephone number as chat programs wrap it"),
        ("\u2068Ana\u2069", "Ana", "isolates around a name"),
        ("王\u200b女\u2060士\u00ad", "王女士", "spaces without width, word joiners, soft hyphens"),
        ("\u3164小陈\u115f\u1160\uffa0", "小陈", "hangul fillers"),
        ("Ms\u034f Li\ufe0f\U000e0041\u180e", "Ms Li", "joiners of accents, selectors and tags without a base"),
        ("a\u200db\u200cc", "abc", "joiners that join nothing"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم", "Persian words need it"),
        ("क्\u200dष", "क्\u200dष", "and Indic ones"),
        ("ශ්\u200dරී", "ශ්\u200dරී", "Sinhala too"),
        ("❤️ 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 👩🏽‍💻 1️⃣ #️⃣ ©️", "❤️ 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 👩🏽‍💻 1️⃣ #️⃣ ©️", "emoji stay whole"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "flags too",
        ),
        ("葛\U000e0100城", "葛\U000e0100城", "the form of a character in a name"),
    ],
)
def test_control_and_reordering_characters_become_visible_marks(outside: str, inside: str, why: str) -> None:
    assert clean(outside) == inside, why


def test_a_name_stays_on_one_line() -> None:
    assert clean_line("  王\t女士\n ") == "王 女士"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(alphabet=st.characters(categories=["Cc", "Cs", "Cf", "L"])))
def test_nothing_a_terminal_obeys_gets_through(text: str) -> None:
    allowed = {"\n", "\t"}
    assert not [c for c in clean(text) if (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0) and c not in allowed]
    clean(text).encode()


@given(st.text())
def test_nothing_that_can_be_seen_is_dropped(text: str) -> None:
    unseen = sum(unicodedata.category(char) in ("Cf", "Cn", "Mn", "Lo") for char in text)
    assert len(clean(text)) >= len(text) - text.count("\r\n") - unseen


INVISIBLE = st.sampled_from(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u3164\ufe0f\ufe00\U000e0067\U000e007f"
)


@given(st.text(st.sampled_from("aی王क्👩❤1#🏴\u20e3\n ") | INVISIBLE))
def test_marks_in_any_order_are_cleaned_once_and_for_all(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not set(clean(text)) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u3164")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("王女士", "王\u200b女士", True),
        ("王女士", " 王 女士", True),
        ("José", "Jose\u0301", True),
        ("JOSÉ  GARCIA", "josé garcia", True),
        ("Ａ２０９３１", "a20931", True),
        ("小陈", "小陈\u3164", True),
        ("José", "Jose", False),
        ("王女士", "王先生", False),
        ("Ms Li", "MsLi", False),
    ],
)
def test_names_that_people_read_alike_are_the_same_name(one: str, other: str, same: bool) -> None:
    assert (identity(one) == identity(other)) is same


def test_what_python_calls_printable_needs_no_cleaning() -> None:
    chars = [char for char in map(chr, range(0x10000)) if char.isprintable() and clean(char) == char]
    assert len(chars) > 50_000
    assert [char for char in chars if clean(f"{char}\x00") != f"{char}␀"] == []
