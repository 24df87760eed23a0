"""Everything a lead can do on the review screen, and when it works.

Nothing is typed on this screen, so letters are keys. Each has an Alt form too: a Chinese keyboard keeps plain letters
for itself while it composes.
"""

from agent_assist.locale import N_, _
from agent_assist.tui.command import HELP, PALETTE, QUIT, Action, ActionRegistry
from agent_assist.tui.review.state import ReviewState

_GROUPS = {"reply": N_("Offers"), "find": N_("Looking"), "program": N_("Program")}


def _keys(letter: str, *more: str) -> tuple[str, ...]:
    return (letter, f"alt+{letter}", *more)


def _no_store(now: ReviewState) -> str:
    return _("The database cannot be reached now.") if now.store_error else ""


def _no_offer(now: ReviewState) -> str:
    return "" if now.chosen else _("There is no offer here.")


def _no_decision(now: ReviewState) -> str:
    return _no_offer(now) or _no_store(now)


def _not_approvable(now: ReviewState) -> str:
    if reason := _no_decision(now):
        return reason
    if now.role != "lead":
        return _("Only a lead approves or declines. You can look at everything here.")
    waiting = [offer for offer in now.targets if offer.state == "pending"]
    if not waiting:
        return _("This offer does not wait for approval.")
    if all(now.is_own(offer) for offer in waiting):
        return _("This is your own offer: somebody else has to approve or decline it.")
    return ""


def _not_changeable(now: ReviewState) -> str:
    if reason := _no_decision(now):
        return reason
    if now.role != "lead" and not all(now.is_own(offer) for offer in now.targets):
        return _("Only its author or a lead changes this offer.")
    return ""


def _not_adjustable(now: ReviewState) -> str:
    if reason := _not_changeable(now):
        return reason
    return _("Only one offer is adjusted at a time. Esc takes the marks away.") if len(now.targets) > 1 else ""


def _none_waiting(now: ReviewState) -> str:
    return "" if now.waiting else _("Nothing waits for approval here.")


def _not_exportable(now: ReviewState) -> str:
    if reason := _no_store(now):
        return reason
    return "" if now.export_done is None else _("An export is under way; Esc stops it.")


def _no_incident(now: ReviewState) -> str:
    if reason := _no_store(now):
        return reason
    is_given = bool(now.filter_input.incident or (now.chosen and now.chosen.incident))
    return "" if is_given else _("This offer names no incident.")


def _no_author(now: ReviewState) -> str:
    return _no_store(now) or ("" if now.filter_input.agent else _no_offer(now))


def _all_visible(now: ReviewState) -> str:
    return _("Offers, sums and charts are on the screen already.") if now.layout == "wide" else ""


_ACTIONS: tuple[Action[ReviewState], ...] = (
    Action(
        id="approve",
        keys=_keys("a"),
        label=N_("Approve"),
        group="reply",
        disabled_reason=_not_approvable,
        footer=1,
        help=N_("Approve the chosen offer, or all that are marked"),
    ),
    Action(
        id="decline",
        keys=_keys("d"),
        label=N_("Decline"),
        group="reply",
        disabled_reason=_not_approvable,
        footer=2,
        help=N_("Decline the chosen offer, or all that are marked"),
    ),
    Action(
        id="mark",
        keys=("space",),
        label=N_("Mark"),
        group="reply",
        disabled_reason=_no_offer,
        footer=3,
        help=N_("Mark this offer, to decide about several at once"),
    ),
    Action(
        id="mark_waiting",
        keys=_keys("m", "asterisk"),
        label=N_("Mark all that wait"),
        group="reply",
        disabled_reason=_none_waiting,
        help=N_("Mark everything that waits and can be decided by you; again takes the marks away"),
    ),
    Action(
        id="void",
        keys=_keys("x"),
        label=N_("Void"),
        group="reply",
        disabled_reason=_not_changeable,
        help=N_("Take the offer back; it stays on the log and counts no more"),
    ),
    Action(
        id="adjust",
        keys=_keys("e"),
        label=N_("Adjust"),
        group="reply",
        disabled_reason=_not_adjustable,
        help=N_("Promise something else in its place; the policy decides anew"),
    ),
    Action(
        id="deliver",
        keys=_keys("g"),
        label=N_("Delivered"),
        group="reply",
        disabled_reason=_not_changeable,
        help=N_("Note that the customer got what was offered"),
    ),
    Action(
        id="details",
        keys=("enter",),
        label=N_("Details"),
        group="reply",
        disabled_reason=_no_offer,
        footer=5,
        help=N_("Everything about this offer, with its whole history"),
    ),
    Action(
        id="filter",
        keys=_keys("f", "slash"),
        label=N_("Filter"),
        group="find",
        disabled_reason=_no_store,
        footer=3,
        help=N_("Choose time, incident, agent, kind, state, amount and words"),
    ),
    Action(
        id="filter_incident",
        keys=_keys("i"),
        label=N_("This incident"),
        group="find",
        disabled_reason=_no_incident,
        footer=8,
        help=N_("Only offers for the incident of this one; again shows all"),
    ),
    Action(
        id="filter_agent",
        keys=_keys("p"),
        label=N_("This person"),
        group="find",
        disabled_reason=_no_author,
        help=N_("Only offers by the author of this one; again shows all"),
    ),
    Action(
        id="filter_time",
        keys=_keys("t"),
        label=N_("Period"),
        group="find",
        disabled_reason=_no_store,
        help=N_("Today, 7 days, 30 days, always"),
    ),
    Action(
        id="filter_none",
        keys=_keys("r"),
        label=N_("No filter"),
        group="find",
        disabled_reason=_no_store,
        help=N_("Show everything again"),
    ),
    Action(
        id="next_by",
        keys=_keys("s"),
        label=N_("Sums by"),
        group="find",
        footer=7,
        help=N_("Sums by incident, kind, agent, day or customer tier"),
    ),
    Action(
        id="turn",
        keys=("tab", "alt+c", "c"),
        label=N_("Sums and charts"),
        group="find",
        disabled_reason=_all_visible,
        footer=6,
        help=N_("In a small window: change between the offers and their sums and charts"),
    ),
    Action(
        id="export",
        keys=_keys("o", "ctrl+s"),
        label=N_("Export"),
        group="program",
        disabled_reason=_not_exportable,
        footer=9,
        help=N_("Write what is shown into a file: XLSX, CSV or JSON"),
    ),
    Action(id="next", keys=("down", "j"), label=N_("Next"), group="find", help=N_("Choose the next offer")),
    Action(id="previous", keys=("up", "k"), label=N_("Previous"), group="find", help=N_("Choose the offer before")),
    Action(id="page_down", keys=("pagedown",), label=N_("Page down"), group="find", help=N_("One page down")),
    Action(id="page_up", keys=("pageup",), label=N_("Page up"), group="find", help=N_("One page up")),
    Action(id="first", keys=("home", "ctrl+home"), label=N_("First"), group="find", help=N_("Choose the first offer")),
    Action(
        id="last",
        keys=("end", "ctrl+end"),
        label=N_("Last"),
        group="find",
        help=N_("Choose the last offer that was read"),
    ),
    Action(
        id="back",
        keys=("escape",),
        label=N_("Back"),
        group="program",
        footer=2,
        help=N_("One step back, in the end to the desk as it was"),
    ),
    Action(
        id="leave",
        keys=("alt+v", "q"),
        label=N_("To the desk"),
        group="program",
        help=N_("Straight back to the desk, which is as it was"),
    ),
    PALETTE,
    HELP,
    QUIT,
)

ACTIONS = ActionRegistry(_GROUPS, _ACTIONS)
