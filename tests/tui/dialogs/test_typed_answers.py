"""How typed times, numbers and amounts are understood, and what of them stands in the reply."""

import pytest

from agent_assist.errors import Refused
from agent_assist.tui.desk.dialogs import typed_answers
from tests.conftest import NOW, SHANGHAI


@pytest.mark.parametrize(
    ("typed", "lang", "value", "note"),
    [
        ("14:30", "en", "2026-11-20T14:30:00+08:00", "In the reply: 14:30 (in 20 minutes)"),
        ("１４：３０", "zh", "2026-11-20T14:30:00+08:00", "In the reply: 14:30 (in 20 minutes)"),
        ("下午3点", "zh", "2026-11-20T15:00:00+08:00", "In the reply: 15:00 (in 50 minutes)"),
        ("tomorrow 9:00", "zh", "2026-11-21T09:00:00+08:00", "In the reply: 明天 09:00 (in 18 hours 50 minutes)"),
        ("12-31", "zh", "2026-12-31", "31 December (in 41 days)"),
        ("2027-01-02", "en", "2027-01-02", "2 January 2027 (in 43 days)"),
        ("今天", "zh", "2026-11-20", "Today, 20 November"),
        ("昨天", "en", "2026-11-19", "! A day in the past: 19 November"),
        (
            "yesterday 9:00",
            "en",
            "2026-11-19T09:00:00+08:00",
            "! In the reply: 09:00 yesterday, which has already passed.",
        ),
        ("3 个工作日内", "zh", "3 个工作日内", "Not a time we can compute with: it is used word for word."),
    ],
)
def test_a_time_becomes_a_moment_a_day_or_stays_in_words(typed: str, lang: str, value: str, note: str) -> None:
    answer = typed_answers.parse_time(typed, NOW, SHANGHAI, lang)
    assert (answer.value, answer.note) == (value, note)


@pytest.mark.parametrize("typed", ["", "  ", "45", "25:00", "12-31-99", "+", "::"])
def test_what_is_no_time_or_has_passed_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        typed_answers.parse_time(typed, NOW, SHANGHAI, "en")
    assert refused.value.hint == "For example 14:30, +45m, tomorrow 9:00 or 12-31."


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("9:00", "Write “tomorrow 09:00” when you mean tomorrow."),
        ("05/12", "Write “12 May 2027” or “5 December”."),
    ],
)
def test_a_time_with_two_meanings_or_a_passed_one_is_refused_with_what_to_write(typed: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        typed_answers.parse_time(typed, NOW, SHANGHAI, "en")
    assert refused.value.hint == hint


@pytest.mark.parametrize("typed", ["12-31", "31 December", "2027-01-02", "今天"])
def test_a_kept_day_comes_back_in_words_and_means_the_same(typed: str) -> None:
    kept = typed_answers.parse_time(typed, NOW, SHANGHAI, "zh").value
    shown = typed_answers.typed_form(kept, NOW, SHANGHAI)
    assert shown != kept
    assert typed_answers.parse_time(shown, NOW, SHANGHAI, "en").value == kept


def test_a_kept_moment_comes_back_as_a_person_would_type_it_and_means_the_same() -> None:
    kept = typed_answers.parse_time("明天 9:00", NOW, SHANGHAI, "zh").value
    shown = typed_answers.typed_form(kept, NOW, SHANGHAI)
    assert shown == "09:00 tomorrow"
    assert typed_answers.parse_time(shown, NOW, SHANGHAI, "zh").value == kept


@pytest.mark.parametrize(
    ("typed", "value"), [("3", "3"), ("１．５", "1.5"), ("1,000", "1,000"), ("15%", "15%"), ("-2", "-2")]
)
def test_a_number_is_taken_in_any_width(typed: str, value: str) -> None:
    assert typed_answers.parse_number(typed).value == value


@pytest.mark.parametrize("typed", ["", "many", "1,00", "3 4x", "²"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        typed_answers.parse_number(typed)


def test_an_amount_is_written_as_the_customer_reads_it() -> None:
    assert typed_answers.parse_amount("20元", "CNY", "en").value == "¥20"
    assert typed_answers.parse_amount("$5.50", "CNY", "zh").value == "5.50 美元"
