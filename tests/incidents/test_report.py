"""The report on an incident: complete for the team, and nothing internal in the one for customers."""

import datetime as dt
import re

import pytest
from msgspec.structs import replace

from agent_assist.incidents import Incident, Publication
from agent_assist.incidents.catalogue import load_catalogue
from agent_assist.incidents.clock import steps
from agent_assist.incidents.compose import compose
from agent_assist.incidents.past_tense import in_past
from agent_assist.incidents.report import OfferSum, ReportFacts, customer_report, internal_report
from tests.conftest import NOW, SHANGHAI


def minutes(count: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=count)


def story() -> tuple[Incident, ...]:
    first = Incident(
        id="INC-1",
        title="",
        severity="SEV1",
        services=("login", "payment"),
        effect="down",
        share="some",
        started_at=minutes(-60),
        updated_at=minutes(-57),
        author="小李",
        owner="老周",
    )
    found = replace(
        first,
        version=2,
        share="15%",
        status="identified",
        cause_kind="change",
        action="roll-back",
        cause_internal="auth-db <8.0> | collation",
        author="老周",
        updated_at=minutes(-30),
    )
    part = replace(found, version=3, recovered=("login",), updated_at=minutes(-20))
    over = replace(
        part, version=4, status="resolved", prevention="rehearse", ended_at=minutes(-5), updated_at=minutes(-2)
    )
    return tuple(compose(each, load_catalogue(())) for each in (first, found, part, over))


def facts(*, count: int = 4, offers: tuple[OfferSum, ...] = ()) -> ReportFacts:
    versions = story()[:count]
    published = (
        Publication(incident="INC-1", version=1, at=minutes(-50), agent="小李", channel="banner"),
        Publication(
            incident="INC-1", version=2, at=minutes(-29), agent="小李", channel="sms", tells=("notice", "cause")
        ),
    )
    return ReportFacts(
        versions, published, steps(versions, NOW, published), offers, SHANGHAI, "UTC+8", NOW, brand="示例云"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_customers_read_nothing_internal_and_no_name(lang: str) -> None:
    text = customer_report(facts(offers=(OfferSum("coupon", 3, "60 元"),)), lang)
    for secret in ("auth-db", "collation", "小李", "老周", "INC-1", "60", "SEV1"):
        assert secret not in text
    assert "13:10" in text
    assert "示例云" in text


def test_customers_read_what_happened_why_and_what_changes() -> None:
    text = customer_report(facts(), "zh")
    assert text.startswith("# 关于 11月20日登录、支付故障的说明\n")
    assert "历时 55 分钟，于 14:05 恢复" in text
    assert "原因是我们的一次系统变更。" in text
    assert "以后这类变更会先在备用环境演练" in text
    assert "- 13:50 登录先行恢复。" in text
    told = [line for line in text.splitlines() if line.startswith("- ")]
    assert told == sorted(told)


def test_an_english_report_speaks_of_the_past() -> None:
    text = customer_report(facts(), "en")
    assert "could not" in text
    assert "cannot" not in text
    assert "Changes like this one will be rehearsed" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_team_reads_cause_timeline_what_was_said_and_sums(lang: str) -> None:
    text = internal_report(facts(offers=(OfferSum("coupon", 3, "60 元"),)), lang)
    for part in ("auth-db &lt;8.0> \\| collation", "老周", "SEV1", "60 元", "13:20", "UTC+8"):
        assert part in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(re.search(r"(?<!\\)\|$", row) for row in rows)


def test_a_notice_counts_once_and_lateness_is_said() -> None:
    text = internal_report(facts(), "zh")
    assert "| 13:20 | 网站横幅 | v1 | 首次通报 |" in text
    assert "| 13:41 | 短信 | v2 | 说明原因 |" in text
    assert "| 首次通报 | 13:15 | 13:20 · 晚了 5 分钟 |" in text
    assert "没有做" in text


def test_a_report_on_an_open_incident_says_so_and_names_what_is_still_to_write() -> None:
    text = internal_report(facts(count=2), "zh")
    assert "故障还没有结束" in text
    assert "--prevention" in text
    assert "没有登记补偿。" in text


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("about 15% of users cannot sign in", "about 15% of users could not sign in"),
        ("sign-in is slow for some users", "sign-in was slow for some users"),
        ("payments fail some of the time for most users", "payments failed some of the time for most users"),
        ("some users report that they cannot pay", "some users reported that they could not pay"),
        ("users cannot see or report anything", "users could not see or report anything"),
        ("sign-in takes a long time to respond", "sign-in took a long time to respond"),
        ("codes arrive late", "codes arrived late"),
    ],
)
def test_a_clause_in_the_past(now: str, then: str) -> None:
    assert in_past(now) == then
