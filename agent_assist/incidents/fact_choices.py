"""Choices with a public wording in each language: kinds of cause, what is being done, what changes afterwards.

A fact holds either the code of a choice or somebody's own words.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.times import plain
from agent_assist.locale import N_, _

Fault = Literal["own", "circumstance", "supplier", "customer", "unknown"]
"""Whose fault a cause is. `own`: we did it. `circumstance`: ours to answer for, but nobody here made a mistake."""


class FactChoice(NamedTuple):
    """One choice: how it is called in the interface, what else people type, and its wording in replies."""

    label: str
    words: tuple[str, ...]
    zh: str
    en: str

    def wording(self, lang: str) -> str:
        """Return what a reply says."""
        return self.zh if lang == "zh" else self.en


CAUSES: Mapping[str, FactChoice] = {
    "change": FactChoice(
        N_("a change of ours"),
        ("release", "deploy", "deployment", "upgrade", "变更", "发布", "上线", "升级", "配置变更", "我们的变更"),
        "我们的一次系统变更",
        "a change we made to our system",
    ),
    "capacity": FactChoice(
        N_("too much load"),
        ("load", "overload", "traffic", "容量", "流量", "访问量", "过载", "访问量过大"),
        "访问量超出了我们系统的承载能力",
        "more traffic than our system could handle",
    ),
    "hardware": FactChoice(
        N_("hardware"), ("disk", "硬件", "服务器", "硬件故障"), "服务器硬件故障", "a hardware failure"
    ),
    "network": FactChoice(
        N_("network"), ("dns", "cable", "网络", "光缆", "专线", "网络故障"), "网络线路故障", "a network failure"
    ),
    "data-centre": FactChoice(
        N_("data centre"),
        ("datacentre", "datacenter", "data center", "power", "power cut", "机房", "断电", "电力", "机房故障"),
        "机房故障",
        "a failure in our data centre",
    ),
    "supplier": FactChoice(
        N_("a supplier"),
        ("third party", "third-party", "vendor", "carrier", "供应商", "第三方", "运营商", "支付渠道", "云厂商"),
        "我们使用的第三方服务出现故障",
        "a failure at one of our suppliers",
    ),
    "attack": FactChoice(
        N_("an attack"), ("ddos", "攻击", "网络攻击"), "针对我们系统的网络攻击", "an attack on our system"
    ),
    "expiry": FactChoice(
        N_("something expired"),
        ("certificate", "expired", "到期", "证书", "过期", "证书到期"),
        "我们有一项证书到期没有及时更新",
        "a certificate of ours that had expired",
    ),
    "data-error": FactChoice(
        N_("wrong data"),
        ("data", "data error", "数据错误", "数据"),
        "我们系统里的一处数据错误",
        "an error in our data",
    ),
    "unknown": FactChoice(N_("not yet known"), ("未知", "不清楚", "还不清楚", "未查明"), "", ""),
    "customer-side": FactChoice(
        N_("on the customer's side"),
        ("customer", "customer side", "客户侧", "客户", "用户侧", "对方网络"),
        "客户一侧的网络或设置",
        "a network or a setting on the customer's side",
    ),
}

CAUSE_FAULTS: Mapping[str, Fault] = {
    "change": "own",
    "capacity": "own",
    "expiry": "own",
    "data-error": "own",
    "hardware": "circumstance",
    "network": "circumstance",
    "data-centre": "circumstance",
    "attack": "circumstance",
    "supplier": "supplier",
    "customer-side": "customer",
    "unknown": "unknown",
}

ACTIONS: Mapping[str, FactChoice] = {
    "diagnose": FactChoice(
        N_("finding the cause"),
        ("diagnosing", "investigate", "排查", "排查原因", "定位"),
        "工程师正在排查原因",
        "our engineers are looking for the cause",
    ),
    "repair": FactChoice(
        N_("repairing"),
        ("fix", "fixing", "repairing", "修复", "抢修", "正在修复"),
        "工程师正在修复",
        "our engineers are working on a fix",
    ),
    "roll-back": FactChoice(
        N_("rolling back"),
        ("rollback", "rolling back", "revert", "回滚", "正在回滚"),
        "工程师正在回滚这次变更",
        "our engineers are rolling back the change",
    ),
    "restart": FactChoice(
        N_("restarting"),
        ("restarting", "重启", "正在重启"),
        "工程师正在重启相关服务",
        "our engineers are restarting the services concerned",
    ),
    "switch-over": FactChoice(
        N_("switching over"),
        ("switchover", "failover", "switching over", "切换", "切换到备用", "正在切换"),
        "工程师正在切换到备用系统",
        "our engineers are switching over to the standby system",
    ),
    "add-capacity": FactChoice(
        N_("adding capacity"),
        ("scale", "scaling", "adding capacity", "扩容", "正在扩容"),
        "工程师正在扩容",
        "our engineers are adding capacity",
    ),
    "restore-data": FactChoice(
        N_("restoring data"),
        ("restore", "restoring data", "恢复数据", "数据恢复", "正在恢复数据"),
        "工程师正在恢复数据",
        "our engineers are restoring the data",
    ),
    "renew": FactChoice(
        N_("renewing what expired"),
        ("renewing", "更换证书", "更新证书", "续期"),
        "工程师正在更新到期的证书",
        "our engineers are replacing the expired certificate",
    ),
    "block": FactChoice(
        N_("blocking the attack"),
        ("blocking", "防护", "拦截", "拦截攻击", "清洗流量"),
        "工程师正在拦截攻击流量",
        "our engineers are blocking the attack",
    ),
    "with-supplier": FactChoice(
        N_("working with the supplier"),
        ("supplier", "vendor", "with the supplier", "联系供应商", "供应商处理", "与供应商一起处理"),
        "我们正在和供应商一起修复",
        "we are working with our supplier on a fix",
    ),
}

ACTION_BY_STATUS: Mapping[str, FactChoice] = {
    "investigating": ACTIONS["diagnose"],
    "identified": ACTIONS["repair"],
    "monitoring": FactChoice("", (), "修复已经上线，我们正在观察", "the repair is in place and we are watching it"),
    "resolved": FactChoice("", (), "服务已经恢复", "service is back to normal"),
}
"""What is true of each status when nobody has said what is being done."""

PREVENTIONS: Mapping[str, FactChoice] = {
    "rehearse": FactChoice(
        N_("rehearsing changes"),
        ("test first", "演练", "先演练", "变更前演练"),
        "以后这类变更会先在备用环境演练，再正式上线",
        "changes like this one will be rehearsed on a copy of the system first",
    ),
    "step-by-step": FactChoice(
        N_("releasing step by step"),
        ("gradual", "canary", "灰度", "分批", "灰度发布"),
        "以后这类变更会分批上线，发现异常立即停止",
        "changes like this one will be released step by step and stopped at the first sign of trouble",
    ),
    "more-capacity": FactChoice(
        N_("more capacity"),
        ("capacity", "扩容", "增加容量"),
        "我们会增加系统容量，并在接近上限时提前报警",
        "we will add capacity and be warned before it runs short",
    ),
    "standby": FactChoice(
        N_("a standby"),
        ("backup", "备用", "冗余", "备用线路"),
        "我们会增加备用线路和设备，一处出问题时自动切换",
        "we will add a standby that takes over by itself",
    ),
    "second-supplier": FactChoice(
        N_("a second supplier"),
        ("supplier", "备用供应商", "第二家供应商"),
        "我们会接入第二家供应商，一家出问题时可以切换",
        "we will add a second supplier so that one failure no longer stops the service",
    ),
    "watch-expiry": FactChoice(
        N_("watching expiry dates"),
        ("expiry", "到期提醒", "证书监控"),
        "我们会对所有证书设置到期前的自动提醒和更新",
        "certificates will be renewed automatically before they expire",
    ),
    "monitor": FactChoice(
        N_("better monitoring"),
        ("monitoring", "alerts", "监控", "加强监控", "报警"),
        "我们会补上监控，让这类问题在影响到您之前就被发现",
        "we will add monitoring that finds this kind of fault before it reaches you",
    ),
}


def parse_cause_kind(text: str) -> str:
    """Return the code of the kind of cause that was typed; "" for nothing. Raises Refused with the choices."""
    if not plain(text):
        return ""
    if code := choice_code(text, CAUSES):
        return code
    choices = _(", ").join(f"{code} ({_(choice.label)})" for code, choice in CAUSES.items())
    raise Refused(
        _("“{typed}” is not a kind of cause.", typed=clean_line(text)[:60]),
        hint=_("Choose one of: {choices}.", choices=choices),
    )


def choice_code(text: str, choices: Mapping[str, FactChoice]) -> str:
    """Return the code of a choice by its code, label or one of its words; "" for other words."""
    typed = plain(text).casefold()
    if not typed:
        return ""
    for code, choice in choices.items():
        if typed in (code, choice.label.casefold(), _(choice.label).casefold() if choice.label else code):
            return code
    return next((code for code, choice in choices.items() if typed in choice.words), "")
