"""A policy in words: each rule, each limit and what will surprise somebody, in the interface language."""

from collections.abc import Iterable, Mapping

from agent_assist.locale import N_, _, current
from agent_assist.offers.money import Money
from agent_assist.offers.offer import OfferKind
from agent_assist.offers.policy import Allowance, Limit, Policy, Rule
from agent_assist.roles import Role

KIND_NAMES: Mapping[OfferKind, str] = {
    "coupon": N_("Coupon"),
    "refund": N_("Refund"),
    "credit": N_("Credit"),
    "extension": N_("Extension"),
    "gift": N_("Gift"),
    "other": N_("Other"),
}

LIMIT_NAMES: Mapping[Limit, str] = {
    "per_customer_and_incident": N_("This customer, this incident"),
    "per_agent_and_day": N_("This agent, today"),
    "per_incident": N_("This incident"),
}

_ROLE_NAMES: Mapping[Role, str] = {"agent": N_("agent"), "lead": N_("lead")}

_HOLDING_REPLIES = {
    "zh": "您的补偿我已经提交申请，一有结果马上告诉您。",
    "en": "I have put in a request for compensation for you and will tell you the result as soon as I have it.",
}


def holding_reply(policy: Policy, lang: str) -> str:
    """What may be said to the customer, in their language, while the offer waits; it promises nothing."""
    return policy.holding_replies.get(lang) or _HOLDING_REPLIES.get(lang, _HOLDING_REPLIES["en"])


def conditions(rule: Rule) -> str:
    """When the rule holds."""
    parts = []
    if rule.severity:
        parts.append(_("severity {names}", names=_any_of(rule.severity)))
    if rule.outage_minutes:
        parts.append(_("outage of {count} minutes or more", count=rule.outage_minutes))
    if rule.tier:
        parts.append(_("customer tier {names}", names=_any_of(rule.tier)))
    if rule.role:
        parts.append(_("offered by: {names}", names=_any_of(_(_ROLE_NAMES[r]) for r in rule.role)))  # type: ignore[index]
    return _("; ").join(parts) or _("always")


def allowances(rule: Rule) -> str:
    """What one offer may be worth under the rule."""
    parts = [f"{_(KIND_NAMES[kind])} {allowance(most)}" for kind, most in rule.allow.items()]
    return _(", ").join(parts) or _("nothing without approval")


def allowance(most: Allowance) -> str:
    """The most, in words."""
    return _("of any kind") if most == "any" else _("up to {most}", most=most.display(current()))


def limits(policy: Policy) -> list[tuple[str, str]]:
    """Each limit with its sum."""
    return [
        (_(LIMIT_NAMES[name]), _("{sum} in all", sum=Money(most, policy.currency).display(current())))
        for name, most in policy.limits.items()
    ]


def never(policy: Policy) -> str:
    """The kinds nobody may promise, empty when there are none."""
    return _(", ").join(_(KIND_NAMES[kind]) for kind in policy.never)


def advice(policy: Policy) -> list[tuple[int, str]]:
    """What is allowed but will hardly be meant, with its line: rules that are never reached, kinds never allowed."""
    advice_lines = []
    for number, rule in enumerate(policy.rules):
        above = next((other for other in policy.rules[:number] if _covers(other, rule)), None)
        if above is not None:
            advice_lines.append(
                (
                    rule.line,
                    _(
                        "“{rule}” is never reached: “{above}” stands above it and holds whenever it does.",
                        rule=rule.title(current()),
                        above=above.title(current()),
                    ),
                )
            )
        for kind in rule.allow:
            if kind in policy.never:
                advice_lines.append(
                    (
                        rule.line,
                        _(
                            "“{rule}” allows {kind}, which is under never.",
                            rule=rule.title(current()),
                            kind=_(KIND_NAMES[kind]),
                        ),
                    )
                )
    if not policy.limits:
        advice_lines.append((0, _("There are no limits: any number of small offers is allowed.")))
    return advice_lines


def _covers(above: Rule, rule: Rule) -> bool:
    def wider(mine: tuple[str, ...], its: tuple[str, ...]) -> bool:
        return not mine or (bool(its) and {m.casefold() for m in its} <= {m.casefold() for m in mine})

    return (
        wider(above.severity, rule.severity)
        and wider(above.tier, rule.tier)
        and wider(above.role, rule.role)
        and above.outage_minutes <= rule.outage_minutes
    )


def _any_of(names: Iterable[str]) -> str:
    return _(" or ").join(names)
