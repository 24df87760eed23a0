"""Facts as those who work with them read them: labels for codes, and wordings in the language of the interface."""

from agent_assist import locale
from agent_assist.incidents import describe_change
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts
from agent_assist.incidents.fact_words import show_change, show_fact
from agent_assist.incidents.incident import Incident
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import outage

CHOSEN = {
    "services": "login, payment",
    "effect": "slow",
    "share": "most",
    "who": "merchants, region:华东, version:5.2",
    "cause_kind": "supplier",
    "action": "with-supplier",
    "prevention": "second-supplier",
    "recovered": "payment",
}


def chosen(**more: str) -> Incident:
    return new_incident(parse_facts(CHOSEN | more, NOW, SHANGHAI), now=NOW, author="老周")


def test_codes_are_shown_by_their_labels_in_both_languages() -> None:
    def shown() -> dict[str, str]:
        return {name: show_fact(chosen(), name, NOW, SHANGHAI) for name in ("effect", "share", "who", "cause_kind")}

    assert shown() == {
        "effect": "slow",
        "share": "most",
        "who": "merchants, in East China, on version 5.2",
        "cause_kind": "a supplier",
    }
    locale.use("zh")
    assert shown() == {
        "effect": "很慢",
        "share": "大部分",
        "who": "商家、华东地区、5.2 版本",
        "cause_kind": "供应商",
    }


def test_composed_wordings_are_shown_in_the_language_of_the_interface() -> None:
    for lang, scope, recovered in [
        ("en", "sign-in is slow for most", "payments"),
        ("zh", "大部分商家登录很慢", "支付"),
    ]:
        locale.use(lang)  # type: ignore[arg-type]
        assert scope in show_fact(chosen(), "scope", NOW, SHANGHAI)
        assert show_fact(chosen(), "recovered", NOW, SHANGHAI) == recovered
        assert show_fact(chosen(), "action", NOW, SHANGHAI) == chosen().said("action", locale.current())
        assert show_fact(chosen(), "title", NOW, SHANGHAI) == chosen().said("title", locale.current())


def test_a_wording_that_is_known_in_one_language_only_is_shown_in_the_other_interface_too() -> None:
    assert show_fact(outage(), "scope", NOW, SHANGHAI) == "约 15% 的用户无法登录"
    assert show_fact(outage(scope=""), "scope", NOW, SHANGHAI) == "—"


def test_a_change_of_the_other_languages_words_is_not_shown_as_no_change() -> None:
    before = outage(translations={"en": {"scope": "about 15% of users cannot sign in"}})
    after = outage(translations=before.translations, scope="约 30% 的用户无法登录")
    assert show_change(before, after, "scope", NOW, SHANGHAI) == ("约 15% 的用户无法登录", "约 30% 的用户无法登录")


def test_a_chosen_fact_that_changed_is_worded_on_both_sides() -> None:
    before = chosen()
    after = apply_facts(before, parse_facts({"share": "30%", "effect": "down"}, NOW, SHANGHAI), now=NOW, author="老周")
    locale.use("zh")
    changes = {
        change.field: show_change(before, after, change.field, NOW, SHANGHAI)
        for change in describe_change(before, after)
    }
    assert changes["effect"] == ("很慢", "用不了")
    assert changes["share"] == ("大部分", "30%")
