"""Sets of facts to try a phrase with: every kind of outage, of time and of person, drawn by whoever chooses.

The draw is passed in, so that a check of the books always sees the same sets and a test can vary them.
"""

import datetime as dt
import functools
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from agent_assist.chats import Customer
from agent_assist.incidents import Eta, Incident, Status
from agent_assist.incidents.apply import FactChanges, new_incident
from agent_assist.incidents.catalogue import EFFECTS, Catalogue, shipped_catalogue
from agent_assist.incidents.fact_choices import CAUSES
from agent_assist.incidents.incident import STATUSES
from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.phrase import Field

_T = TypeVar("_T")
Choose = Callable[[Sequence[Any]], Any]
"""Picks one of several."""

SETS_PER_PHRASE = 20

_ACTIONS_FOR: Mapping[str, tuple[str, ...]] = {
    "change": ("", "roll-back", "repair"),
    "capacity": ("", "add-capacity", "repair"),
    "hardware": ("", "switch-over", "repair", "restore-data"),
    "network": ("", "switch-over", "repair"),
    "data-centre": ("", "switch-over", "restart"),
    "supplier": ("", "with-supplier", "switch-over"),
    "attack": ("", "block"),
    "expiry": ("", "renew"),
    "data-error": ("", "restore-data", "repair"),
    "customer-side": ("", "diagnose"),
    "unknown": ("", "diagnose", "restart"),
    "": ("", "diagnose", "restart"),
}
_PREVENTIONS_FOR: Mapping[str, tuple[str, ...]] = {
    "change": ("rehearse", "step-by-step", ""),
    "capacity": ("more-capacity", "monitor", ""),
    "hardware": ("standby", "monitor", ""),
    "network": ("standby", ""),
    "data-centre": ("standby", ""),
    "supplier": ("second-supplier", ""),
    "attack": ("monitor", ""),
    "expiry": ("watch-expiry", ""),
    "data-error": ("monitor", ""),
}
_OWN_CAUSES = {"zh": "数据库升级后的兼容问题", "en": "a compatibility problem after a database upgrade"}
_WORKAROUNDS = (
    None,
    {"zh": "请先不要退出登录", "en": "please stay signed in"},
    {"zh": "请改用网页版", "en": "please use the web version instead"},
    {"zh": "请隔十分钟再试一次", "en": "please try again after ten minutes"},
)
_SHARES = ("15%", "30-40%", "8", "1", "1200", "some", "most", "all", "unknown")
_PEOPLE = (
    Customer(name="张伟", title="先生", order="A20931", tier="VIP"),
    Customer(name="王女士", order="A7781"),
    Customer(name="李", title="老师"),
    Customer(name="Carter", title="Ms", order="B1002", tier="VIP"),
    Customer(name="John Smith"),
    Customer(order="A20931"),
    Customer(),
)
_AGENTS: tuple[Mapping[str, str], ...] = ({"zh": "陈晓", "en": "Chen Xiao"}, {})
_BRANDS: tuple[Mapping[str, str], ...] = ({"zh": "云帆", "en": "Yunfan"}, {"zh": "Kite", "en": "Kite"})
"""Never none: what must name its sender, such as an SMS, is right to ask for it."""
_OFFERS: tuple[Mapping[str, Mapping[str, str]], ...] = (
    {"zh": {"kind": "优惠券", "amount": "¥20"}, "en": {"kind": "coupon", "amount": "¥20"}},
    {"zh": {"kind": "退款", "amount": "¥1,250.50"}, "en": {"kind": "refund", "amount": "¥1,250.50"}},
    {"zh": {"kind": "延长服务期", "amount": "7 天"}, "en": {"kind": "service extension", "amount": "7 days"}},
)
_MONEY_OFFERS = _OFFERS[:2]
_PAST_TIMES = frozenset({"lost_at", "checked_at", "planned_end", "restored_to"})
_NUMBERS = ("1", "5", "30")
_TYPED_TEXTS = {
    "link": {"zh": "https://status.example.com", "en": "https://status.example.com"},
    "person": {"zh": "周敏", "en": "Zhou Min"},
    "option": {"zh": "一张优惠券", "en": "a coupon"},
    "other option": {"zh": "延长七天服务期", "en": "seven more days of your subscription"},
    "step": {"zh": "恢复主数据库", "en": "restore the main database"},
    "next step": {"zh": "逐步放开登录", "en": "let users back in step by step"},
    "matter": {"zh": "订单的付款状态", "en": "the payment status of your order"},
    "demand": {"zh": "退回本月的会员费", "en": "a refund of this month's fee"},
    "improvement": {"zh": "通知里会写明下一次更新的时间", "en": "our notices now say when the next one comes"},
    "promised": {"zh": "恢复后第一时间通知您", "en": "to tell you as soon as it works"},
}
_PERSON = re.compile("person|colleague|signatory|engineer|lead|name")
_TEXT_FOR: Mapping[str, str] = {
    "status_link": "link",
    "report_link": "link",
    "option_a": "option",
    "option_b": "other option",
    "step_one": "step",
    "step_two": "next step",
    "improvement": "improvement",
    "change": "improvement",
    "promised": "promised",
    "demand": "demand",
    "restored_to": "time",
}


class FactSet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a reply is filled with, apart from the phrase's own fields."""

    incident: Incident
    customer: Customer
    agent: Mapping[str, str]
    brand: Mapping[str, str]
    now: dt.datetime


