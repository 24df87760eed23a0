"""`reply`: a finished text on stdout, or a named gap and nothing that could be sent by accident."""

import datetime as dt
import os
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer
from agent_assist.errors import AgentAssistError, NotSaved
from agent_assist.incidents import Eta
from agent_assist.store import MemoryStore
from tests.cli.conftest import Run
from tests.conftest import NOW
from tests.terminal import Terminal, plain, program

OPEN = (
    "incident",
    "open",
    "--title",
    "登录故障",
    "--severity",
    "SEV1",
    "--scope",
    "约 15% 的用户无法登录",
    "--set",
    "scope.en=about 15% of users cannot sign in",
    "--eta",
    "14:30",
    "--services",
    "登录",
)


def clipboard_program(folder: Path, monkeypatch: pytest.MonkeyPatch, *, code: int = 0) -> Path:
    """Puts an `xclip` in front that keeps what it is given, or fails."""
    folder.mkdir()
    kept = folder / "kept"
    program = folder / "xclip"
    program.write_text(f"#!/bin/sh\ncat > {kept}\nexit {code}\n", "utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":9")
    return kept


def test_json_is_as_the_contract_says(run: Run) -> None:
    run(*OPEN)
    ran = run("reply", "login-failure-apology", "--set", "customer.name=王女士", "--json")
    assert ran.code == 0
    answer = ran.json
    assert answer["phrase"] == "login-failure-apology"
    assert answer["lang"] == "zh" if answer["text"].startswith("王女士") else "en"
    assert "王女士" in answer["text"]
    assert answer["missing"] == []
    assert set(answer["check"]) == {"responsibility", "scope", "remedy", "verdict", "warnings"}
    assert answer["check"]["verdict"] == "go"
    assert (answer["incident"], answer["facts_version"]) == ("INC-1", 1)
    assert "copied" not in answer


@pytest.fixture
def named(tmp_path: Path) -> tuple[str, ...]:
    """The words of a reply by a phrase that cannot do without the customer's name."""
    (tmp_path / "named").mkdir()
    text = (
        '{ zh = "{{ customer.name }}，您好，目前{{ incident.scope }}。", en = "Hi {{ customer.name }}, we are on it." }'
    )
    (tmp_path / "named" / "named.toml").write_text(
        f'[[phrase]]\nid = "by-name"\ntitle = {{ zh = "称呼", en = "By name" }}\ntext = {text}\n', "utf-8"
    )
    return ("reply", "by-name", "--phrasebook", str(tmp_path / "named"))


def test_a_missing_name_exits_3_and_is_named(run: Run, named: tuple[str, ...]) -> None:
    run(*OPEN)
    ran = run(*named, "--json")
    assert ran.code == 3
    assert ran.json["missing"] == ["customer.name"]
    assert ran.json["gaps"][0]["reason"] == "missing"


def test_a_reply_with_a_gap_never_comes_out_of_stdout(run: Run, named: tuple[str, ...]) -> None:
    run(*OPEN)
    ran = run(*named, "--lang", "zh")
    assert (ran.code, ran.out) == (3, "")
    assert "约 15% 的用户无法登录" in ran.err
    assert "customer.name" in ran.err
    assert "--set customer.name=" in ran.err
    assert run(*named, "--lang", "zh", "--force").out


@pytest.mark.parametrize("text", ["{nick}您好", "您好，[优惠券/礼品]已发出", "<p>您好&nbsp;</p>", "尊敬的 %name%："])
def test_a_placeholder_of_another_program_never_comes_out_of_stdout(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "moved.toml").write_text(
        f'[[phrase]]\nid = "moved-over"\nlang = "zh"\ntitle = "您好"\ntext = "{text}"\n', "utf-8"
    )
    book = ("--phrasebook", str(tmp_path / "book"))
    ran = run("reply", "moved-over", *book)
    assert (ran.code, ran.out) == (3, "")
    assert "moved.toml:1" in ran.err
    assert (run("reply", "moved-over", *book, "--copy").code, ran.out) == (3, "")
    assert run("reply", "moved-over", *book, "--json").code == 3
    assert run("reply", "moved-over", *book, "--force").out == text + "\n"
    linted = run("phrases", "lint", *book)
    assert linted.code == 1
    assert "moved.toml:1: error: zh: " in linted.out


@pytest.mark.parametrize(
    "name", ["\u200fمحمد", "\u202a+972 50 123\u202c", "\ufeff王女士", "\u2068Ana\u2069", "A\u3164na"]
)
def test_marks_that_nobody_sees_are_no_part_of_a_name(run: Run, small: str, name: str) -> None:
    seen = "".join(char for char in name if char.isascii() or char.isalpha()).replace("\u3164", "")
    ran = run("reply", "login-apology", "--phrasebook", small, "--set", f"customer.name={name}", "--lang", "en")
    assert (ran.code, ran.out) == (0, f"{seen}, sorry.\n")


@pytest.mark.parametrize("name", ["Ana\u202egro.exe", "Ana\x1b[2J", "Ana\x9b2J"])
def test_what_a_terminal_obeys_holds_the_reply_back(run: Run, small: str, name: str) -> None:
    ran = run("reply", "login-apology", "--phrasebook", small, "--set", f"customer.name={name}", "--lang", "en")
    assert (ran.code, ran.out) == (3, "")
    assert "Not for a customer" in ran.err


def test_the_text_alone_is_on_stdout_and_the_check_beside_it(run: Run) -> None:
    run(*OPEN)
    ran = run("reply", "login-failure-apology", "--set", "客户.姓名=王女士", "--lang", "zh")
    assert ran.code == 0
    assert ran.out.startswith("王女士")
    assert ran.out.count("\n") == 1
    assert "✓ responsibility  ✓ scope  ✓ remedy" in ran.err


def test_a_query_finds_the_phrase_and_says_which_it_took(run: Run, small: str) -> None:
    ran = run("reply", "denglu", "--phrasebook", small, "--set", "customer.name=Ms Li", "--lang", "en")
    assert ran.out == "Ms Li, sorry.\n"
    assert "Phrase: login-apology" in ran.err


def test_fields_of_the_phrase_and_of_the_offer_are_set_by_name(run: Run, small: str) -> None:
    pairs = ("--set", "customer.name=王女士", "--set", "offer.amount=20 元", "--set", "到账日=周五")
    ran = run("reply", "refund-status", "--phrasebook", small, *pairs)
    assert ran.out == "王女士，退款 20 元在周五前到账。\n"


def test_a_language_the_phrase_does_not_have_is_refused(run: Run, small: str) -> None:
    ran = run("reply", "refund-status", "--phrasebook", small, "--lang", "en", "--force")
    assert (ran.code, ran.out) == (1, "")
    assert "no text in en" in ran.err


def test_facts_cannot_be_set_for_one_reply(run: Run) -> None:
    ran = run("reply", "login-failure-apology", "--set", "incident.scope=nobody")
    assert ran.code == 1
    assert "incident update" in ran.err


def test_without_a_database_the_reply_is_filled_without_facts_and_says_so(
    run: Run, small: str, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_conditions: bool) -> tuple[()]:
        raise AgentAssistError("The database cannot be read.")

    monkeypatch.setattr(store, "incidents", away)
    ran = run("reply", "login-apology", "--phrasebook", small, "--set", "customer.name=Ms Li", "--lang", "en")
    assert (ran.code, ran.out) == (0, "Ms Li, sorry.\n")
    assert "The database cannot be read." in ran.err
    assert run("reply", "login-failure-apology", "--set", "customer.name=Ms Li").code == 3


def test_an_unknown_incident_is_named(run: Run) -> None:
    ran = run("reply", "login-failure-apology", "--incident", "INC-9")
    assert ran.code == 1
    assert "INC-9" in ran.err


@pytest.mark.process
def test_copied_is_said_only_when_a_program_confirmed_it(
    run: Run, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    ran = run("reply", "login-apology", "--phrasebook", small, "--set", "客户.姓名=王女士", "--lang", "zh", "--copy")
    assert ran.code == 0
    assert kept.read_text("utf-8") == "王女士，抱歉。" == ran.out.rstrip("\n")
    assert "Copied for 王女士." in ran.err


@pytest.mark.process
def test_a_clipboard_that_fails_is_told_and_the_text_is_still_there(
    run: Run, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard_program(tmp_path / "bin", monkeypatch, code=1)
    monkeypatch.setenv("TERM", "dumb")
    ran = run("reply", "login-apology", "--phrasebook", small, "--set", "customer.name=王女士", "--copy", "--json")
    assert ran.code == 1
    assert ran.json["copied"]["route"] == "shown"
    assert "Not copied" in ran.err
    assert "Copied" not in ran.err


@pytest.mark.process
def test_a_terminal_that_takes_the_text_is_called_unconfirmed(small: str) -> None:
    pairs = ("--set", "customer.name=王女士", "--lang", "zh")
    with Terminal(program("reply", "login-apology", "--phrasebook", small, *pairs, "--copy")) as terminal:
        terminal.wait_for("unconfirmed")
        assert terminal.wait() == 0
    assert b"\x1b]52;c;" + b64encode("王女士，抱歉。".encode()) + b"\a" in terminal.raw
    assert "Copied" not in plain(terminal.raw)


@pytest.mark.process
def test_a_gap_is_not_copied_unless_forced(
    run: Run, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    assert run("reply", "login-apology", "--phrasebook", small, "--copy").code == 3
    assert not kept.exists()
    assert run("reply", "login-apology", "--phrasebook", small, "--copy", "--force").code == 0
    assert kept.exists()


@pytest.mark.process
def test_a_phrase_about_a_major_loss_is_copied_only_on_purpose(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, books: Callable[[str], str]
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    folder = books('[[phrase]]\nid = "a-b"\nconfirm = true\ntitle.zh = "题"\ntext.zh = "数据丢失了，抱歉。"\n')
    ran = run("reply", "a-b", "--phrasebook", folder, "--copy")
    assert ran.code == 1
    assert "Not copied: This phrase touches sensitive data" in ran.err
    assert not kept.exists()
    assert run("reply", "a-b", "--phrasebook", folder, "--copy", "--force").code == 0
    assert kept.exists()


@pytest.mark.process
def test_a_passed_eta_is_not_copied_unless_forced(
    run: Run, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, books: Callable[[str], str]
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    run(*OPEN)
    store.add_version(replace(store.incident("INC-1"), eta=Eta(at=NOW - dt.timedelta(minutes=10))), expected=1)
    folder = books('[[phrase]]\nid = "a-b"\ntitle = { zh = "题" }\ntext = { zh = "预计 14:00 前恢复。" }\n')
    line = ("reply", "a-b", "--phrasebook", folder, "--copy")
    ran = run(*line)
    assert ran.code == 1
    assert "--force" in ran.err
    assert not kept.exists()
    assert run(*line, "--force").code == 0
    assert kept.exists()


def test_a_blocked_reply_never_comes_out_of_stdout_and_exits_1(
    run: Run, store: MemoryStore, books: Callable[[str], str]
) -> None:
    run(*OPEN)
    store.add_version(replace(store.incident("INC-1"), eta=Eta(at=NOW - dt.timedelta(minutes=10))), expected=1)
    folder = books('[[phrase]]\nid = "a-b"\ntitle = { zh = "题" }\ntext = { zh = "预计 14:00 前恢复。" }\n')
    line = ("reply", "a-b", "--phrasebook", folder)
    ran = run(*line)
    assert (ran.code, ran.out) == (1, "")
    assert "预计 14:00 前恢复。" in ran.err
    assert "Held back: The text still promises" in ran.err
    assert run(*line, "--force").out == "预计 14:00 前恢复。\n"
    answered = run(*line, "--json")
    assert (answered.code, answered.json["check"]["verdict"]) == (1, "blocked")


@pytest.mark.process
def test_a_reply_for_a_chat_that_speaks_to_somebody_else_is_not_copied(
    run: Run, small: str, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    for place, name in enumerate(("Li Wei", "王女士")):
        store.save_chat("小李", Chat(id=f"c{place}", customer=Customer(name=name), opened_at=NOW, position=place))
    line = ("reply", "login-apology", "--phrasebook", small, "--copy", "--chat", "2", "--lang", "zh", "--json")
    for wrong in ("李女士", "Li Wei", "li wei 和王女士"):
        ran = run(*line, "--set", f"customer.name={wrong}")
        assert ran.code == 1
        assert [one["code"] for one in ran.json["check"]["warnings"]][:1] == ["person"], wrong
        assert "王女士" in ran.json["check"]["warnings"][0]["message"]
    assert not kept.exists()
    assert run(*line).code == 0


@pytest.mark.process
def test_a_copied_reply_is_recorded_in_the_chat_that_is_named(
    run: Run, small: str, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard_program(tmp_path / "bin", monkeypatch)
    for place, name in enumerate(("Li Wei", "王女士")):
        store.save_chat("小李", Chat(id=f"c{place}", customer=Customer(name=name), opened_at=NOW, position=place))
    ran = run("reply", "login-apology", "--phrasebook", small, "--copy", "--chat", "2")
    assert (ran.code, ran.out) == (0, "王女士，抱歉。\n")
    sent = [(chat.customer.name, one.text, one.route) for chat in store.open_chats("小李") for one in chat.sent]
    assert sent == [("王女士", "王女士，抱歉。", "cli")]
    assert [use.phrase_id for use in store.uses("小李")] == ["login-apology"]
    missing = run("reply", "login-apology", "--phrasebook", small, "--copy", "--chat", "7")
    assert (missing.code, "1 Li Wei, 2 王女士" in missing.err) == (1, True)


@pytest.mark.process
def test_without_a_chat_only_the_use_is_recorded(
    run: Run, small: str, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard_program(tmp_path / "bin", monkeypatch)
    ran = run(
        "reply", "login-apology", "--phrasebook", small, "--set", "customer.name=王女士", "--lang", "zh", "--copy"
    )
    assert (ran.code, [use.phrase_id for use in store.uses("小李")]) == (0, ["login-apology"])
    assert not store.open_chats("小李")


@pytest.mark.process
def test_a_record_that_fails_is_told_for_a_chat_and_nothing_to_a_copy_without_one(
    run: Run, small: str, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise NotSaved("The disk is full.")

    clipboard_program(tmp_path / "bin", monkeypatch)
    store.save_chat("小李", Chat(id="c", customer=Customer(name="王女士"), opened_at=NOW))
    monkeypatch.setattr(store, "record_sent", refuse)
    line = ("reply", "login-apology", "--phrasebook", small, "--set", "customer.name=王女士", "--copy")
    assert run(*line).code == 0
    told = run(*line, "--chat", "c")
    assert (told.code, "The disk is full." in told.err, "Copied for 王女士." in told.err) == (1, True, True)


def test_a_chat_without_a_copy_is_a_mistake(run: Run, small: str) -> None:
    assert run("reply", "login-apology", "--phrasebook", small, "--chat", "1").code == 2


COUPON = ("reply", "comp-credit", "--set", "customer.name=王女士", "--set", "offer.amount=500 元", "--copy")


@pytest.mark.process
def test_a_promise_is_not_copied_while_nothing_of_it_is_logged(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This command asks no policy: with `--force` the text goes out, and it is said that the log knows nothing."""
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    ran = run(*COUPON)
    assert (ran.code, kept.exists()) == (1, False)
    assert "agent-assist offer add" in ran.err
    ran = run(*COUPON, "--force")
    assert ran.code == 0
    assert "500" in kept.read_text("utf-8")
    assert "nothing of it is logged" in ran.err


@pytest.mark.process
def test_what_only_refuses_or_postpones_a_compensation_is_copied_like_any_reply(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    ran = run("reply", "comp-not-possible", "--set", "finding=没有异常", "--set", "answer_by=16:00", "--copy")
    assert (ran.code, kept.exists()) == (0, True)


@pytest.mark.process
@pytest.mark.parametrize(
    ("status", "phrase", "held"),
    [
        ("identified", "status-resolved", True),
        ("monitoring", "status-resolved", True),
        ("resolved", "status-resolved", False),
        ("identified", "login-failure-apology", False),
        ("monitoring", "login-failure-apology", True),
        ("resolved", "login-failure-apology", True),
    ],
)
def test_a_phrase_for_another_stage_is_not_copied_unless_forced(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, phrase: str, held: bool
) -> None:
    kept = clipboard_program(tmp_path / "bin", monkeypatch)
    run(*OPEN)
    run("incident", "update", "INC-1", "--status", status)
    line = ("reply", phrase, "--incident", "INC-1", "--set", "customer.name=王女士", "--lang", "zh", "--copy")
    ran = run(*line, "--json")
    assert ran.code in ((1, 3) if held else (0,))  # 3: it also says when it ended, which nobody knows yet
    assert ran.json["check"]["verdict"] == ("blocked" if held else "go")
    assert kept.exists() is not held
    if held:
        assert "stage" in {warning["code"] for warning in ran.json["check"]["warnings"]}
        assert run(*line, "--force").code == 0
        assert kept.exists()


def test_a_query_takes_what_may_be_said_at_the_stage_of_the_incident(run: Run, books: Callable[[str], str]) -> None:
    book = books(
        """
        [[phrase]]
        id = "progress-over"
        stages = ["resolved"]
        title = { zh = "进展：已经恢复" }
        text = { zh = "已经恢复。" }

        [[phrase]]
        id = "progress-open"
        stages = ["investigating"]
        title = { zh = "现在的进展如何" }
        text = { zh = "还在查。" }
        """
    )
    run("incident", "open", "--title", "登录故障", "--status", "investigating")
    assert run("reply", "进展", "--phrasebook", book).out == "还在查。\n"
    run("incident", "resolve")
    assert run("reply", "进展", "--incident", "INC-1", "--phrasebook", book).out == "已经恢复。\n"


LONG_BOOK = f"""
[[phrase]]
id = "long-note"
channels = ["chat", "sms"]
title = {{ zh = "说明", en = "Note" }}
text = {{ zh = "我们正在检查登录服务。{"请稍候" * 30}", en = "We are looking into sign-in. {"Please wait. " * 20}" }}
"""


@pytest.mark.parametrize(
    ("interface", "lang", "told"),
    [
        ("en", "zh", "Too long for one SMS: it goes out as 2 messages (101, and 70 fit)."),
        ("en", "en", "Too long for one SMS: it goes out as 2 messages (288, and 160 fit)."),
        ("zh", "zh", "一条短信放不下：会拆成 2 条发出（共 101，上限 70）。"),
    ],
)
def test_the_length_limit_of_the_channel_is_checked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interface: str, lang: str, told: str
) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "long.toml").write_text(LONG_BOOK, "utf-8")
    monkeypatch.setenv("AGENT_ASSIST_LANG", interface)
    words = ("reply", "long-note", "--lang", lang, "--phrasebook", str(tmp_path / "book"))
    ran = run(*words, "--channel", "sms")
    assert (ran.code, f"! {told}\n" in ran.err) == (0, True), ran.err
    (warning,) = run(*words, "--channel", "sms", "--json").json["check"]["warnings"]
    assert warning == {"code": "too-long", "message": told, "blocking": False}
    assert run(*words, "--json").json["check"]["warnings"] == []
