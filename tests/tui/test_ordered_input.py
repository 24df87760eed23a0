"""Keys that arrive together have their effect one after the other, wherever they are typed."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, TextArea

from agent_assist.chats import Customer
from agent_assist.errors import Refused
from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
from agent_assist.tui.desk.offer_prefill import OfferPrefill
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.forms.field import FormField, ParsedAnswer
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.ordered_input import MAX_KEY_GAP, OrderedInput
from tests.tui.dialogs.host import OPEN, Host, chat, incident
from tests.tui.standing import desk


def key(name: str) -> events.Key:
    return events.Key({" ": "space"}.get(name, name), name if len(name) == 1 else None)


def keys(*parts: str) -> list[events.Key]:
    """The keys of a burst: names of keys, and texts after a colon."""
    named: list[events.Key] = []
    for part in parts:
        named += map(key, part[1:]) if part.startswith(":") else [key(part)]
    return named


async def burst(app: OrderedInput[Any], *parts: str) -> None:
    """Hand over keys as if they arrived in one piece, and wait for their effect."""
    for event in keys(*parts):
        app.post_message(event)
    await asyncio.sleep(0)
    while app.has_input or app.message_queue_size:
        await asyncio.sleep(0.01)


def answers(host: Host) -> dict[str, str]:
    assert isinstance(host.screen, FormScreen)
    return {str(field.name): field.text for field in host.screen.shown_fields}


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ([":dengx", "backspace", ":lu"], "denglu"),
        ([":bc", "home", ":a"], "abc"),
        ([":ac", "left", ":b"], "abc"),
        ([":xabc", "home", "delete", "end", ":d"], "abcd"),
        ([":退宽", "backspace", ":款"], "退款"),
        ([":a b", "ctrl+w", ":c"], "a c"),
        ([":abc", "escape", ":de"], "de"),
    ],
)
async def test_editing_keys_are_not_overtaken_in_the_search_box(
    tmp_path: Path, typed: Sequence[str], query: str
) -> None:
    async with desk(tmp_path) as at:
        await burst(at.app, *typed)
        assert at.screen.state.chat.query == query


async def test_tab_takes_what_follows_to_the_next_chat(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await burst(at.app, ":abc", "tab", ":def", "backspace", "alt+1", ":g")
        assert [one.query for one in at.screen.state.chat_tabs.chats] == ["abcg", "de"]


async def test_the_palette_opens_is_searched_and_chosen_from_in_one_burst(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await burst(at.app, "ctrl+p", ":New cx", "backspace", ":hat", "enter")
        await at.settle()
        assert isinstance(at.app.screen, CustomerScreen)
        await burst(at.app, ":周", "ctrl+s")
        await at.settle()
        assert at.screen.state.chat.customer.name == "周"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ([":赵敏", "enter", "enter", ":C-9001", "enter", ":VIP"], {"name": "赵敏", "order": "C-9001", "tier": "VIP"}),
        (["enter", ":女"], {"name": "", "title": "女"}),
        ([":Ms Lo", "backspace", ":i", "tab", ":Dr"], {"name": "Ms Li", "title": "Dr"}),
        ([":b", "home", ":a", "down", ":c", "up", ":x"], {"name": "axb", "title": "c"}),
        ([":a", "enter", ":b", "shift+tab", ":c"], {"name": "ac", "title": "b"}),
        (["up", "tab", "tab", "tab", "tab", "right", "up", ":V"], {"language": "en", "tier": "V"}),
    ],
)
async def test_what_is_typed_ahead_in_a_form_reaches_the_field_it_was_meant_for(
    typed: Sequence[str], expected: dict[str, str]
) -> None:
    host = Host(CustomerScreen(Customer(), is_new=True))
    async with host.run_test(size=(80, 24)):
        await burst(host, *typed)
        assert {name: answers(host)[name] for name in expected} == expected


async def test_an_amount_typed_ahead_is_that_amount() -> None:
    host = Host(OfferScreen(chat=chat(), incident=incident()))
    async with host.run_test(size=(100, 40)):
        await burst(host, "space", "enter", ":50", "backspace", "backspace", ":20", "enter", ":5")
        assert (answers(host)["amount"], answers(host)["reason"]) == ("20", "5")


async def test_a_text_changed_by_hand_keeps_the_order_of_its_keys() -> None:
    host = Host(EditScreen("Hi", "Reply"))
    async with host.run_test(size=(80, 24)):
        await burst(host, ": thx", "backspace", ":anks", "home", ":>", "enter", "end", ":!", "ctrl+s")
        assert host.answer == ">\nHi thanks!"


class Three(FormScreen[dict[str, str] | None]):
    """A line, a row of options, words."""

    @property
    def heading(self) -> str:
        return "Three"

    def fields(self) -> list[FormField]:
        return [
            FormField("line", "LineInput", LineInput()),
            FormField("pick", "RadioRow", RadioRow([("a", "A"), ("b", "B")])),
            FormField("words", "TextInput", TextInput()),
        ]

    def submit(self, answers: Any) -> None:
        self.dismiss(dict(answers))


async def test_enter_after_enter_passes_radio_rows_too() -> None:
    host = Host(Three())
    async with host.run_test(size=(80, 24)):
        await burst(host, ":x", "enter", "right", "right", "enter", ":y", "enter")
        assert host.answer == {"line": "x", "pick": "b", "words": "y"}


DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "form": lambda: Three(),
    "customer": lambda: CustomerScreen(Customer()),
    "edit": lambda: EditScreen("", "Reply"),
}


@pytest.mark.parametrize("dialog", DIALOGS.values(), ids=DIALOGS)
@pytest.mark.parametrize("pressed", ["1", "9", "a", "Z", "slash", "minus", "王", "é"])
async def test_alt_types_nothing_in_any_dialog(dialog: Callable[[], Screen[Any]], pressed: str) -> None:
    host = Host(dialog())
    async with host.run_test(size=(80, 24)):
        character = {"slash": "/", "minus": "-"}.get(pressed, pressed)
        host.post_message(events.Key(f"alt+{pressed}", character))
        host.post_message(events.Key(f"ctrl+{pressed}", pressed if pressed.isascii() and len(pressed) == 1 else None))
        await burst(host)
        assert host.answer is OPEN
        assert not getattr(host.screen, "is_changed", False)
        await burst(host, "ctrl+s")
        assert host.answer in ({"line": "", "pick": "", "words": ""}, Customer(), None)


async def test_alt_types_nothing_in_the_search_box_and_the_palette(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        for letter in "90dxk王":
            at.app.post_message(events.Key(f"alt+{letter}", letter))
        await burst(at.app)
        assert at.screen.state.chat.query == ""
        await burst(at.app, "ctrl+p")
        at.app.post_message(events.Key("alt+9", "9"))
        await burst(at.app)
        assert at.app.screen.query_one(Input).value == ""


class Ending(Host):
    """Counts the answers of its dialog."""

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__(dialog)
        self.answers: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def _answered(self, answer: Any) -> None:
        super()._answered(answer)
        self.answers.append(answer)


@pytest.mark.parametrize(
    "ends", [("enter", "enter"), ("ctrl+s", "ctrl+s"), ("enter", "escape"), ("ctrl+s", "enter"), ("ctrl+s", "escape")]
)
async def test_a_dialog_answers_once_whatever_arrives_in_one_burst(ends: tuple[str, ...]) -> None:
    host = Ending(CustomerScreen(Customer()))
    async with host.run_test(size=(80, 24)):
        await burst(host, ":A", "up", *["tab"] * 4, *ends, *ends)
        assert [answer.name for answer in host.answers] == ["A"]


async def test_a_dialog_asked_to_close_again_and_again_closes_once() -> None:
    host = Ending(ConfirmScreen("Sure?", "", "Yes", "No"))
    async with host.run_test(size=(80, 24)) as pilot:
        dialog = host.screen
        assert isinstance(dialog, ConfirmScreen)
        dialog.action_back()
        dialog.action_yes()
        dialog.dismiss(True)
        await pilot.pause()
        dialog.dismiss(True)
        await pilot.pause()
        assert host.answers == [False]
        assert len(host.screen_stack) == 1


async def test_what_arrives_after_a_form_was_closed_is_dropped() -> None:
    form = OfferScreen(chat=chat(), incident=incident())
    host = Ending(form)
    async with host.run_test(size=(100, 40)) as pilot:
        kind = form.field("kind")
        form.dismiss(None)
        form.post_message(FormField.Changed(kind))
        await pilot.pause()
        form.post_message(FormField.Changed(kind))
        assert not form.is_asking
        await pilot.pause()
        assert host.answers == [None]


async def test_a_dialog_under_another_is_not_closed_in_its_place() -> None:
    form = CustomerScreen(Customer())
    host = Ending(form)
    async with host.run_test(size=(80, 24)) as pilot:
        await burst(host, ":A", "escape")
        assert isinstance(host.screen, ConfirmScreen)
        form.dismiss(Customer())
        await pilot.pause()
        assert isinstance(host.screen, ConfirmScreen)
        assert host.answers == []


async def test_a_paste_without_brackets_into_the_search_box_sends_nothing_and_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.app.hears_pastes = True
        await burst(at.app, ":denglu", "enter", ":tui", "enter")
        assert at.screen.state.chat.query == "denglu tui"
        assert at.app.clipboard == ""
        assert "粘贴" in at.said or "paste" in at.said
        await asyncio.sleep(0.05)
        await burst(at.app, "enter")
        await at.settle()
        assert at.app.clipboard


@pytest.mark.parametrize(
    ("dialog", "sentences"), [(lambda: CustomerScreen(Customer(name="")), 20), (lambda: EditScreen("", "Reply"), 400)]
)
async def test_a_long_text_that_arrives_as_keys_is_one_change_of_its_field(
    dialog: Callable[[], Screen[Any]], sentences: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field's time for each key grows with what it holds: a megabyte would take the keyboard for minutes."""
    text = "登录不上 cannot sign in, " * sentences + "end"
    host = Host(dialog())
    handed_on: list[events.Event] = []
    hand_on = OrderedInput._hand_on

    async def counted(app: OrderedInput[Any], event: events.Event) -> None:
        handed_on.append(event)
        await hand_on(app, event)

    monkeypatch.setattr(OrderedInput, "_hand_on", counted)
    async with host.run_test(size=(80, 24)):
        await burst(host, ":" + text, ":!")
        field = host.focused
        assert isinstance(field, Input | TextArea)
        assert (field.value if isinstance(field, Input) else field.text).endswith(text[-200:] + "!")
        assert len(handed_on) < 100


