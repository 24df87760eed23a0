"""What orders the list besides the words: what was sent, what is pinned, what the moment asks for."""

import datetime as dt
from pathlib import Path

import pytest

from agent_assist.errors import NotSaved
from agent_assist.phrasebook import Library, Phrase
from agent_assist.services.usage_profile import UsageProfile, Use, read_pins, write_pins
from tests.conftest import NOW


def phrase(id_: str, **more: object) -> Phrase:
    return Phrase(id=id_, title={"zh": id_}, text={"zh": id_}, **more)  # type: ignore[arg-type]


def use(phrase_id: str, agent: str = "小李", hours_ago: float = 1) -> Use:
    return Use(phrase_id=phrase_id, query="", agent=agent, at=NOW - dt.timedelta(hours=hours_ago))


def order(habits: UsageProfile, *phrases: Phrase, stage: str = "") -> list[str]:
    return [one.id for one in habits.most_useful(Library(phrases), NOW, stage, "zh")]


def test_before_anything_is_typed_phrases_for_this_stage_come_first() -> None:
    late, now = phrase("late", stages=("resolved",), kind="apology"), phrase("now", stages=("identified",), kind="faq")
    assert order(UsageProfile("小李"), late, now, stage="identified") == ["now", "late"]


def test_what_an_agent_sends_comes_before_what_nobody_does() -> None:
    habits = UsageProfile("小李", [use("usual"), use("usual"), use("rare", hours_ago=90)])
    assert order(habits, phrase("never"), phrase("rare"), phrase("usual")) == ["usual", "rare", "never"]


def test_what_speaks_of_the_incident_comes_before_the_rest() -> None:
    useful = UsageProfile("小李").most_useful(Library((phrase("pay"), phrase("login"))), NOW, "", "zh", {"login"})
    assert [one.id for one in useful] == ["login", "pay"]


def test_a_colleagues_habit_counts_less_than_ones_own() -> None:
    habits = UsageProfile("小李", [*(use("theirs", "小陈") for _ in range(9)), *(use("mine") for _ in range(5))])
    assert order(habits, phrase("theirs"), phrase("mine")) == ["mine", "theirs"]
    assert habits.favourites == {"mine"}


def test_sending_once_is_no_habit_yet() -> None:
    once = UsageProfile("小李").with_use("new", "xin", NOW)
    assert once.favourites == frozenset()
    assert once.with_use("new", "xin", NOW).favourites == {"new"}


def test_what_is_pinned_stands_first_the_newest_pin_before_all() -> None:
    habits = UsageProfile("小李", [use("usual")] * 9).toggle_pin("first").toggle_pin("second")
    phrases = phrase("usual"), phrase("first"), phrase("second", scene="team-to-users")
    assert order(habits, *phrases) == ["second", "first", "usual"]
    assert order(habits.toggle_pin("second"), *phrases) == ["first", "usual", "second"]


def test_a_signal_that_is_switched_off_says_nothing() -> None:
    uses = [use("usual")] * 9
    assert order(UsageProfile("小李", uses, off=["recent", "often", "team"]), phrase("other"), phrase("usual")) == [
        "other",
        "usual",
    ]


def test_what_was_used_lately_fades_on_a_desk_that_sends_nothing_more() -> None:
    habits = UsageProfile("小李", [use("usual", hours_ago=0.5)])
    usual = phrase("usual")

    def recent(hours: float) -> float:
        return habits.signals(NOW + dt.timedelta(hours=hours), "", "zh").of(usual, {}).get("recent", 0.0)

    first, later, over = recent(0), recent(4), recent(7.5)
    assert first > later > over == 0
    assert recent(0) == first
    assert habits.signals(NOW, "", "zh") is habits.signals(NOW + dt.timedelta(seconds=1), "", "zh")


def test_pins_are_kept_for_the_next_start(tmp_path: Path) -> None:
    write_pins(tmp_path / "home", ["b-b", "a-a"])
    assert read_pins(tmp_path / "home") == ("b-b", "a-a")


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff"])
def test_a_list_of_pins_that_cannot_be_read_is_no_list(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pins.json").write_bytes(content)
    assert read_pins(tmp_path) == ()


def test_pins_that_cannot_be_kept_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved, match="pinned phrases could not be saved"):
        write_pins(tmp_path / "file", ["a-a"])
