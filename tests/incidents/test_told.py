"""What customers are told, in whole sentences of both languages."""

from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.apply import apply_facts, dropped_wordings, new_incident, parse_facts
from agent_assist.incidents.publication import known_steps
from agent_assist.incidents.told import missing_wordings, told
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import outage


def chosen(**facts: str) -> Incident:
    typed = {"services": "login, payment", "effect": "down", "share": "15%", **facts}
    return new_incident(parse_facts(typed, NOW, SHANGHAI), now=NOW, author="老周")


def test_an_open_incident_is_told_with_its_scope_cause_action_time_and_workaround() -> None:
    workaround = {"workaround.zh": "请稍后再试", "workaround.en": "try later"}
    incident = chosen(cause_kind="change", action="roll-back", eta="+45m", **workaround)
    assert told(incident, NOW, SHANGHAI, "zh") == (
        "登录、支付故障。目前约 15% 的用户无法登录、无法付款。原因是我们的一次系统变更。"
        "工程师正在回滚这次变更，预计 14:55 前恢复。临时办法：请稍后再试。"
    )
    assert told(incident, NOW, SHANGHAI, "en") == (
        "Sign-in and payments outage. Right now about 15% of users cannot sign in or pay. "
        "The cause is a change we made to our system. "
        "Our engineers are rolling back the change; we expect to be back to normal by 14:55. Meanwhile: try later."
    )


def test_a_resolved_one_is_told_with_what_changes() -> None:
    incident = chosen(status="resolved", cause_kind="capacity", prevention="more-capacity")
    said = told(incident, NOW, SHANGHAI, "en")
    assert "Service is back to normal. The cause was more traffic than our system could handle." in said
    assert "right now" not in said.lower()


def test_what_works_again_is_told_while_the_repair_is_watched() -> None:
    incident = chosen(status="monitoring", recovered="login")
    assert "登录已经恢复。修复已经上线，我们正在观察。" in told(incident, NOW, SHANGHAI, "zh")
    assert "Working again: sign-in." in told(incident, NOW, SHANGHAI, "en")


def test_a_service_with_one_name_lacks_the_other_language() -> None:
    incident = chosen(services="自助机")
    assert missing_wordings(incident, "zh") == []
    assert missing_wordings(incident, "en") == ["title", "scope", "services"]


def test_own_words_go_when_what_they_say_is_chosen_anew_and_are_named() -> None:
    before = outage(services=("登录",), effect="down", eta=Eta(), translations={"en": {"scope": "some cannot sign in"}})
    after = apply_facts(before, parse_facts({"share": "30%"}, NOW, SHANGHAI), now=NOW, author="老周")
    assert dropped_wordings(before, after) == [("scope", "zh"), ("scope", "en")]
    reworded = parse_facts({"share": "30%", "scope": "三成用户登不上"}, NOW, SHANGHAI)
    kept = apply_facts(before, reworded, now=NOW, author="老周")
    assert dropped_wordings(before, kept) == [("scope", "en")]


def test_a_cause_in_own_words_counts_whichever_way_it_is_kept() -> None:
    by_language = chosen(**{"cause.zh": "数据库升级后的兼容问题"})
    assert by_language.cause == ""
    assert by_language.fault == "own"
    assert chosen().fault == "unknown"
    assert "cause" in known_steps(
        chosen(cause_kind="unknown", **{"cause.en": "a problem that we are still narrowing down"})
    )
