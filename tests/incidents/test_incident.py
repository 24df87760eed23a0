"""The facts keep languages apart and the internal cause inside."""

import json

import pytest

from agent_assist.incidents import Eta, Incident, incident_json
from tests.conftest import NOW
from tests.incidents.facts import at, outage

EN = {"en": {"scope": "about 15% of users cannot sign in", "services": "sign-in, payments, search"}}


@pytest.mark.parametrize(
    ("incident", "field", "zh", "en"),
    [
        (outage(), "scope", "约 15% 的用户无法登录", ""),  # never Chinese in an English reply
        (outage(translations=EN), "scope", "约 15% 的用户无法登录", "about 15% of users cannot sign in"),
        (outage(scope="some users cannot pay"), "scope", "", "some users cannot pay"),
        (outage(cause="DNS"), "cause", "DNS", "DNS"),  # one Latin word is a name in both
        (outage(cause="DNS 解析异常"), "cause", "DNS 解析异常", ""),
        (outage(), "services", "登录、支付", ""),
        (outage(services=("App", "Web", "API")), "services", "App、Web、API", "App, Web and API"),
        (outage(services=("App", "Web")), "services", "App、Web", "App and Web"),
        (outage(services=("App", "网页")), "services", "App、网页", ""),  # half a list would be a false one
        (outage(translations=EN), "services", "登录、支付", "sign-in, payments and search"),
        (outage(services=()), "services", "", ""),
        (outage(workaround="  "), "workaround", "", ""),
    ],
)
def test_a_fact_is_said_in_a_language_only_when_it_is_known_there(
    incident: Incident, field: str, zh: str, en: str
) -> None:
    assert incident.said(field, "zh") == zh  # type: ignore[arg-type]
    assert incident.said(field, "en") == en  # type: ignore[arg-type]


def test_a_fact_that_only_lacks_its_translation_is_told_from_one_that_is_not_known() -> None:
    assert outage().is_known_elsewhere("scope", "en")
    assert not outage(scope="").is_known_elsewhere("scope", "en")
    assert not outage().is_known_elsewhere("scope", "zh")


def test_the_json_has_the_fields_of_the_contract_and_no_internal_cause() -> None:
    shown = incident_json(outage(), NOW)
    assert list(shown) == [
        "id",
        "version",
        "title",
        "severity",
        "status",
        "services",
        "scope",
        "cause",
        "workaround",
        "eta",
        "next_update_due",
        "started_at",
        "updated_at",
        "author",
        "effect",
        "share",
        "who",
        "recovered",
        "cause_kind",
        "fault",
        "action",
        "prevention",
        "ended_at",
    ]
    assert shown["eta"] == {"state": "known", "at": "2026-11-20T06:30:00+00:00"}
    assert "planner" not in json.dumps(shown)


@pytest.mark.parametrize(
    ("eta", "shown"),
    [
        (Eta(), {"state": "unknown"}),
        (Eta(at=at("14:00")), {"state": "passed", "at": "2026-11-20T06:00:00+00:00"}),
        (
            Eta(start=at("14:30"), end=at("15:00")),
            {"state": "range", "from": "2026-11-20T06:30:00+00:00", "to": "2026-11-20T07:00:00+00:00"},
        ),
    ],
)
def test_the_json_says_the_state_of_the_eta(eta: Eta, shown: dict[str, str]) -> None:
    assert incident_json(outage(eta=eta), NOW)["eta"] == shown
