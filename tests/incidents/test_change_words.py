"""What changed, in the words of a message."""

import datetime as dt

import pytest

from agent_assist import locale
from agent_assist.incidents import Eta
from agent_assist.incidents.change_words import say_changes
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import at, outage

BEFORE = outage(translations={"en": {"scope": "about 15% of users cannot sign in"}})


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"eta": Eta(at=at("15:01"))}, "预计 14:30 → 15:01", "ETA 14:30 → 15:01"),
        ({"eta": Eta()}, "预计 14:30 → 未知", "ETA 14:30 → unknown"),
        ({"status": "monitoring"}, "状态 已定位 → 观察中", "Status identified → monitoring"),
        ({"owner": "老王"}, "负责人 老王", "Owner 老王"),
        ({"cause_internal": "shard 9"}, "原因（内部）", "Cause (internal)"),
        (
            {"severity": "SEV2", "next_update_due": at("14:40")},
            "级别 SEV1 → SEV2；下次更新 14:20 → 14:40",
            "Severity SEV1 → SEV2; Next update due 14:20 → 14:40",
        ),
    ],
)
def test_each_change_says_what_it_was_and_what_it_is(changes: dict[str, object], zh: str, en: str) -> None:
    expected_by_language: dict[locale.Language, str] = {"zh": zh, "en": en}
    for lang, expected in expected_by_language.items():
        locale.use(lang)
        assert say_changes(BEFORE, outage(**{"translations": BEFORE.translations} | changes), NOW, SHANGHAI) == expected


def test_a_wording_is_told_in_the_language_of_the_interface_once() -> None:
    after = outage(scope="约三成用户无法登录", translations={"en": {"scope": "about 30% of users cannot sign in"}})
    locale.use("en")
    assert say_changes(BEFORE, after, NOW, SHANGHAI) == (
        "Scope about 15% of users cannot sign in → about 30% of users cannot sign in"
    )
    locale.use("zh")
    assert say_changes(BEFORE, after, NOW, SHANGHAI).startswith("影响 约 15% 的用户无法登录 → 约三成用户无法登录")


def test_a_long_value_is_cut() -> None:
    locale.use("en")
    said = say_changes(outage(cause=""), outage(cause="x" * 500), NOW, SHANGHAI)
    assert len(said) < 60
    assert said.endswith("…")


def test_no_change_says_nothing() -> None:
    assert say_changes(BEFORE, BEFORE, NOW + dt.timedelta(days=1), SHANGHAI) == ""
