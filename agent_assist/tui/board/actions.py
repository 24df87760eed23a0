"""Everything that can be done on the board, and when it works.

Nothing is typed on this screen, so letters are keys; each has an Alt form for keyboards that compose.
"""

from agent_assist.locale import N_, _
from agent_assist.tui.board.state import BoardState
from agent_assist.tui.command import HELP, PALETTE, QUIT, Action, ActionRegistry

_GROUPS = {"facts": N_("Incidents"), "find": N_("Looking"), "program": N_("Program")}


def _keys(letter: str, *more: str) -> tuple[str, ...]:
    return (letter, f"alt+{letter}", *more)


def _no_store(now: BoardState) -> str:
    return _("The database cannot be reached now.") if now.store_error else ""


def _no_incident(now: BoardState) -> str:
    return _no_store(now) or ("" if now.chosen else _("There is no incident here. N records one."))


def _may_not_publish(now: BoardState) -> str:
    return "" if now.role == "lead" else _("Only a lead publishes facts. Tell your lead what you know.")


def _not_new(now: BoardState) -> str:
    return _no_store(now) or _may_not_publish(now)


def _not_changeable(now: BoardState) -> str:
    return _no_incident(now) or _may_not_publish(now)


def _not_resolvable(now: BoardState) -> str:
    is_open = now.chosen is not None and now.chosen.is_open
    return _not_changeable(now) or ("" if is_open else _("It is resolved already. O opens it again."))


def _not_reopenable(now: BoardState) -> str:
    is_open = now.chosen is not None and now.chosen.is_open
    return _not_changeable(now) or (_("It is not resolved.") if is_open else "")


_ACTIONS: tuple[Action[BoardState], ...] = (
    Action(
        id="update",
        keys=_keys("u", "enter"),
        label=N_("Update facts"),
        group="facts",
        disabled_reason=_not_changeable,
        footer=1,
        help=N_("Change the facts of the chosen incident"),
    ),
    Action(
        id="new",
        keys=_keys("n"),
        label=N_("New incident"),
        group="facts",
        disabled_reason=_not_new,
        footer=2,
        help=N_("Record that something is down"),
    ),
    Action(
        id="resolve",
        keys=_keys("r"),
        label=N_("Resolve"),
        group="facts",
        disabled_reason=_not_resolvable,
        footer=3,
        help=N_("Record that it is over"),
    ),
    Action(
        id="reopen",
        keys=_keys("o"),
        label=N_("Reopen"),
        group="facts",
        disabled_reason=_not_reopenable,
        footer=4,
        help=N_("Record that a resolved incident goes on"),
    ),
    Action(
        id="told",
        keys=_keys("t"),
        label=N_("Customers were told"),
        group="facts",
        disabled_reason=_no_incident,
        footer=5,
        help=N_("Customers heard the facts outside of this program: the communication clock counts it"),
    ),
    Action(
        id="announce",
        keys=_keys("a"),
        label=N_("Announcements"),
        group="facts",
        disabled_reason=_no_incident,
        footer=7,
        help=N_("What to publish on each channel: copy, save, note as published"),
    ),
    Action(
        id="timeline",
        keys=_keys("h"),
        label=N_("Timeline"),
        group="facts",
        disabled_reason=_no_incident,
        footer=6,
        help=N_("Every version of the facts, with author and time"),
    ),
    Action(id="next", keys=("down", "j"), label=N_("Next"), group="find", help=N_("Choose the next incident")),
    Action(id="previous", keys=("up", "k"), label=N_("Previous"), group="find", help=N_("Choose the incident before")),
    Action(id="first", keys=("home",), label=N_("First"), group="find", help=N_("Choose the first incident")),
    Action(id="last", keys=("end",), label=N_("Last"), group="find", help=N_("Choose the last incident")),
    Action(
        id="leave",
        keys=("escape", "alt+g"),
        label=N_("Desk"),
        group="program",
        footer=10,
        help=N_("Back to the desk, which is as it was"),
    ),
    PALETTE,
    HELP,
    QUIT,
)

ACTIONS = ActionRegistry(_GROUPS, _ACTIONS)
