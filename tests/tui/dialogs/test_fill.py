"""The form for a reply's gaps, as an agent meets it."""

from collections.abc import Mapping
from typing import Any

import pytest

from agent_assist.incidents import Eta
from agent_assist.phrasebook.phrase import Field
from agent_assist.services.make_reply import Reply
from agent_assist.tui.desk.dialogs.gap_form import GapScreen
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import HOSTILE, OPEN, SMALL, Host, incident, later, paste, reply, type_text

GIFT = {"gift": Field(label={"en": "Gift"}, control="choice", choices=("a box", "flowers"))}


def form(of: Reply, values: Mapping[str, str] | None = None, **options: Any) -> Host:
    return Host(GapScreen(of, values or {}, clock=lambda: NOW, tz=SHANGHAI, **options))


async def test_enter_goes_through_the_fields_and_accepts_on_the_last() -> None:
    fields = {"price": Field(control="money"), "days": Field(control="number"), "note": Field()}
    host = form(reply("{{ price }} {{ days }} {{ note }} {{ price }}", fields), {"kept": "before"})
    async with host.run_test() as pilot:
        for text in ("20", "３", "as agreed"):
            await type_text(pilot, text)
            await pilot.press("enter")
    assert host.answer == {"kept": "before", "price": "¥20", "days": "3", "note": "as agreed"}


async def test_a_field_used_twice_is_asked_for_once() -> None:
    host = form(reply("{{ note }} and {{ note }}", {"note": Field(label={"en": "Note"})}))
    async with host.run_test():
        assert host.seen.count("Note") == 1


async def test_a_time_is_echoed_as_it_was_understood_and_kept_as_the_moment_it_meant() -> None:
    host = form(reply("By {{ by }}.", {"by": Field(label={"en": "GroupBy"}, control="datetime")}))
    async with host.run_test() as pilot:
        await type_text(pilot, "+45m")
        assert "In the reply: 14:55 (in 45 minutes)" in host.seen
        await pilot.press("ctrl+u")
        await type_text(pilot, "明天 9:00")
        assert "In the reply: 09:00 tomorrow (in 18 hours 50 minutes)" in host.seen
        await pilot.press("enter")
    assert host.answer == {"by": "2026-11-21T09:00:00+08:00"}


async def test_a_time_that_has_passed_today_is_refused_with_an_example() -> None:
    host = form(reply("By {{ by }}.", {"by": Field(control="datetime")}))
    async with host.run_test() as pilot:
        await type_text(pilot, "9:00")
        await pilot.press("enter")
        assert host.answer is OPEN
        assert "✗ 09:00 has already passed today. Write “tomorrow 09:00”" in host.said


@pytest.mark.parametrize(
    ("eta", "why"),
    [
        (Eta(), "The facts give no time, so none is quoted."),
        (Eta(at=later(-3)), "The time in the facts has passed, so it is not quoted."),
    ],
)
async def test_an_eta_that_may_not_be_quoted_is_explained(eta: Eta, why: str) -> None:
    host = form(reply("Back by {{ incident.eta | clock }}.", about=incident(eta=eta)))
    async with host.run_test() as pilot:
        await pilot.pause()
        assert why in host.said
        await type_text(pilot, "unknown")
        await pilot.press("enter")
        assert "This reply needs a time." in host.seen
        await pilot.press(*["backspace"] * 7)
        await type_text(pilot, "14:30-15:00")
        await pilot.press("enter")
    filled = reply("Back by {{ incident.eta | clock }}.", about=incident(eta=eta), values=host.answer)
    assert (filled.text, filled.gaps) == ("Back by 15:00.", ())


async def test_a_fact_that_is_missing_is_asked_for_this_reply_only() -> None:
    host = form(reply("{{ incident.workaround }}", about=incident(workaround="")))
    async with host.run_test() as pilot:
        await pilot.pause()
        assert "The facts do not say this yet." in host.seen
        assert "this reply only" in host.seen
        await type_text(pilot, "use the app")
        await pilot.press("enter")
    assert host.answer == {"incident.workaround": "use the app"}


