"""Everything a person can do on the review screen, once: keys, footer, palette and help come from here.

Nothing is typed on this screen, so letters are keys. Each has an Alt form too: a Chinese keyboard keeps plain letters
for itself while it composes.
"""

from textual.binding import Binding

from agent_assist.locale import N_
from agent_assist.tui.desk.actions import Action


def _keys(letter: str, *more: str) -> tuple[str, ...]:
    return (letter, f"alt+{letter}", *more)


REVIEW_ACTIONS: tuple[Action, ...] = (
    Action(
        id="approve",
        keys=_keys("a"),
        label=N_("Approve"),
        group="reply",
        footer=1,
        help=N_("Approve the chosen offer, or all that are marked"),
    ),
    Action(
        id="decline",
        keys=_keys("d"),
        label=N_("Decline"),
        group="reply",
        footer=2,
        help=N_("Decline the chosen offer, or all that are marked"),
    ),
    Action(
        id="mark",
        keys=("space",),
        label=N_("Mark"),
        group="reply",
        footer=3,
        help=N_("Mark this offer, to decide about several at once"),
    ),
    Action(
        id="mark_waiting",
        keys=_keys("m", "asterisk"),
        label=N_("Mark all that wait"),
        group="reply",
        help=N_("Mark everything that waits and can be decided by you; again takes the marks away"),
    ),
    Action(
        id="void",
        keys=_keys("x"),
        label=N_("Void"),
        group="reply",
        help=N_("Take the offer back; it stays on the log and counts no more"),
    ),
    Action(
        id="adjust",
        keys=_keys("e"),
        label=N_("Adjust"),
        group="reply",
        help=N_("Promise something else in its place; the policy decides anew"),
    ),
    Action(
        id="deliver",
        keys=_keys("g"),
        label=N_("Delivered"),
        group="reply",
        help=N_("Note that the customer got what was offered"),
    ),
    Action(
        id="details",
        keys=("enter",),
        label=N_("Details"),
        group="reply",
        footer=5,
        help=N_("Everything about this offer, with its whole history"),
    ),
    Action(
        id="filter",
        keys=_keys("f", "slash"),
        label=N_("Filter"),
        group="find",
        footer=3,
        help=N_("Choose time, incident, agent, kind, state, amount and words"),
    ),
    Action(
        id="filter_incident",
        keys=_keys("i"),
        label=N_("This incident"),
        group="find",
        footer=8,
        help=N_("Only offers for the incident of this one; again shows all"),
    ),
    Action(
        id="filter_agent",
        keys=_keys("p"),
        label=N_("This person"),
        group="find",
        help=N_("Only offers by the author of this one; again shows all"),
    ),
    Action(
        id="filter_time", keys=_keys("t"), label=N_("Period"), group="find", help=N_("Today, 7 days, 30 days, always")
    ),
    Action(id="filter_none", keys=_keys("r"), label=N_("No filter"), group="find", help=N_("Show everything again")),
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
        footer=6,
        help=N_("In a small window: change between the offers and their sums and charts"),
    ),
    Action(
        id="export",
        keys=_keys("o", "ctrl+s"),
        label=N_("Export"),
        group="program",
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
    Action(
        id="command_palette",
        keys=("ctrl+p",),
        label=N_("All commands"),
        group="program",
        footer=10,
        help=N_("Find any command by its name"),
    ),
    Action(
        id="help",
        keys=("ctrl+underscore", "ctrl+slash", "f1", "question_mark"),
        label=N_("Help"),
        group="program",
        footer=11,
        help=N_("All keys of this screen"),
    ),
    Action(id="quit", keys=("ctrl+q",), label=N_("Quit"), group="program", help=N_("Leave; chats and drafts are kept")),
)


def review_action(action_id: str) -> Action:
    """The action with this id."""
    return next(action for action in REVIEW_ACTIONS if action.id == action_id)


def review_bindings() -> list[Binding]:
    """All keys of the screen."""
    return [
        Binding(key, f"do('{action.id}')", action.label, show=False) for action in REVIEW_ACTIONS for key in action.keys
    ]