class Letter(FormScreen[dict[str, str] | None]):
    """A line that must hold a number, a text of any number of lines, and a line."""

    @property
    def heading(self) -> str:
        return "Letter"

    def fields(self) -> list[FormField]:
        return [
            FormField("number", "Number", LineInput(), parse=_a_number),
            FormField("text", "Text", TextInput(lines=True)),
            FormField("last", "Last", LineInput()),
        ]

    def submit(self, answers: Any) -> None:
        self.dismiss(dict(answers))


def _a_number(text: str) -> ParsedAnswer:
    if not text.strip().isdigit():
        raise Refused("no number")
    return ParsedAnswer(text)


@pytest.mark.parametrize("end", [["enter"], ["ctrl+j"], ["enter", "ctrl+j"]], ids="+".join)
@pytest.mark.parametrize(
    ("name", "between"), [("number", " "), ("text", "\n"), ("last", " ")], ids=["refused", "takes lines", "last"]
)
async def test_many_short_lines_that_arrive_as_keys_are_few_changes_of_the_field_they_stay_in(
    name: str, between: str, end: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key would cost what the field holds by then: some hundred lines would take the keyboard for a minute."""
    host, handed_on = Host(Letter()), list[events.Event]()
    hand_on = OrderedInput._hand_on

    async def counted(app: OrderedInput[Any], event: events.Event) -> None:
        handed_on.append(event)
        await hand_on(app, event)

    monkeypatch.setattr(OrderedInput, "_hand_on", counted)
    lines = [f"登录不上 {number}" for number in range(60)]
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        form = host.screen
        assert isinstance(form, FormScreen)
        form.field(name).focus_answer()
        await burst(host, *(part for line in lines for part in (":" + line, *end)))
        assert answers(host)[name].rstrip() == between.join(lines)
        assert len(handed_on) < 50


async def test_a_space_where_a_busy_machine_tears_a_pasted_line_stays() -> None:
    host = Host(Letter())
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        assert isinstance(host.screen, FormScreen)
        host.screen.field("last").focus_answer()
        for event in keys(":one", "enter", ":two "):
            host.post_message(event)
        await asyncio.sleep(10 * MAX_KEY_GAP)
        await burst(host, ":three")
        assert answers(host)["last"] == "one two three"


async def test_lines_from_windows_go_to_one_field_each() -> None:
    host = Host(Three())
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        await burst(host, ":one", "enter", "ctrl+j", "enter", "ctrl+j", ":three", "enter", "ctrl+j")
        assert answers(host) == {"line": "one", "pick": "a", "words": "three"}


async def test_line_feeds_keep_the_words_apart_in_a_field_that_would_be_left_by_enter() -> None:
    host = Host(Three())
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        await burst(host, ":one", "ctrl+j", ":two", "ctrl+j")
        assert answers(host)["line"] == "one two"


async def test_an_enter_after_an_arrow_in_one_piece_was_pressed_and_not_pasted(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.app.hears_pastes = True
        await burst(at.app, ":denglu", "down", "enter")
        await at.settle()
        assert at.app.clipboard == "王女士，请等一分钟再试一次。"


async def test_a_text_pasted_without_brackets_accepts_no_form() -> None:
    host = Host(Three())
    async with host.run_test(size=(80, 24)) as pilot:
        host.hears_pastes = True
        await burst(host, ":a", "enter", "enter", ":b", "enter", ":c", "enter", "enter")
        assert host.answer is OPEN
        assert answers(host)["words"] == "b c"
        await pilot.press("enter")
        assert host.answer == {"line": "a", "pick": "a", "words": "b c"}


async def test_one_line_and_enter_accept_a_form_but_not_one_that_records() -> None:
    host = Host(Three())
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        await burst(host, "tab", "tab", ":y", "enter", "enter")
        assert host.answer == {"line": "", "pick": "", "words": "y"}
    offer = Host(OfferScreen(chat=chat(), incident=incident(), prefill=OfferPrefill("coupon", "You get", "20")))
    async with offer.run_test(size=(100, 40)) as pilot:
        offer.hears_pastes = True
        await burst(offer, "tab", ": 20.", "enter")
        assert offer.answer is OPEN
        await burst(offer, "ctrl+s")
        await pilot.pause()
        assert offer.answer["sentence"] == "You get 20."


async def test_a_paste_without_brackets_presses_no_button_and_runs_no_command(tmp_path: Path) -> None:
    host = Host(ConfirmScreen("Log it?", "", "Log it", "No", yes_first=True))
    async with host.run_test(size=(80, 24)):
        host.hears_pastes = True
        await burst(host, ":Hello", "enter", ":there", "enter")
        assert host.answer is OPEN
    async with desk(tmp_path) as at:
        at.app.hears_pastes = True
        await at.press("ctrl+p")
        await burst(at.app, ":New chat", "enter", ":x", "enter")
        await at.settle()
        assert len(at.screen.state.chat_tabs.chats) == 2
        assert at.app.screen is not at.screen
