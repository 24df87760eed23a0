"""What may be offered: the lead's rules, and the decision about one offer.

Rules are tried in the file's order; the first whose conditions all hold is in force, so the special case stands above
the general one. An offer within its allowance and within every limit is simply offered; above one of them it waits for
somebody else's approval; a kind under `never` is refused. Amounts in another currency than the policy's cannot be
added up against its limits, so they wait for approval too.

What counts against a limit: offers that stand as offered, approved or delivered, each with its newest amount, by any
agent. One that waits promises nothing yet, so it uses up nothing: else one large request would stop everybody. It is a
lead who sees what is left and approves beyond it or not. As an offer to this customer it does count.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from agent_assist.locale import _, current
from agent_assist.offers.duration import Duration
from agent_assist.offers.money import Money
from agent_assist.offers.offer import NewOffer, OfferKind
from agent_assist.roles import Role

Allowance = Money | Duration | Literal["any"]
"""The most one offer may be worth; `any` for things that have no amount."""

Limit = Literal["per_customer_and_incident", "per_agent_and_day", "per_incident"]
LIMITS: tuple[Limit, ...] = get_args(Limit)


class PolicyConditions(msgspec.Struct, frozen=True):
    """What the rules look at. `outage_minutes` counts from the start of the incident to now or to its end."""

    severity: str = ""
    outage_minutes: int = 0
    tier: str = ""
    role: Role = "agent"


class Rule(msgspec.Struct, frozen=True):
    """Conditions (empty: holds for all) and what they allow; `line` is its place in the policy file."""

    name: str
    allow: Mapping[OfferKind, Allowance]
    severity: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    outage_minutes: int = 0
    titles: Mapping[str, str] = {}
    """How the rule is called in a language; `name` where there is none, and on the log."""
    line: int = 0

    def title(self, lang: str) -> str:
        """The name to show."""
        return self.titles.get(lang) or self.name

    def holds(self, conditions: PolicyConditions) -> bool:
        """Whether every condition is met."""
        return (
            (not self.severity or conditions.severity in self.severity)
            and (not self.tier or conditions.tier.casefold() in {tier.casefold() for tier in self.tier})
            and (not self.role or conditions.role in self.role)
            and conditions.outage_minutes >= self.outage_minutes
        )


class Policy(msgspec.Struct, frozen=True):
    """The rules in order, the limits in minor units of `currency`, and the kinds nobody may promise."""

    currency: str = "CNY"
    rules: tuple[Rule, ...] = ()
    limits: Mapping[Limit, int] = {}
    never: tuple[OfferKind, ...] = ()
    repeat_needs_approval: bool = True
    holding_replies: Mapping[str, str] = {}
    """What may be said to the customer, by language, while the offer waits."""
    fault: str = ""
    """Why no policy can be in force, in words: every offer waits then."""

    def rule_for(self, conditions: PolicyConditions) -> Rule | None:
        """The rule in force, or None when none holds."""
        return next((rule for rule in self.rules if rule.holds(conditions)), None)


class Terms(msgspec.Struct, frozen=True):
    """Under which an offer is made. `day_begins` is the agent's own midnight: limits of a day count from there."""

    policy: Policy
    conditions: PolicyConditions
    day_begins: dt.datetime


class LimitUsage(msgspec.Struct, frozen=True):
    """What already counts against each limit, in minor units of the policy's currency; `to_customer` counts the offers
    to this customer for this incident. Without an incident the day stands in for it."""

    per_customer_and_incident: int = 0
    per_agent_and_day: int = 0
    per_incident: int = 0
    to_customer: int = 0


class Decision(msgspec.Struct, frozen=True):
    """What happens with an offer, and why, in words for the agent. `rule` names what made it wait, for the log."""

    outcome: Literal["offered", "pending", "refused"]
    reasons: tuple[str, ...] = ()
    rule: str = ""


def decide(policy: Policy, new: NewOffer, conditions: PolicyConditions, usage: LimitUsage) -> Decision:
    """The decision for one offer. Pure: the caller reads `usage` and writes the entry in one exclusive transaction."""
    if policy.fault:
        return Decision("pending", (policy.fault,), "no policy")
    if new.kind in policy.never:
        return Decision("refused", (_("The policy never allows this kind of compensation."),), "never")
    objections = [*_against_rule(policy, new, conditions), *_against_limits(policy, new, usage)]
    if policy.repeat_needs_approval and usage.to_customer:
        objections.append(("repeat", _("This customer already has an offer for this incident.")))
    if not objections:
        return Decision("offered")
    return Decision("pending", tuple(reason for _rule, reason in objections), objections[0][0])


def remaining_limits(policy: Policy, usage: LimitUsage) -> dict[Limit, Money]:
    """What is left of each limit, never below zero."""
    return {name: Money(max(0, most - getattr(usage, name)), policy.currency) for name, most in policy.limits.items()}


def hours(duration: Duration) -> int:
    """For comparing only: a month counts as 30 days."""
    return duration.count * {"hour": 1, "day": 24, "month": 720}[duration.unit]


def _against_rule(policy: Policy, new: NewOffer, conditions: PolicyConditions) -> list[tuple[str, str]]:
    rule = policy.rule_for(conditions)
    if rule is None:
        return [("no rule", _("No rule of the policy covers this case."))]
    shown = rule.title(current())
    allowed = rule.allow.get(new.kind)
    if allowed is None:
        return [(rule.name, _("“{rule}” does not allow this kind of compensation.", rule=shown))]
    if allowed == "any":
        return []
    # Everything that is promised must be allowed: a coupon with a gift is more than a coupon.
    more = (new.duration or new.thing) if isinstance(allowed, Money) else (new.money or new.thing)
    value = new.money if isinstance(allowed, Money) else new.duration
    if value is None or more or not _within(value, allowed):
        return [
            (rule.name, _("“{rule}” allows at most {most} for one offer.", rule=shown, most=allowed.display(current())))
        ]
    return []


def _within(value: Money | Duration, most: Money | Duration) -> bool:
    if isinstance(value, Money) and isinstance(most, Money):
        return value.currency == most.currency and value.minor <= most.minor
    if isinstance(value, Duration) and isinstance(most, Duration):
        return hours(value) <= hours(most)
    return False


def _against_limits(policy: Policy, new: NewOffer, usage: LimitUsage) -> list[tuple[str, str]]:
    if new.money is None or not policy.limits:
        return []
    if new.money.currency != policy.currency:
        return [("currency", _("The limits of the policy are in {currency}.", currency=policy.currency))]
    remaining = remaining_limits(policy, usage)
    return [
        (name, _exceeded(name, remaining[name].display(current())))
        for name, most in policy.limits.items()
        if getattr(usage, name) + new.money.minor > most and (name != "per_incident" or new.incident_id)
    ]


def _exceeded(name: Limit, remaining: str) -> str:
    if name == "per_customer_and_incident":
        return _("The limit for this customer and incident would be exceeded; {left} is left.", left=remaining)
    if name == "per_agent_and_day":
        return _("The limit of this agent for today would be exceeded; {left} is left.", left=remaining)
    return _("The limit for this incident would be exceeded; {left} is left.", left=remaining)
