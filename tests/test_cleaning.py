"""The border that every text from outside passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.cleaning import clean, clean_line


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
        ("\ufeffid", "�id", "an invisible byte order mark inside text is shown"),
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
def test_nothing_is_dropped(text: str) -> None:
    assert len(clean(text)) >= len(text) - text.count("\r\n")


def test_what_python_calls_printable_needs_no_cleaning() -> None:
    chars = map(chr, range(0x10000))
    assert [char for char in chars if char.isprintable() and clean(f"{char}\x00") != f"{char}␀"] == []
