"""What a terminal may send: other encodings, pastes without brackets, keys in one piece."""

import os
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


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff",
        "é".encode("latin-1"),
        "王女士".encode("gb18030"),
        b"\xe1\xe2",
        "Hi 王".encode("utf-16"),
        b"\x1b[:R",
        b"\x1b[99999999999u",
        b"\x1b[200~\xff\xfe\x1b[201~",
        b"\x1b[48;0;0;0;0t",
    ],
    ids=repr,
)
def test_bytes_in_another_encoding_neither_crash_nor_vanish(tmp_path: Path, raw: bytes) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        os.write(terminal._fd, raw)
        if any(byte > 0x7F for byte in raw):
            terminal.wait_to_see("another encoding", 10)
            terminal.wait_to_see("\ufffd", 10)
        terminal.settle()
        terminal.send("\x1bv"[:0] + "refund")
        terminal.wait_to_see("refund")
        terminal.send("\x11")
        assert terminal.wait(20) == 0


def test_a_terminal_with_another_encoding_is_named_once(tmp_path: Path) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        for _turn in range(5):
            os.write(terminal._fd, "é".encode("latin-1"))
            terminal.settle(0.2)
        terminal.wait_to_see("another encoding")
        assert terminal.screen().count("another encoding") == 1
        assert terminal.screen().count("\ufffd") >= 5


PASTES = {
    "lines": "Hello\rI cannot sign in since noon\rplease help\r",
    "one line": "Hello\r",
    "line feeds": "Hello\nI cannot sign in\n",
    "both": "Hello\r\nI cannot sign in\r\n",
    "Chinese": "在吗\r我登录不上了\r急\r",
    "an empty line first": "\rHello\r",
    "a cell": "A20931\t王女士\r",
}


@pytest.mark.parametrize("pasted", PASTES.values(), ids=PASTES)
def test_a_paste_without_brackets_sends_nothing(tmp_path: Path, pasted: str) -> None:
    with Terminal(program(), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send(pasted)
        terminal.wait_to_see("as from a paste")
        words = pasted.split()
        terminal.wait_to_see(f"▸ .*{words[-1]}")
        terminal.send("\x11")
        assert terminal.wait(20) == 0
        assert b"\x1b]52;" not in terminal.raw
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    (chat,) = store.open_chats("Li")
    assert chat.sent == ()
    if "\t" not in pasted:  # Tab goes to the next chat as long as no Enter was among the characters
        assert chat.query == " ".join(words)
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
