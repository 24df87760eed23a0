"""Promising under the policy: what may be offered to this customer now, making the offer, deciding about one, erasing.

Everything here asks the store and may block. The decision itself is made inside the store's transaction; `preview` is
what an agent sees before, and reserves nothing.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers import (
    Limit,
    LimitScope,
    LimitUsage,
    Money,
    NewEvent,
    NewOffer,
    Offer,
    OfferAction,
    PolicyConditions,
    Rule,
    Terms,
    decide,
    remaining_limits,
)
from agent_assist.offers.parse import parse_adjustment
from agent_assist.offers.policy import Decision, Policy
from agent_assist.offers.policy_words import holding_reply
from agent_assist.services import current_policy as policies
from agent_assist.services.current_policy import InForce

if TYPE_CHECKING:
    from pathlib import Path

    from agent_assist.services.facade import Services
    from agent_assist.store import Erased, PolicyVersion, Recorded


class PolicyPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What holds at this moment for offers of one agent to one customer, before the next one is made."""

    policy: Policy
    conditions: PolicyConditions
    usage: LimitUsage
    earlier: tuple[Offer, ...]
    """What this customer already has for this incident, by anybody, oldest first."""
    is_missing: bool = False
    """Whether the policy is the program's, since the team has published none."""

    @property
    def rule(self) -> Rule | None:
        """The rule in force."""
        return self.policy.rule_for(self.conditions)

    @property
    def remaining(self) -> dict[Limit, Money]:
        """What is left of each limit."""
        return remaining_limits(self.policy, self.usage)

    def decide(self, new: NewOffer) -> Decision:
        """Return what the policy says to an offer within this scope."""
        return decide(self.policy, new, self.conditions, self.usage)


class CompensationService:
    """One desk's way to promise something. `desk` gives store, clock, zone, agent and home."""

    def __init__(self, services: "Services") -> None:
        self._desk = services
        self._last_sound: Policy | None = None

    def policy(self) -> InForce:
        """The policy that decides now; read anew, so that a change counts from the next offer on."""
        services = self._desk
        published = services.store.policy()
        is_team = published is None and services.store.is_team()
        found = policies.in_force(services.settings.home, published, is_team=is_team, last_sound=self._last_sound)
        if not found.problems:
            self._last_sound = found.policy
        return found

    def terms(self, new: NewOffer) -> Terms:
        """Under which this offer is made now."""
        return self._terms(new.incident_id, new.tier, self.policy().policy)

    def preview(self, scope: LimitScope, tier: str) -> PolicyPreview:
        """Return what may be offered now to a customer of this tier, and what the customer already has."""
        current = self.policy()
        terms = self._terms(scope.incident, tier, current.policy)
        history = self._desk.store.limit_usage(scope, terms)
        return PolicyPreview(
            policy=terms.policy,
            conditions=terms.conditions,
            usage=history.usage,
            earlier=history.earlier,
            is_missing=current.is_missing,
        )

    def add(self, new: NewOffer) -> "Recorded":
        """Put the offer on the log, offered or waiting. Refused when nobody may promise this."""
        return self._desk.store.add_offer(new, terms=self.terms(new))

    def decide(self, action: OfferAction, offer: str, *, op_id: str, note: str = "") -> "Recorded":
        """Approve, decline, void or deliver an offer."""
        return self._desk.store.decide(self._event(action, offer, op_id, note))

    def adjust(self, offer_id: str, typed: Mapping[str, str], *, op_id: str) -> "Recorded":
        """Promise something else in place of an offer; the policy decides as about a new offer.

        `typed` holds amount, duration, thing, sentence and note; what is missing stays as it is. Raises Refused.
        """
        services = self._desk
        before = services.store.offer(offer_id)
        event = msgspec.structs.replace(
            self._event("adjusted", before.id, op_id, typed.get("note", "")),
            **parse_adjustment(typed, before, services.settings.currency),
        )
        return services.store.decide(event, terms=self._terms(before.incident, before.tier, self.policy().policy))

    def erase(self, customer: str, *, order: str = "", reason: str) -> "Erased":
        """Remove one customer's personal data everywhere. Only a lead does this."""
        services = self._desk
        role = services.store.role()
        if role != "lead":
            raise Refused(_("Only a lead erases a customer's data."), hint=_("Ask your lead."))
        return services.store.erase(
            customer, order=order, agent=services.settings.agent, role=role, reason=reason, at=services.clock()
        )

    def publish(self, path: "Path") -> "PolicyVersion":
        """Put the policy of a file into force for everybody at this store. Refused when it has mistakes."""
        services = self._desk
        if services.store.role() != "lead":
            raise Refused(_("Only a lead sets the policy."), hint=_("Ask your lead."))
        text, policy, problems = policies.read_policy_text(path)
        if policy is None:
            raise Refused(str(problems[0]), hint=_("See all of it: agent-assist policy check FILE"))
        return services.store.publish_policy(text, author=services.settings.agent, at=services.clock())

    def holding_reply(self, lang: str) -> str:
        """What may be said to a customer, in this language, while an offer waits."""
        return holding_reply(self.policy().policy, lang)

    def _event(self, action: OfferAction, offer: str, op_id: str, note: str) -> NewEvent:
        services = self._desk
        return NewEvent(
            op_id=op_id,
            event=action,
            offer=offer,
            agent=services.settings.agent,
            role=services.store.role(),
            note=note,
            at=services.clock(),
        )

    def _terms(self, incident_id: str, tier: str, policy: Policy) -> Terms:
        services = self._desk
        now = services.clock()
        severity, minutes = "", 0
        if incident_id:
            versions = services.store.versions(incident_id)
            severity = versions[-1].severity
            ended = now
            for version in reversed(versions):
                if version.status != "resolved":
                    break
                ended = version.updated_at
            minutes = max(0, int((ended - versions[-1].started_at) / dt.timedelta(minutes=1)))
        midnight = now.astimezone(services.tz).replace(hour=0, minute=0, second=0, microsecond=0)
        return Terms(policy, PolicyConditions(severity, minutes, tier, services.store.role()), midnight)
