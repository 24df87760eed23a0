"""One registry: every key does something, and every action that is off says why."""

from collections import Counter

from agent_assist.tui.command import key_name
from agent_assist.tui.command_screen import SHARED_COMMANDS
from agent_assist.tui.desk.actions import ACTIONS, CHAT_KEYS, DeskConditions, chat_bindings, key_table
from agent_assist.tui.desk.commands import COMMANDS

TERMINALS_TAKE = {"f1", "f10", "f11", "ctrl+a", "ctrl+b"}


def test_every_action_is_done_by_a_step_and_no_step_is_out_of_reach() -> None:
    assert {*SHARED_COMMANDS, *COMMANDS} == {action.id for action in ACTIONS}


def test_no_key_means_two_things() -> None:
    counted = Counter(key for action in ACTIONS for key in action.keys)
    counted.update(CHAT_KEYS)
    assert [key for key, count in counted.items() if count > 1] == []
    assert len([*ACTIONS.bindings(), *chat_bindings()]) == sum(counted.values())


def test_keys_that_terminals_swallow_are_never_the_only_way() -> None:
    for action in ACTIONS:
        if action.keys:
            assert set(action.keys) - TERMINALS_TAKE, action.id


def test_editing_keys_of_the_search_box_keep_their_meaning() -> None:
    taken = {key for action in ACTIONS for key in action.keys}
    assert not taken & {"home", "end", "left", "right", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+a", "ctrl+v", "backspace"}


def test_what_is_off_gives_its_reason_in_a_sentence() -> None:
    nothing = DeskConditions(has_store=False, is_ready=False, chats=1, langs=1, layout="wide")
    disabled_reason = {
        action.id: action.disabled_reason(nothing) for action in ACTIONS if action.disabled_reason(nothing)
    }
    assert {"send", "offer", "next_chat", "timeline", "facts"} <= disabled_reason.keys()
    assert all(reason.endswith(".") for reason in disabled_reason.values())


def test_the_key_table_names_every_key_with_its_help() -> None:
    table = key_table()
    for action in ACTIONS:
        if action.keys:
            assert f"`{key_name(action.keys[0])}`" in table
            assert action.help in table
