"""`incident announce`: every channel, printed, copied, saved and recorded as published."""

from pathlib import Path

import pytest

from agent_assist.store import MemoryStore
from tests.cli.conftest import Run

OPEN = (
    *("incident", "open", "--service", "login", "--effect", "down", "--share", "15%", "--severity", "1"),
    *("--started", "-20m", "--eta", "+40m"),
)
ANNOUNCE = ("incident", "announce")


@pytest.fixture
def named(run: Run) -> None:
    for lang, brand in (("zh", "示例云"), ("en", "Example Cloud")):
        assert run("settings", "set", f"brand_{lang}", brand).code == 0


@pytest.mark.usefixtures("named")
def test_all_channels_are_printed_in_both_languages(run: Run) -> None:
    run(*OPEN)
    ran = run(*ANNOUNCE)
    assert ran.code == 0, ran.err
    assert ran.out.count("== ") == 14
    assert "【示例云】抱歉，目前约 15% 的用户无法登录。" in ran.out
    assert "Subject: A problem with sign-in" in ran.out


@pytest.mark.usefixtures("named")
def test_one_text_is_printed_alone(run: Run) -> None:
    run(*OPEN)
    ran = run(*ANNOUNCE, "INC-1", "--channel", "banner", "--lang", "zh")
    assert ran.out == "抱歉，目前约 15% 的用户无法登录。我们正在处理，预计 14:50 前恢复。\n"


def test_what_is_not_complete_goes_nowhere(run: Run, tmp_path: Path, store: MemoryStore) -> None:
    run(*OPEN)
    told_before = len(store.publications(["INC-1"]))
    ran = run(*ANNOUNCE, "--channel", "sms", "--lang", "zh", "--copy", "--published", "--save", str(tmp_path / "out"))
    assert (ran.code, ran.out) == (3, "")
    assert "agent-assist settings set brand_zh …" in ran.err
    assert "Not recorded as published" in ran.err
    assert not (tmp_path / "out").exists()
    assert len(store.publications(["INC-1"])) == told_before


@pytest.mark.usefixtures("named")
def test_each_is_saved_in_a_file_of_its_own(run: Run, tmp_path: Path) -> None:
    run(*OPEN)
    folder = tmp_path / "new" / "folder"
    assert run(*ANNOUNCE, "--channel", "sms", "--channel", "mail", "--save", str(folder)).code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["INC-1-mail.en.txt", "INC-1-mail.zh.txt", "INC-1-sms.en.txt", "INC-1-sms.zh.txt"]
    assert (folder / "INC-1-sms.zh.txt").read_text("utf-8").startswith("【示例云】")


@pytest.mark.usefixtures("named")
def test_published_takes_the_step_of_the_clock(run: Run, store: MemoryStore) -> None:
    run(*OPEN)
    ran = run(*ANNOUNCE, "--channel", "banner", "--published")
    assert "Recorded as published: Website banner." in ran.err
    (told,) = [each for each in store.publications(["INC-1"]) if each.channel == "banner"]
    assert told.tells == ("notice", "plan")
    clock = run("incident", "timeline", "INC-1", "--json").json["clock"]
    assert {step["name"]: step["state"] for step in clock}["notice"] == "late"


@pytest.mark.usefixtures("named")
def test_a_published_without_a_channel_and_a_copy_of_several_are_refused(run: Run) -> None:
    run(*OPEN)
    assert run(*ANNOUNCE, "--published").code == 2
    assert run(*ANNOUNCE, "--copy").code == 2


@pytest.mark.usefixtures("named")
def test_an_incident_that_is_over_is_announced_without_its_name(run: Run) -> None:
    run(*OPEN)
    run("incident", "resolve", "INC-1", "--cause-kind", "change", "--prevention", "rehearse")
    ran = run(*ANNOUNCE, "--channel", "in-app", "--lang", "zh")
    assert ran.out.startswith("【已恢复】登录已恢复正常。故障从 13:50 开始，14:10 结束，原因是我们的一次系统变更。")


@pytest.mark.usefixtures("named")
def test_another_phrase_can_be_taken_and_an_unfit_one_is_refused(run: Run) -> None:
    run(*OPEN)
    run("incident", "resolve", "INC-1")
    wrong = ("--phrase", "notice-sms-false-alarm")
    assert "更正" in run(*ANNOUNCE, "--channel", "sms", "--lang", "zh", *wrong).out
    assert run(*ANNOUNCE, "--channel", "mail", *wrong).code == 1


@pytest.mark.usefixtures("named")
def test_as_json_it_has_text_length_and_what_is_missing(run: Run) -> None:
    run(*OPEN)
    (sms,) = run(*ANNOUNCE, "--channel", "sms", "--lang", "zh", "--json").json
    assert (sms["channel"], sms["lang"], sms["phrase"], sms["ready"]) == ("sms", "zh", "notice-sms-start", True)
    assert sms["length"]["limit"] == 70
    assert sms["missing"] == []


@pytest.mark.usefixtures("named")
def test_fields_of_a_letter_are_set(run: Run) -> None:
    run(*OPEN)
    letter = run(*ANNOUNCE, "--channel", "letter", "--lang", "en", "--set", "signatory=Jane Doe, Head of Support")
    assert "____________\nJane Doe, Head of Support\nExample Cloud\n" in letter.out


def test_without_any_incident_the_way_on_is_named(run: Run) -> None:
    ran = run(*ANNOUNCE)
    assert ran.code == 1
    assert "agent-assist incident open" in ran.err
