"""Severity and status are understood in the words agents use, in both languages."""

import pytest

from agent_assist.errors import Refused
from agent_assist.incidents import parse_severity, parse_status, status_word


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("排查中", "investigating"),
        ("investigating", "investigating"),
        (" Identified ", "identified"),
        ("已定位", "identified"),
        ("观察中", "monitoring"),
        ("已恢复", "resolved"),
        ("已解决", "resolved"),
        ("fixed", "resolved"),
    ],
)
def test_a_status_is_understood(typed: str, status: str) -> None:
    assert parse_status(typed) == status


@pytest.mark.parametrize(
    ("typed", "severity"),
    [
        ("SEV1", "SEV1"),
        ("sev-2", "SEV2"),
        ("3", "SEV3"),
        ("P4", "SEV4"),
        ("１", "SEV1"),
        ("一级", "SEV1"),
        ("严重", "SEV2"),
    ],
)
def test_a_severity_is_understood(typed: str, severity: str) -> None:
    assert parse_severity(typed) == severity


def test_other_words_are_refused_with_the_choices() -> None:
    with pytest.raises(Refused, match=r"not a status.*investigating, identified, monitoring, resolved"):
        parse_status("exploded")
    with pytest.raises(Refused, match=r"not a severity.*SEV1, SEV2, SEV3, SEV4"):
        parse_severity("SEV5")
    with pytest.raises(Refused):
        parse_severity("SEV")


def test_the_refusal_cannot_carry_escape_sequences() -> None:
    with pytest.raises(Refused) as refused:
        parse_status("\x1b]52;c;aGk=\x07")
    assert "\x1b" not in str(refused.value)


def test_a_status_is_shown_in_the_language_asked_for() -> None:
    assert status_word("investigating", "zh") == "排查中"
    assert status_word("investigating", "en") == status_word("investigating") == "investigating"
