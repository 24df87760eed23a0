"""Logging an offer: few keys, the right question for its kind, problems beside the field."""

from typing import Any

import pytest

from agent_assist.offers.parse import OFFER_INPUTS, OfferContext, parse_offer
from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
from agent_assist.tui.desk.offer_prefill import OfferPrefill
from tests.conftest import NOW
from tests.tui.dialogs.host import HOSTILE, OPEN, SMALL, Host, chat, incident, paste, type_text


def form(**options: Any) -> Host:
    prefill = OfferPrefill(**{name: options.pop(name) for name in ("kind", "sentence", "amount") if name in options})
    return Host(OfferScreen(**{"chat": chat(), "incident": incident(), "prefill": prefill, **options}))


async def test_a_coupon_takes_its_amount_and_one_key_more() -> None:
    host = form(kind="coupon", sentence="A coupon of ¥20 is yours.")
    async with host.run_test() as pilot:
        assert "INC-1 Sign-in outage" in host.seen
        await type_text(pilot, "20")
        assert "= ¥20" in host.seen
        await pilot.press("ctrl+s")
    assert host.answer == {"kind": "coupon", "amount": "20", "currency": "CNY", "sentence": "A coupon of ¥20 is yours."}


@pytest.mark.parametrize(
    ("steps", "asked", "typed", "name"),
    [(3, "Duration", "7d", "duration"), (4, "What", "flowers", "thing"), (1, "Amount", "5.50", "amount")],
)
async def test_each_kind_asks_for_its_own_thing(steps: int, asked: str, typed: str, name: str) -> None:
    host = form(sentence="Yours.")
    async with host.run_test() as pilot:
        await pilot.press("space", *["right"] * steps, "enter")
        assert asked in host.seen
        await type_text(pilot, typed)
        await pilot.press("enter", "enter", "enter")
    assert host.answer[name] == typed
    assert not {"amount", "duration", "thing"} - {name} & host.answer.keys()


async def test_what_was_answered_can_be_logged() -> None:
    host = form(kind="extension", sentence="Seven days more.")
    async with host.run_test() as pilot:
        await type_text(pilot, "7天")
        await pilot.press("ctrl+s")
    assert set(host.answer) <= set(OFFER_INPUTS)
    known = OfferContext(op_id="1", agent="小李", at=NOW, currency="CNY", customer=chat().customer.name)
    offer = parse_offer(host.answer, known)
    assert offer.duration is not None
    assert (offer.duration.count, offer.sentence) == (7, "Seven days more.")


@pytest.mark.parametrize(
    ("options", "typed", "said"),
    [
        ({"kind": "coupon", "sentence": "x"}, "1,5", "can be read in two ways"),
        ({"kind": "coupon", "sentence": "x"}, "0", "An offer must be worth more than zero. For example 20."),
        ({"kind": "extension", "sentence": "x"}, "7m", "is not a duration we can promise. Write it like 7d"),
        ({"kind": "gift", "sentence": "x"}, "", "Say what is given. For example: a gift box."),
        ({"kind": "coupon"}, "20", "The promised sentence is missing."),
        ({"sentence": "x"}, "", "Choose what kind of offer it is."),
        ({"kind": "gift", "sentence": "x", "chat": chat("")}, "tea", "An offer needs the customer's name."),
        ({"kind": "other", "sentence": "x"}, "", "Say what is offered: an amount, a duration or a thing."),
    ],
)
async def test_what_cannot_be_logged_is_said_beside_the_field(options: dict[str, Any], typed: str, said: str) -> None:
    host = form(**options)
    async with host.run_test() as pilot:
        await type_text(pilot, typed)
        await pilot.press("ctrl+s")
        assert host.answer is OPEN
        assert said in host.said


async def test_leaving_with_something_typed_asks_first() -> None:
    host = form(kind="coupon")
    async with host.run_test() as pilot:
        await pilot.press("2", "escape")
        assert "Leave without saving?" in host.seen
        await pilot.press("enter")
        assert host.answer is OPEN
        await pilot.press("escape", "right", "enter")
    assert host.answer is None


async def test_leaving_untouched_asks_nothing() -> None:
    host = form(kind="coupon", sentence="x")
    async with host.run_test() as pilot:
        await pilot.press("escape")
    assert host.answer is None


async def test_a_refused_offer_comes_back_as_it_was_typed_with_the_reason() -> None:
    typed = {"kind": "gift", "thing": "flowers", "reason": "waited long", "sentence": "Flowers for you."}
    host = form(typed=typed, problem="Above your limit.")
    async with host.run_test() as pilot:
        assert "✗ Above your limit." in host.seen
        assert "waited long" in host.seen
        await pilot.press("ctrl+s")
    assert host.answer == typed


async def test_a_pasted_sentence_of_several_lines_is_kept_whole() -> None:
    host = form(kind="coupon")
    async with host.run_test(size=SMALL) as pilot:
        await pilot.press("2", "tab", "tab")
        await paste(pilot, "one\ntwo " + HOSTILE)
        assert "two [/退款] [bold]A123[/]" in host.seen
        await pilot.press("ctrl+s")
    assert host.answer["sentence"].startswith("one\ntwo [/退款] [bold]A123[/] ␛]52;c;AAAA")
    assert "\u202e" not in host.answer["sentence"]
