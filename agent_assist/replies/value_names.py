"""The one table of names that facts and customer fill in templates, with their Chinese aliases and labels.

Everything that knows a name asks here: filling, the form for gaps, lint. A name not in the table is a field that the
agent fills. The incident's internal cause is not in the table, so no template can reach it.
"""

import functools
from typing import NamedTuple

from agent_assist.phrasebook.phrase import Control


class ValueName(NamedTuple):
    """A name in the table: `alias` is how Chinese templates say it, labels are for the form."""

    path: str
    alias: str
    zh: str
    en: str
    control: Control = "text"

    def label(self, lang: str) -> str:
        """Return what to call it in a reply of this language."""
        return self.zh if lang == "zh" else self.en


VALUE_NAMES: tuple[ValueName, ...] = (
    ValueName("customer.name", "客户.姓名", "客户姓名", "customer's name"),
    ValueName("customer.title", "客户.称呼", "称呼", "form of address"),
    ValueName("customer.salutation", "客户.尊称", "尊称", "name with form of address"),
    ValueName("customer.order", "客户.订单", "订单号", "order number"),
    ValueName("customer.tier", "客户.等级", "客户等级", "customer tier"),
    ValueName("customer.language", "客户.语言", "客户语言", "customer's language"),
    ValueName("incident.title", "故障.标题", "故障标题", "incident title"),
    ValueName("incident.status", "故障.状态", "故障状态", "incident status"),
    ValueName("incident.severity", "故障.级别", "故障级别", "severity"),
    ValueName("incident.services", "故障.服务", "受影响的服务", "affected services"),
    ValueName("incident.scope", "故障.影响", "影响范围", "scope of the impact"),
    ValueName("incident.effect", "故障.表现", "故障表现", "effect of the incident"),
    ValueName("incident.recovered", "故障.已恢复", "已恢复的服务", "services that work again"),
    ValueName("incident.cause_kind", "故障.原因类别", "原因类别", "kind of cause"),
    ValueName("incident.fault", "故障.责任方", "责任方", "whose fault it is"),
    ValueName("incident.action", "故障.处理", "正在做的处理", "what is being done"),
    ValueName("incident.prevention", "故障.改进", "改进措施", "what changes afterwards"),
    ValueName("incident.cause", "故障.原因", "故障原因", "cause"),
    ValueName("incident.workaround", "故障.绕行", "临时办法", "workaround"),
    ValueName("incident.eta", "故障.预计", "预计恢复时间", "expected time", "datetime"),
    ValueName("incident.eta_state", "故障.预计状态", "预计时间的状态", "state of the expected time"),
    ValueName("incident.outlook", "故障.进度", "处理与预计时间", "what is being done, and by when"),
    ValueName("incident.next_update", "故障.下次更新", "下次更新时间", "time of the next update", "datetime"),
    ValueName("incident.started", "故障.开始", "故障开始时间", "start of the incident", "datetime"),
    ValueName("incident.ended", "故障.结束", "故障结束时间", "end of the incident", "datetime"),
    ValueName("incident.duration", "故障.时长", "故障时长", "duration of the incident"),
    ValueName("brand", "品牌", "公司或产品名", "company or product"),
    ValueName("agent.name", "客服.姓名", "客服姓名", "agent's name"),
    ValueName("offer.kind", "补偿.种类", "补偿种类", "kind of compensation"),
    ValueName("offer.amount", "补偿.金额", "补偿金额", "amount of the compensation", "money"),
    ValueName("offer.sentence", "补偿.承诺", "补偿承诺", "promised compensation"),
    ValueName("now", "现在", "现在的时间", "time now", "datetime"),
)

BY_PATH: dict[str, ValueName] = {name.path: name for name in VALUE_NAMES}
ROOTS: frozenset[str] = frozenset(name.path.partition(".")[0] for name in VALUE_NAMES)

_ROOT_ALIASES: dict[str, str] = {}
_FIELD_ALIASES: dict[tuple[str, str], str] = {}
for _name in VALUE_NAMES:
    _root, _, _field = _name.path.partition(".")
    _root_alias, _, _field_alias = _name.alias.partition(".")
    _ROOT_ALIASES[_root_alias] = _root
    if _field:
        _FIELD_ALIASES[_root, _field_alias] = _field

_MONEY = ("金额", "价格", "amount", "price", "money")
_DATETIME = ("时间", "日期", "时刻", "time", "date", "deadline")
_NUMBER = ("数量", "天数", "次数", "人数", "个数", "小时数", "number", "count", "days", "hours", "percent")


@functools.lru_cache(maxsize=1024)
def canonical_name(name: str) -> str:
    """Return the name as the table spells it: `客户.姓名` is `customer.name`; other names stay as they are."""
    root, dot, field = name.strip().partition(".")
    known = _ROOT_ALIASES.get(root, root)
    if known not in ROOTS:
        return name.strip()
    return f"{known}{dot}{_FIELD_ALIASES.get((known, field), field)}"


def control_for(name: str) -> Control:
    """Return how to ask for a field whose phrase does not say, by the last word of its name."""
    if name in BY_PATH:
        return BY_PATH[name].control
    word = name.rpartition(".")[2].lower()
    if word.endswith(_MONEY):
        return "money"
    if word.endswith(_NUMBER):
        return "number"
    return "datetime" if word.endswith(_DATETIME) else "text"