def draw_facts(choose: Choose, now: dt.datetime, statuses: Sequence[str] = STATUSES) -> FactSet:
    """Return one set of facts that could be true together, at one of these stages."""
    return FactSet(
        incident=_draw_incident(choose, now, choose(tuple(statuses) or STATUSES), shipped_catalogue()),
        customer=choose(_PEOPLE),
        agent=choose(_AGENTS),
        brand=choose(_BRANDS),
        now=now,
    )


@functools.lru_cache(maxsize=64)
def sample_facts(stages: tuple[str, ...], now: dt.datetime, count: int = SETS_PER_PHRASE) -> tuple[FactSet, ...]:
    """Return the sets of facts that phrases of these stages are tried with: the same ones each time."""
    draw = random.Random(" ".join(stages))  # noqa: S311 - nothing here is a secret
    return tuple(draw_facts(draw.choice, now, stages) for _number in range(count))


def draw_offer(choose: Choose, phrase: Phrase, lang: str) -> Mapping[str, str]:
    """Return what an offer fills; a phrase that names its kind itself is about money."""
    offers = _OFFERS if "offer.kind" in phrase.text[lang] else _MONEY_OFFERS
    return choose(offers)[lang]  # type: ignore[no-any-return]


def draw_values(choose: Choose, phrase: Phrase, lang: str, now: dt.datetime) -> dict[str, str]:
    """Return what an agent could type into the phrase's own fields."""
    return {name: _typed_value(choose, name, field, lang, now) for name, field in phrase.fields.items()}


def _draw_incident(choose: Choose, now: dt.datetime, status: Status, catalogue: Catalogue) -> Incident:
    services = _services(choose, catalogue)
    causes = ("", "unknown") if status == "investigating" else (*CAUSES, "own words")
    cause = choose(causes)
    kind = "change" if cause == "own words" else cause
    next_update = choose((dt.timedelta(minutes=25), dt.timedelta(hours=14), None))
    started = now - choose((dt.timedelta(minutes=7), dt.timedelta(minutes=61), dt.timedelta(hours=26)))
    workaround = choose(_WORKAROUNDS)
    changes: dict[str, object] = {
        "services": tuple(service.name["zh"] for service in services),
        "effect": choose(EFFECTS),
        "share": choose(_SHARES),
        "who": _who(choose, catalogue),
        "status": status,
        "cause_kind": kind,
        "action": choose(_ACTIONS_FOR[kind]),
        "prevention": choose(_PREVENTIONS_FOR.get(kind, ("",))),
        "eta": _eta(choose, now, started),
        "started_at": started,
        "next_update_due": None if status == "resolved" or next_update is None else now + next_update,
    }
    if cause == "own words":
        changes |= {f"cause.{lang}": words for lang, words in _OWN_CAUSES.items()}
    if workaround is not None:
        changes |= {f"workaround.{lang}": words for lang, words in workaround.items()}
    if len(services) > 1 and status in ("identified", "monitoring"):
        changes["recovered"] = choose(((), (services[0].name["zh"],)))
    if status == "resolved":
        changes["ended_at"] = now - dt.timedelta(minutes=3)
    incident = new_incident(FactChanges(changes), now=now - dt.timedelta(minutes=2), author="", catalogue=catalogue)
    return msgspec.structs.replace(incident, id="INC-1")


def _services(choose: Choose, catalogue: Catalogue) -> tuple[Any, ...]:
    first = choose(catalogue.services)
    others = tuple(service for service in catalogue.services if service is not first)
    return choose(((first,), (first,), (first, choose(others))))  # type: ignore[no-any-return]


def _who(choose: Choose, catalogue: Catalogue) -> tuple[str, ...]:
    audience = choose(catalogue.audiences).id
    region, platform = choose(catalogue.regions).id, choose(catalogue.platforms).id
    return choose(  # type: ignore[no-any-return]
        ((), (audience,), (audience, f"region:{region}"), (f"platform:{platform}",), ("version:5.2",))
    )


def _eta(choose: Choose, now: dt.datetime, started: dt.datetime) -> Eta:
    def at(minutes: int) -> dt.datetime:
        return now + dt.timedelta(minutes=minutes)

    return choose(  # type: ignore[no-any-return]
        (
            Eta(at=at(40)),
            Eta(at=at(60 * 20)),
            Eta(start=at(20), end=at(80)),
            Eta(start=at(-5), end=at(50)),
            Eta(),
            Eta(at=started + (now - started) / 2),
        )
    )


def _typed_value(choose: Choose, name: str, field: Field, lang: str, now: dt.datetime) -> str:
    match field.control:
        case "datetime":
            away = choose((dt.timedelta(hours=2), dt.timedelta(hours=23), dt.timedelta(days=6)))
            at: dt.datetime = now - away / 4 if name in _PAST_TIMES else now + away
            return at.isoformat(timespec="seconds")
        case "number":
            return str(choose(_NUMBERS))
        case "choice":
            return str(choose(field.choices_in(lang)))
        case "money":
            return "20"
    kind = _TEXT_FOR.get(name) or ("person" if _PERSON.search(name) else "matter")
    if kind == "time":
        return "昨天 23:00" if lang == "zh" else "23:00 yesterday"
    return _TYPED_TEXTS[kind][lang]
