"""What the lines of the desk say: facts, chats, results, footer."""

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from agent_assist import locale
from agent_assist.incidents import Eta, Incident, Publication, steps
from agent_assist.phrasebook import Phrase
from agent_assist.tui.desk.actions import DeskConditions, footer_actions
from agent_assist.tui.desk.chat_tabs import ChatTabs
from agent_assist.tui.desk.render.chats_text import strip
from agent_assist.tui.desk.render.facts_text import brief, panel
from agent_assist.tui.desk.render.results_text import Row, columns, row_line
from agent_assist.tui.text.footer import footer_line
from agent_assist.tui.text.labels import short_span
from tests.conftest import NOW, SHANGHAI
from tests.tui.standing import INCIDENT, LI, WANG, chat

if TYPE_CHECKING:
    from agent_assist.chats import Chat

MINUTE = dt.timedelta(minutes=1)


def lines_of(*versions: Incident, cells: int = 60, rows: int = 30, told: tuple[Publication, ...] = ()) -> list[Content]:
    return panel(versions, steps(versions, NOW, told), NOW, SHANGHAI, cells, rows)


def said(incident: Incident, *, told: tuple[Publication, ...] = ()) -> str:
    return "\n".join(text.plain for text in lines_of(incident, told=told))


@pytest.mark.parametrize(
    ("eta", "words"),
    [
        (Eta(at=NOW + 20 * MINUTE), "by 14:30 (20 min left)"),
        (Eta(start=NOW + 20 * MINUTE, end=NOW + 50 * MINUTE), "14:30–15:00 (50 min left)"),
        (Eta(), "not known yet"),
        (Eta(at=NOW - 8 * MINUTE), "! 14:02 has passed, do not quote it"),
    ],
)
def test_the_eta_is_said_in_its_four_honest_states(eta: Eta, words: str) -> None:
    assert words in said(replace(INCIDENT, eta=eta))


def test_a_resolved_incident_has_no_eta_and_no_next_update() -> None:
    text = said(replace(INCIDENT, status="resolved", next_update_due=None))
    assert "✓ back to normal" in text
    assert "none due" in text


def test_an_overdue_update_stands_out_with_a_sign() -> None:
    assert "14:07 ! 3 min over" in said(replace(INCIDENT, next_update_due=NOW - 3 * MINUTE))


def test_the_clock_says_done_due_and_overdue() -> None:
    young = replace(
        INCIDENT, cause="", eta=Eta(), started_at=NOW - 35 * MINUTE, updated_at=NOW - 33 * MINUTE, translations={}
    )
    notice = Publication(incident="INC-1", version=1, at=NOW - 33 * MINUTE, agent="老周")
    text = said(young, told=(notice,))
    assert "5 min ✓" in text
    assert "30 min ! 5 min over" in text
    assert "2 h ● 1 h 25 left" in text


def test_the_internal_cause_is_nowhere_on_the_desk() -> None:
    secret = replace(INCIDENT, cause_internal="auth-db collation mismatch")
    before = replace(secret, version=1, cause_internal="")
    shown = lines_of(before, replace(secret, version=2))
    assert "collation" not in "\n".join(text.plain for text in shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cells", [30, 38, 56])
def test_no_line_of_the_facts_is_wider_than_its_panel(lang: locale.Language, cells: int) -> None:
    locale.use(lang)
    long = replace(INCIDENT, scope="约 15% 的用户无法登录，" * 6, workaround="please stay signed in " * 6)
    for text in lines_of(long, cells=cells, rows=40) + brief(long, NOW, SHANGHAI, cells):
        assert text.cell_length <= cells


def test_the_brief_gives_up_what_is_left_before_it_cuts_when_the_update_is_due() -> None:
    assert "4 min left" in brief(INCIDENT, NOW, SHANGHAI, 58)[1].plain


def test_customers_text_that_looks_like_markup_is_shown_as_it_is() -> None:
    shown = strip(ChatTabs((chat("[/退款]", 0),)), NOW, 80)
    assert "[/退款]" in shown.text.plain


def test_the_current_chat_is_marked_by_more_than_colour() -> None:
    assert "▸2 Li Wei 3 min◂" in strip(ChatTabs((WANG, LI), 1), NOW, 80).text.plain


def test_a_draft_and_a_long_wait_have_their_marks() -> None:
    waiting = chat("陈先生", 0, edited="您好", waiting_since=NOW - 12 * MINUTE)
    assert "1 陈先生 12 min ✎!" in strip(ChatTabs((waiting, LI), 1), NOW, 80).text.plain


def test_twenty_chats_in_a_small_window_show_those_around_the_current_one() -> None:
    chats: tuple[Chat, ...] = tuple(chat(f"客户{place}", place) for place in range(20))
    for at in (0, 9, 19):
        shown = strip(ChatTabs(chats, at), NOW, 60, short=True)
        assert f"▸{at + 1} 客户{at}" in shown.text.plain
        assert shown.text.cell_length <= 60


def test_a_click_finds_the_chat_under_it() -> None:
    shown = strip(ChatTabs((WANG, LI)), NOW, 80)
    assert shown.at(shown.text.plain.index("▸") + 2) == 0
    assert shown.at(cell_len(shown.text.plain[: shown.text.plain.index("Li Wei")])) == 1
    assert shown.at(cell_len(shown.text.plain.rstrip()) - 1) == -1


def phrase(title: str, **more: object) -> Phrase:
    return Phrase(**{"id": title, "title": {"zh": title}, "text": {"zh": title}, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cells", [5, 36, 58, 86])
def test_rows_of_the_list_fill_exactly_the_width_whatever_the_script(lang: locale.Language, cells: int) -> None:
    locale.use(lang)
    rows = [
        phrase("登录失败致歉"),
        phrase("Sign in 失败", kind="compensation", stages=("investigating", "identified")),
        phrase("很长的标题" * 20, stages=("resolved",)),
        phrase("👩‍💻 emoji", kind="faq"),
    ]
    widths = {row_line(Row(one, one.id), columns(cells), is_chosen=False).cell_length for one in rows}
    assert len(widths) == 1
    assert widths.pop() <= cells


def test_a_row_ends_with_the_mark_of_its_phrase_where_there_is_room() -> None:
    usual = Row(phrase("usual"), "usual")
    assert row_line(usual, columns(80), is_chosen=False, mark="★").plain.endswith("★")
    assert "★" not in row_line(usual, columns(40), is_chosen=False, mark="★").plain


def test_the_footer_keeps_the_way_to_all_commands_in_any_width() -> None:
    for cells in range(20, 150, 7):
        shown = footer_line(footer_actions(DeskConditions(has_reply=True, has_incident=True)), cells)
        assert "^P" in shown.text.plain
        assert shown.text.cell_length <= cells + 2


def test_the_footer_calls_enter_what_it_will_do_next() -> None:
    assert footer_actions(DeskConditions(has_reply=True, has_gaps=True))[0].label == "Ask for gaps"
    assert footer_actions(DeskConditions(has_reply=True))[0].label == "Copy"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h 00"), (135, "2 h 15"), (60 * 24 * 3, "3 d")]
)
def test_short_spans(minutes: int, words: str) -> None:
    assert short_span(minutes * MINUTE) == words
