"""Incidents, replies and offers as JSON: the contract that scripts rely on. Names may be added, never changed."""

import datetime as dt
from typing import TYPE_CHECKING

from agent_assist.locale import current

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.incidents import Incident, Step
    from agent_assist.offers import Duration, Entry, Money, Offer, Policy, VerifyResult
    from agent_assist.offers.policy import Allowance
    from agent_assist.phrasebook import Phrase
    from agent_assist.problems import Problem
    from agent_assist.services import Reply
    from agent_assist.services.incident_board import BoardRow

Json = dict[str, object]


def incident(value: "Incident", now: dt.datetime) -> Json:
    """`incident show`; the internal cause is not in it."""
    from agent_assist.incidents import incident_json  # not for commands about phrases

    return incident_json(value, now) | {
        "owner": value.owner,
        "rhythm_minutes": value.rhythm_minutes,
        "translations": value.translations,
    }


def board_row(value: "BoardRow", now: dt.datetime) -> Json:
    """`incident list`: the facts, the clock, open chats that this account may see, offers that count and that wait."""
    return incident(value.incident, now) | {
        "clock": [step(each) for each in value.clock],
        "overdue": [each.name for each in value.overdue],
        "chats": value.chats,
        "offers": sum(each.count for each in value.offers),
        "offer_sums": [total(each.minor, each.currency) for each in value.offers if each.currency],
        "offers_waiting": value.waiting,
    }


def step(value: "Step") -> Json:
    """One step of the communication clock."""
    return {"name": value.name, "due_at": value.due_at, "done_at": value.done_at, "state": value.state}


def reply(value: "Reply", copied: "Outcome | None" = None) -> Json:
    """`reply`. `missing` holds names; `gaps` says how to ask for them; `copied` is there only after `--copy`."""
    shape: Json = {
        "phrase": value.phrase.id,
        "lang": value.lang,
        "text": value.text,
        "missing": [gap.name for gap in value.gaps],
        "gaps": [
            {
                "name": gap.name,
                "label": gap.label,
                "control": gap.control,
                "choices": gap.choices,
                "default": gap.default,
                "reason": gap.reason,
            }
            for gap in value.gaps
        ],
        "check": {
            "responsibility": value.check.responsibility,
            "scope": value.check.scope,
            "remedy": value.check.remedy,
            "verdict": value.check.verdict,
            "warnings": [
                {"code": warning.code, "message": warning.message, "blocking": warning.blocking}
                for warning in value.check.warnings
            ],
        },
        "incident": value.incident_id or None,
        "facts_version": value.facts_version or None,
    }
    if copied is not None:
        shape["copied"] = {"route": copied.route, "detail": copied.detail}
    return shape


def offer(value: "Offer") -> Json:
    """`offer list`, `offer show`. `amount` is money, or null where a duration or a thing was offered."""
    return {
        "id": value.id,
        "seq": value.seq,
        "at": value.at,
        "agent": value.agent,
        "incident": value.incident or None,
        "chat": value.chat or None,
        "customer": value.customer,
        "order": value.order,
        "tier": value.tier,
        "kind": value.kind,
        "amount": money(value.money),
        "duration": duration(value.duration),
        "thing": value.thing,
        "reason": value.reason,
        "sentence": value.sentence,
        "state": value.state,
        "approved_by": value.approved_by or None,
        "rule": value.rule or None,
        "note": value.note,
        "changed_at": value.changed_at,
        "erased": value.erased,
        "hash": value.hash,
    }


def money(value: "Money | None") -> Json | None:
    """The exact amount, and the form people read."""
    if value is None:
        return None
    return {"minor": value.minor, "currency": value.currency, "display": value.display(current())}


def total(minor: int, currency: str) -> Json | None:
    """A sum, null where nothing was added up."""
    if not currency:
        return None
    from agent_assist.offers import display_sum  # only for commands about offers

    return {"minor": minor, "currency": currency, "display": display_sum(minor, currency, current())}


def allowance(value: "Allowance") -> Json:
    """What a rule of the policy allows for one offer: money, a duration or any."""
    from agent_assist.offers import Duration, Money  # only for commands about offers

    if isinstance(value, Money):
        return money(value) or {}
    return (duration(value) or {}) if isinstance(value, Duration) else {"any": True, "display": "any"}


def policy(value: "Policy") -> Json:
    """`policy check`."""
    from agent_assist.offers import Money  # only for commands about offers

    return {
        "currency": value.currency,
        "never": value.never,
        "repeat_needs_approval": value.repeat_needs_approval,
        "limits": {name: money(Money(most, value.currency)) for name, most in value.limits.items()},
        "meanwhile": value.holding_replies,
        "rules": [
            {
                "name": rule.name,
                "titles": rule.titles,
                "line": rule.line,
                "severity": rule.severity,
                "tier": rule.tier,
                "role": rule.role,
                "outage_minutes": rule.outage_minutes,
                "allow": {kind: allowance(most) for kind, most in rule.allow.items()},
            }
            for rule in value.rules
        ],
    }


def duration(value: "Duration | None") -> Json | None:
    """In the unit that was promised."""
    if value is None:
        return None
    return {"count": value.count, "unit": value.unit, "display": value.display(current())}


def entry(value: "Entry") -> Json:
    """One line of the log."""
    return {
        "seq": value.seq,
        "event": value.event,
        "at": value.at,
        "agent": value.agent,
        "role": value.role or None,
        "op_id": value.op_id,
        "kind": value.kind or None,
        "amount": money(value.money),
        "duration": duration(value.duration),
        "pending": value.pending,
        "rule": value.rule or None,
        "note": value.text("note"),
        "prev": value.prev,
        "hash": value.hash,
    }


def verdict(value: "VerifyResult") -> Json:
    """`offer verify`."""
    return {
        "ok": value.ok,
        "entries": value.entries,
        "first": value.first,
        "head": {"seq": value.head.seq, "hash": value.head.hash},
        "compared": {"seq": value.compared.seq, "hash": value.compared.hash} if value.compared else None,
        "bad_seq": value.bad_seq,
        "reason": value.reason,
    }


def phrase(value: "Phrase") -> Json:
    """`phrases list` and `phrases show`: the entry as it stands in the book, with its place."""
    return {
        "id": value.id,
        "kind": value.kind,
        "scene": value.scene,
        "stages": value.stages,
        "channels": value.channels,
        "title": value.title,
        "text": value.text,
        "tags": value.tags,
        "keywords": value.keywords,
        "when": value.when,
        "tone": value.tone,
        "approved_by": value.approved_by,
        "review_by": value.review_by.isoformat() if value.review_by else None,
        "retired": value.retired,
        "confirm": value.confirm,
        "fields": {
            name: {"label": field.label, "control": field.control, "choices": field.choices, "default": field.default}
            for name, field in value.fields.items()
        },
        "book": value.book,
        "file": value.file,
        "line": value.line,
    }


def problem(value: "Problem") -> Json:
    """`phrases lint`."""
    return {
        "file": value.file,
        "line": value.line,
        "column": value.column,
        "severity": value.severity,
        "phrase": value.phrase_id,
        "reason": value.reason,
    }
