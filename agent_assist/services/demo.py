"""The sample desk of `--demo`: one incident with a history, three chats, some offers, nothing of the user's own.

It is written through the same use cases as real work, into a database in a folder of its own that goes when the
program ends, so the demo cannot show what the product does not do.
"""

import datetime as dt
import shutil
import tempfile
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from agent_assist.chats import Customer
from agent_assist.files import sqlite_url
from agent_assist.services.demo_offers import fill_offers
from agent_assist.services.facade import Services
from agent_assist.settings import Settings

_STORY: tuple[tuple[int, str, dict[str, str]], ...] = (
    (
        52,
        "小李",
        {
            "services": "login",
            "effect": "down",
            "share": "some",
            "severity": "SEV1",
            "started": "-2m",
            "owner": "老周",
        },
    ),
    (31, "老周", {"share": "15%"}),
    (
        24,
        "老周",
        {
            "status": "identified",
            "cause_kind": "change",
            "cause": "数据库升级后的兼容问题",
            "cause.en": "a compatibility problem after a database upgrade",
            "cause_internal": "auth-db 5.7→8.0, collation mismatch on sessions",
            "action": "roll-back",
        },
    ),
    (
        6,
        "老周",
        {
            "workaround": "已登录的设备请先不要退出登录",
            "workaround.en": "please stay signed in on devices where you already are",
            "eta": "+35m",
            "next_update": "+11m",
        },
    ),
)

_CUSTOMERS = (
    (Customer(name="王女士", title="女士", order="A20931", tier="VIP", language="zh"), 3),
    (Customer(name="Li Wei", title="Mr", order="A20877", language="en"), 12),
    (Customer(name="陈先生", title="先生", order="B10442", language="zh"), 1),
)


_BRAND = {"zh": "示例云", "en": "Example Cloud"}


def demo_home() -> Path:
    """A fresh private folder for one demo; the caller removes it with `forget`."""
    return Path(tempfile.mkdtemp(prefix="agent-assist-demo-"))


def demo_settings(settings: Settings) -> Settings:
    """The user's language and the shipped books, on a database of the demo's own."""
    home = demo_home()
    return replace(
        settings,
        home=home,
        database=sqlite_url(home / "desk.db"),
        agent="小李" if settings.language == "zh" else "Li",
        phrasebooks=settings.phrasebooks[:1],
        role="lead",
        brand=settings.brand or _BRAND,
        demo=True,
    )


def _at(moment: dt.datetime) -> dt.datetime:
    return moment


def fill_demo(services: Services) -> None:
    """Tell the sample story into an empty store, with the times a real one would have had."""
    if services.store.incidents():
        return
    started = services.clock()
    incident_id = ""
    for minutes_ago, author, typed in _STORY:
        at = started - dt.timedelta(minutes=minutes_ago)
        narrator = Services(
            replace(services.settings, agent=author), store=services.store, clock=partial(_at, at), tz=services.tz
        )
        if incident_id:
            narrator.update_incident(incident_id, typed)
        else:
            incident_id = narrator.open_incident(typed).id
        narrator.announcement_published(incident_id, channel="banner")
    for position, (customer, waiting) in enumerate(_CUSTOMERS):
        chat = services.new_chat(customer, incident_id=incident_id, position=position)
        services.keep(replace(chat, waiting_since=started - dt.timedelta(minutes=waiting)))
    fill_offers(services, incident_id)


def forget(settings: Settings) -> None:
    """Remove the demo's folder."""
    if settings.demo:
        shutil.rmtree(settings.home, ignore_errors=True)
