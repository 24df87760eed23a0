"""Errors of calls that a rule forbids, with the same sentence for every store."""

from agent_assist.errors import NotFound, Refused
from agent_assist.locale import _


def no_incident(id: str) -> NotFound:  # noqa: A002 - it is an id
    """No incident has this id."""
    return NotFound(
        _("There is no incident {id}.", id=repr(id)), hint=_("`agent-assist incident list` shows all of them.")
    )


def unreadable_incident(id: str) -> NotFound:  # noqa: A002
    """No version of this incident can be read."""
    return NotFound(
        _("The facts of {id} cannot be read.", id=repr(id)),
        hint=_("Which rows are left out, and why: agent-assist doctor"),
    )


def incident_exists(id: str) -> Refused:  # noqa: A002
    """Another incident has this id."""
    return Refused(
        _("There is already an incident {id}.", id=repr(id)), hint=_("Change that one, or open it under another id.")
    )


def version_conflict(id: str, expected: int, found: int) -> Refused:  # noqa: A002
    """The facts were changed since the caller read them."""
    seen = {"id": id, "expected": expected, "found": found}
    return Refused(
        _("{id} has changed meanwhile: you saw version {expected}, now it is version {found}.", **seen),
        hint=_("Look at the new facts and make your change again."),
    )


def no_chat(id: str) -> NotFound:  # noqa: A002
    """The agent has no such chat."""
    return NotFound(_("There is no chat {id}.", id=repr(id)), hint=_("Open a new one."))


def other_reply(op_id: str) -> Refused:
    """Two different replies under one `op_id`."""
    return Refused(
        _("The op_id {op_id} already stands for another reply.", op_id=op_id),
        hint=_("Use a new op_id for a new reply."),
    )


def no_offer(id: str) -> NotFound:  # noqa: A002
    """No offer has this id."""
    return NotFound(_("There is no offer {id}.", id=repr(id)), hint=_("`agent-assist offer list` shows all of them."))


def other_offer(op_id: str, seq: int) -> Refused:
    """Two different promises under one `op_id`."""
    return Refused(
        _("The op_id {op_id} already stands for entry #{seq}, which says something else.", op_id=op_id, seq=seq),
        hint=_("Use a new op_id for a new offer."),
    )
