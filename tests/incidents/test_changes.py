"""The timeline names what changed, in words."""

from agent_assist import locale
from agent_assist.incidents import Eta, describe_change, field_label, say_value
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import at, outage


def test_only_what_differs_is_named_in_the_order_of_the_card() -> None:
    before, after = outage(eta=Eta()), outage(status="monitoring", version=4, author="小李")
    assert describe_change(before, after) == [
        ("status", "identified", "monitoring"),
        ("eta", Eta(), Eta(at=at("14:30"))),
    ]


def test_nothing_is_named_when_only_the_version_differs() -> None:
    assert describe_change(outage(), outage(version=4, updated_at=NOW)) == []


def test_a_changed_wording_names_its_language() -> None:
    after = outage(translations={"en": {"scope": "some users"}})
    assert describe_change(outage(), after) == [("scope.en", "", "some users")]
    assert describe_change(after, outage()) == [("scope.en", "some users", "")]
    assert field_label("scope.en") == "Scope (en)"


def test_the_first_version_names_what_is_filled() -> None:
    first = outage(cause="", cause_internal="", workaround="", eta=Eta(), next_update_due=None)
    assert [change.field for change in describe_change(None, first)] == [
        "title",
        "severity",
        "status",
        "services",
        "scope",
        "started_at",
        "rhythm_minutes",
    ]


def test_values_are_said_in_the_interface_language() -> None:
    def said(value: object) -> str:
        return say_value(value, NOW, SHANGHAI)

    assert said("monitoring") == "monitoring"
    assert said(("登录", "支付")) == "登录, 支付"
    assert said(Eta(start=at("14:30"), end=at("15:00"))) == "14:30–15:00"
    assert said(Eta()) == "unknown"
    assert [said(nothing) for nothing in ("", None, ())] == ["—", "—", "—"]
    assert say_value("monitoring", NOW, SHANGHAI, "zh") == "观察中"
    assert say_value(("登录", "支付"), NOW, SHANGHAI, "zh") == "登录、支付"
    assert say_value(at("14:30"), NOW, SHANGHAI, "zh") == "14:30"
    assert locale.current() == "en"
