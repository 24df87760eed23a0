"""What a terminal may send: other encodings, pastes without brackets, keys in one piece."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent_assist.store import open_store
from agent_assist.tui.terminal_bytes import TerminalText
from tests.terminal import Terminal, program
from tests.tui.test_terminal import env, ready

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("pieces", "text", "noticed"),
    [
        ([b"abc"], "abc", False),
        (["王女士".encode()], "王女士", False),
        (["王".encode()[:1], "王".encode()[1:]], "王", False),
        (["\ufffd".encode()], "\ufffd", False),
        ([b"\xff"], "\ufffd", True),
        ([b"a\xe9b"], "a\ufffdb", True),
        (["é".encode("latin-1"), b""], "\ufffd", True),
    ],
)
def test_what_is_not_utf_8_becomes_a_mark_and_is_noticed(pieces: list[bytes], text: str, noticed: bool) -> None:
    terminal = TerminalText()
    assert "".join(terminal.decode(piece) for piece in pieces) + terminal.rest() == text
    assert terminal.take_notice() is noticed
    assert not terminal.take_notice()


@contextmanager
def naming(given: object) -> Iterator[None]:
    """Several inputs go to one started program; a failure says with which of them."""
    try:
        yield
    except (AssertionError, TimeoutError) as error:
        error.add_note(f"with {given!r}")
        raise


def emptied(terminal: Terminal) -> None:
    """Take back what was typed, and wait until the search box is empty."""
    terminal.send("\x1b")
    terminal.wait_to_see("▸ Search: the customer's words")


def test_bytes_in_another_encoding_neither_crash_nor_vanish_and_are_named_once(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        for raw in (
            "é".encode("latin-1"),
            b"\xff",
            "王女士".encode("gb18030"),
            b"\xe1\xe2",
            "Hi 王".encode("utf-16"),
            b"\x1b[:R",
            b"\x1b[99999999999u",
            b"\x1b[200~\xff\xfe\x1b[201~",
            b"\x1b[48;0;0;0;0t",
        ):
            with naming(raw):
                os.write(terminal._fd, raw)
                if any(byte > 0x7F for byte in raw):
                    terminal.wait_to_see("▸ .*\ufffd")
                    terminal.wait_to_see("another encoding")
                terminal.settle(0.2)
                terminal.send("refund")
                terminal.wait_to_see("▸ .*refund")
                assert terminal.screen().count("another encoding") <= 1
                emptied(terminal)
        terminal.send("\x11")
        assert terminal.wait(20) == 0


PASTES = [
    "\rHello\r",
    "Hello\rI cannot sign in since noon\rplease help\r",
    "Hello\r",
    "Hello\nI cannot sign in\n",
    "Hello\r\nI cannot sign in\r\n",
    "在吗\r我登录不上了\r急\r",
    "A20931\t王女士\r",
]


def test_a_paste_without_brackets_sends_nothing(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        for pasted in PASTES:
            with naming(pasted):
                terminal.send(pasted)
                terminal.wait_to_see("as from a paste")
                # Tab goes to the next chat as long as no Enter was among the characters
                whole = " ".join(pasted.replace("\t", "").split())
                terminal.wait_to_see(f"▸ {whole} ")
                terminal.settle(0.2)
                assert f"▸ {whole} " in terminal.screen()
                assert b"\x1b]52;" not in terminal.raw
                emptied(terminal)
        terminal.send("\x11")
        assert terminal.wait(20) == 0
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert [chat.sent for chat in store.open_chats("Li")] == [()]
    store.close()


def test_a_long_paste_in_several_reads_sends_nothing_and_is_quick(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        for _part in range(20):
            terminal.send("I cannot sign in since noon, please help me with it\r" * 10)
        terminal.wait_to_see("as from a paste", 10)
        terminal.settle()
        terminal.send("\x11")
        assert terminal.wait(20) == 0
        assert b"\x1b]52;" not in terminal.raw


def test_enter_by_itself_copies_right_after_a_word(tmp_path: Path) -> None:
    with Terminal(program("--demo"), env=env(tmp_path)) as terminal:
        terminal.wait_to_see("Sign-in outage", 40)
        terminal.settle()
        terminal.send("denglu")
        terminal.read(0.05)
        terminal.read(0.05)
        terminal.send("\r")
        terminal.wait_to_see("(Copied|Sent to the terminal|Shown) ", 10)


def test_keys_sent_in_one_piece_keep_their_order(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send("dengx\x7flu\x1b[H>\x1bk")
        terminal.wait_to_see("▸ >denglu")
        terminal.send("\x1bOQ" + "赵敏\r\rC-9001\rVIP")
        terminal.wait_to_see("Tier +VIP")
        terminal.wait_to_see("Order +C-9001")
        terminal.wait_to_see("Name +赵敏")