async def test_a_fact_known_in_the_other_language_says_so() -> None:
    host = form(reply("{{ incident.workaround }}", about=incident()))
    async with host.run_test() as pilot:
        await pilot.pause()
        assert "The facts say this only in the other language." in host.seen


async def test_a_choice_is_made_with_arrows_and_enter() -> None:
    host = form(reply("We send {{ gift }}.", GIFT))
    async with host.run_test() as pilot:
        await pilot.pause()
        assert "We send ____" in host.seen
        await pilot.press("right", "right", "enter")
    assert host.answer == {"gift": "flowers"}


async def test_a_choice_leaves_room_for_other_words() -> None:
    host = form(reply("We send {{ gift }}.", GIFT))
    async with host.run_test() as pilot:
        await pilot.press("right", "right", "right", "enter")
        await type_text(pilot, "a card")
        await pilot.press("enter")
    assert host.answer == {"gift": "a card"}


async def test_choices_that_need_their_own_lines_are_not_chosen_by_passing_through() -> None:
    long = ("a voucher for the whole of next year", "an extension of the contract", "flowers")
    fields = {"gift": Field(control="choice", choices=long), "note": Field()}
    host = form(reply("{{ gift }} {{ note }}", fields))
    async with host.run_test(size=SMALL) as pilot:
        await pilot.press("down", "down", "down", "down", "x", "enter")
        assert host.answer is OPEN
        assert "✗ Choose one" in host.seen
        await pilot.press("up", "up", "enter")
        assert "● an extension of the contract" in host.seen
        await pilot.press("enter")
    assert host.answer == {"gift": "an extension of the contract", "note": "x"}


async def test_escape_keeps_what_was_typed_even_when_it_cannot_be_used_yet() -> None:
    fields = {"note": Field(), "days": Field(control="number")}
    of = reply("{{ note }} {{ days }}", fields)
    host = form(of)
    async with host.run_test() as pilot:
        await type_text(pilot, "hello")
        await pilot.press("tab")
        await type_text(pilot, "many")
        await pilot.press("escape")
    assert host.answer == {"note": "hello", "?days": "many"}
    again = form(of, host.answer)
    async with again.run_test() as pilot:
        assert "hello" in again.seen
        assert "many" in again.seen


async def test_escape_without_typing_changes_nothing() -> None:
    host = form(reply("{{ note }}", {"note": Field()}))
    async with host.run_test() as pilot:
        await pilot.press("escape")
    assert host.answer is None


async def test_every_change_is_handed_out_for_keeping() -> None:
    kept: list[Mapping[str, str]] = []
    host = form(reply("{{ note }}", {"note": Field()}), keep=kept.append)
    async with host.run_test() as pilot:
        await type_text(pilot, "ab")
        await pilot.pause()
    assert kept == [{"note": "a"}, {"note": "ab"}]


async def test_what_was_filled_before_can_be_put_right() -> None:
    host = form(reply("{{ note }}", {"note": Field()}, values={"note": "wrogn"}), {"note": "wrogn"})
    async with host.run_test() as pilot:
        await pilot.press(*["backspace"] * 3)
        await type_text(pilot, "ong")
        await pilot.press("ctrl+s")
    assert host.answer == {"note": "wrong"}


async def test_pasted_lines_are_all_kept() -> None:
    fields = {"note": Field(), "days": Field(control="number")}
    host = form(reply("{{ note }} {{ days }}", fields))
    async with host.run_test() as pilot:
        await paste(pilot, "one\r\ntwo")
        await pilot.press("tab")
        await paste(pilot, "3\nextra")
        assert "3 extra" in host.seen
        await pilot.press("escape")
    assert host.answer == {"note": "one\ntwo", "?days": "3 extra"}


async def test_hostile_text_is_shown_as_it_is_and_cleaned() -> None:
    fields = {"gift": Field(label={"en": "[/x]"}, control="choice", choices=(HOSTILE, "[b]"))}
    host = form(reply("{{ gift }} " + HOSTILE, fields))
    async with host.run_test(size=SMALL) as pilot:
        assert "[/退款] [bold]A123[/]" in host.seen
        assert "\x1b" not in host.seen
        assert "\u202e" not in host.seen
        await pilot.press("enter")
    assert host.answer["gift"].startswith("[/退款] [bold]A123[/] ␛]52")
