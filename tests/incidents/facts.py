"""One outage for the tests: sign-in fails for some, the cause is found, a time was given."""

import datetime as dt
from typing import Any

from agent_assist.incidents import Eta, Incident
from tests.conftest import NOW, SHANGHAI


def at(text: str) -> dt.datetime:
    """A time of the tests' day in Shanghai: `at("14:30")`."""
    hour, minute = map(int, text.split(":"))
    return dt.datetime.combine(NOW.astimezone(SHANGHAI).date(), dt.time(hour, minute), SHANGHAI).astimezone(dt.UTC)


def outage(**changes: Any) -> Incident:
    """The outage, with what a test wants different."""
    facts: dict[str, Any] = {
        "id": "INC-1",
        "version": 3,
        "title": "登录失败",
        "severity": "SEV1",
        "status": "identified",
        "services": ("登录", "支付"),
        "scope": "约 15% 的用户无法登录",
        "cause": "数据库升级后的兼容问题",
        "cause_internal": "pg 15.4 planner bug on shard 7",
        "workaround": "请先使用已登录的设备",
        "eta": Eta(at=at("14:30")),
        "next_update_due": at("14:20"),
        "started_at": at("13:35"),
        "updated_at": at("14:05"),
        "author": "老周",
    }
    return Incident(**(facts | changes))
