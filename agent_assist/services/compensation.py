"""Offers under the policy: what a customer may be offered now, logging an offer, deciding about one, erasing.

Everything here asks the store and may block. The decision itself is made inside the store's transaction; `preview` is
what an agent sees before, and reserves nothing.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from agent_assist.chats import Chat, Customer
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
from agent_assist.offers.parse import OfferContext, parse_adjustment, parse_offer
from agent_assist.offers.policy import Decision, Policy
from agent_assist.offers.policy_words import holding_reply
from agent_assist.services import current_policy as policies
from agent_assist.services.current_policy import InForce
from agent_assist.services.service_context import ServiceContext
from agent_assist.time_zone import start_of_day

if TYPE_CHECKING:
    from pathlib import Path

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
    """Offers of one agent: made under the policy in force, decided, changed and erased."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        self._last_sound: Policy | None = None

    def policy(self) -> InForce:
        """Read the policy that decides now; a change counts from the next offer on."""
        context = self._context
        published = context.store.policy()
        is_team = published is None and context.store.is_team()
        found = policies.in_force(context.settings.home, published, is_team=is_team, last_sound=self._last_sound)
        if not found.problems:
            self._last_sound = found.policy
        return found

    def new_offer(
        self, typed: Mapping[str, str], *, op_id: str, chat: Chat | None = None, incident_id: str = ""
    ) -> NewOffer:
        """Return what was typed about a compensation as an offer ready to be logged. Raises Refused naming the field.

        Customer, order, tier and incident come from the chat unless others are given.
        """
        customer = chat.customer if chat else Customer()
        known = OfferContext(
            op_id=op_id,
            agent=self._context.settings.agent,
            at=self._context.clock(),
            currency=self._context.settings.currency,
            chat_id=chat.id if chat else "",
            incident_id=incident_id or (chat.incident_id if chat else ""),
            customer=customer.name,
            order=customer.order,
            tier=customer.tier,
        )
        return parse_offer(typed, known)

    def terms(self, new: NewOffer) -> Terms:
        """Return the policy and the conditions under which this offer is made now."""
        return self._terms(new.incident_id, new.tier, self.policy().policy)

    def preview(self, scope: LimitScope, tier: str) -> PolicyPreview:
        """Return what may be offered now to a customer of this tier, and what the customer already has."""
        current = self.policy()
        terms = self._terms(scope.incident, tier, current.policy)
        history = self._context.store.limit_usage(scope, terms)
        return PolicyPreview(
            policy=terms.policy,
            conditions=terms.conditions,
            usage=history.usage,
            earlier=history.earlier,
            is_missing=current.is_missing,
        )

    def add(self, new: NewOffer) -> "Recorded":
        """Put the offer on the log, offered or waiting. Refused when nobody may promise this."""
        recorded = self._context.store.add_offer(new, terms=self.terms(new))
        self._context.note_waiting(recorded)
        return recorded

    def decide(self, action: OfferAction, offer: str, *, op_id: str, note: str = "") -> "Recorded":
        """Approve, decline, void or deliver an offer."""
        return self._context.store.decide(self._event(action, offer, op_id, note))

    def adjust(self, offer_id: str, typed: Mapping[str, str], *, op_id: str) -> "Recorded":
        """Promise something else in place of an offer; the policy decides as about a new offer.

        `typed` holds amount, duration, thing, sentence and note; what is missing stays as it is. Raises Refused.
        """
        context = self._context
        before = context.store.offer(offer_id)
        event = msgspec.structs.replace(
            self._event("adjusted", before.id, op_id, typed.get("note", "")),
            **parse_adjustment(typed, before, context.settings.currency),
        )
        return context.store.decide(event, terms=self._terms(before.incident, before.tier, self.policy().policy))

    def erase(self, customer: str, *, order: str = "", reason: str) -> "Erased":
        """Remove one customer's personal data everywhere. Only a lead does this."""
        context = self._context
        role = context.store.role()
        if role != "lead":
            raise Refused(_("Only a lead erases a customer's data."), hint=_("Ask your lead."))
        return context.store.erase(
            customer, order=order, agent=context.settings.agent, role=role, reason=reason, at=context.clock()
        )

    def publish(self, path: "Path") -> "PolicyVersion":
        """Put the policy of a file into force for everybody at this store. Refused when it has mistakes."""
        context = self._context
        if context.store.role() != "lead":
            raise Refused(_("Only a lead sets the policy."), hint=_("Ask your lead."))
        text, policy, problems = policies.read_policy_text(path)
        if policy is None:
            raise Refused(str(problems[0]), hint=_("See all of it: agent-assist policy check FILE"))
        return context.store.publish_policy(text, author=context.settings.agent, at=context.clock())

    def holding_reply(self, lang: str) -> str:
        """What may be said to a customer, in this language, while an offer waits."""
        return holding_reply(self.policy().policy, lang)

    def _event(self, action: OfferAction, offer: str, op_id: str, note: str) -> NewEvent:
        context = self._context
        return NewEvent(
            op_id=op_id,
            event=action,
            offer=offer,
            agent=context.settings.agent,
            role=context.store.role(),
            note=note,
            at=context.clock(),
        )

    def _terms(self, incident_id: str, tier: str, policy: Policy) -> Terms:
        context = self._context
        now = context.clock()
        severity, minutes = "", 0
        if incident_id:
            versions = context.store.versions(incident_id)
            severity = versions[-1].severity
            ended = now
            for version in reversed(versions):
                if version.status != "resolved":
                    break
                ended = version.updated_at
            minutes = max(0, int((ended - versions[-1].started_at) / dt.timedelta(minutes=1)))
        midnight = start_of_day(now.astimezone(context.tz).date(), context.tz)
        return Terms(policy, PolicyConditions(severity, minutes, tier, context.store.role()), midnight)
