"""Everything a person can do at the desk, and the conditions under which it works."""

import msgspec
from msgspec.structs import replace
from textual.binding import Binding

from agent_assist.locale import N_, _
from agent_assist.roles import Role
from agent_assist.tui.command import PALETTE, QUIT, Action, ActionRegistry

_GROUPS = {
    "reply": N_("Reply"),
    "find": N_("Find"),
    "chats": N_("Chats"),
    "facts": N_("Facts"),
    "program": N_("Program"),
}


class DeskConditions(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk is like now, as far as it decides what works."""

    has_reply: bool = False
    is_ready: bool = True
    """Phrases can be searched and filled."""
    has_store: bool = True
    has_incident: bool = False
    role: Role = "lead"
    other_incidents: int = 0
    """Incidents the chat could be about instead: open, or resolved lately."""
    chats: int = 1
    langs: int = 2
    """Languages the chosen phrase exists in."""
    has_short_form: bool = True
    """The chosen phrase has a short form in the language of the reply."""
    has_sent: bool = False
    has_gaps: bool = False
    """Something is missing in the reply, so Enter asks for it."""
    has_closed: bool = False
    """A chat was closed since the start."""
    is_held: bool = False
    """Something stands against the reply, so Enter asks before it copies."""
    is_hidden: bool = False
    """The reply is not on the screen, so Enter shows it."""
    layout: str = "wide"


def _no_reply(now: DeskConditions) -> str:
    if not now.is_ready:
        return _("The phrases are still being read; one moment.")
    return "" if now.has_reply else _("No phrase is chosen. Type something to find one.")


def _no_store(now: DeskConditions) -> str:
    return "" if now.has_store else _("The database cannot be reached now.")


def _no_incident(now: DeskConditions) -> str:
    if now.has_store and not now.has_incident and now.other_incidents:
        return _("This chat is about no incident. F8 takes one that was resolved lately, F5 records a new one.")
    return _no_store(now) or ("" if now.has_incident else _("No incident is recorded yet. Press F5 to record one."))


def _may_not_publish(now: DeskConditions) -> str:
    return "" if now.role == "lead" else _("Only a lead publishes facts. Tell your lead what you know.")


def _not_new(now: DeskConditions) -> str:
    return _no_store(now) or _may_not_publish(now)


def _not_changeable(now: DeskConditions) -> str:
    return _no_incident(now) or _may_not_publish(now)


def _one_chat(now: DeskConditions) -> str:
    return "" if now.chats > 1 else _("There is only one chat. Press ^T for another.")


def _none_closed(now: DeskConditions) -> str:
    return "" if now.has_closed else _("No chat was closed since the start.")


def _one_language(now: DeskConditions) -> str:
    return _no_reply(now) or ("" if now.langs > 1 else _("This phrase exists in one language only."))


def _no_short_form(now: DeskConditions) -> str:
    return _no_reply(now) or ("" if now.has_short_form else _("This phrase has no short form."))


def _one_incident(now: DeskConditions) -> str:
    if now.has_store and now.other_incidents:
        return ""
    return _no_incident(now) or _("There is no other incident, neither open nor resolved within a day.")


def _not_sent(now: DeskConditions) -> str:
    return "" if now.has_sent else _("Nothing was sent in this chat yet.")


def _all_visible(now: DeskConditions) -> str:
    return "" if now.layout == "small" else _("Results and reply are both on the screen already.")


def _facts_visible(now: DeskConditions) -> str:
    return _("The facts are on the screen already.") if now.layout == "wide" else ""


_ACTIONS: tuple[Action[DeskConditions], ...] = (
    Action(
        id="send",
        keys=("enter",),
        label=N_("Fill and copy"),
        group="reply",
        disabled_reason=_no_reply,
        footer=1,
        help=N_("Ask for what is missing, check, copy, and remember what was sent"),
    ),
    Action(
        id="edit",
        keys=("ctrl+e",),
        label=N_("Edit"),
        group="reply",
        disabled_reason=_no_reply,
        footer=4,
        help=N_("Change the reply by hand before it is copied"),
    ),
    Action(
        id="offer",
        keys=("ctrl+o",),
        label=N_("Log offer"),
        group="reply",
        disabled_reason=_no_store,
        footer=3,
        help=N_("Record what was promised to this customer"),
    ),
    Action(
        id="language",
        keys=("ctrl+l",),
        label=N_("zh/en"),
        group="reply",
        disabled_reason=_one_language,
        footer=5,
        help=N_("Reply to this customer in the other language"),
    ),
    Action(
        id="short_form",
        keys=("f12", "alt+s"),
        label=N_("Short form"),
        group="reply",
        disabled_reason=_no_short_form,
        help=N_("Change between the full and the short form of the replies of this chat"),
    ),
    Action(
        id="last_sent",
        keys=("ctrl+y",),
        label=N_("Last sent"),
        group="reply",
        disabled_reason=_not_sent,
        help=N_("Show the last reply of this chat again, for copying by hand"),
    ),
    Action(
        id="preview_down",
        keys=("shift+down", "ctrl+down"),
        label=N_("Reply down"),
        group="reply",
        help=N_("Scroll the reply down"),
    ),
    Action(
        id="preview_up",
        keys=("shift+up", "ctrl+up"),
        label=N_("Reply up"),
        group="reply",
        help=N_("Scroll the reply up"),
    ),
    Action(id="next_phrase", keys=("down",), label=N_("Next"), group="find", help=N_("Choose the next phrase")),
    Action(id="previous_phrase", keys=("up",), label=N_("Previous"), group="find", help=N_("Choose the phrase before")),
    Action(
        id="page_down", keys=("pagedown",), label=N_("Page down"), group="find", help=N_("One page of results down")
    ),
    Action(id="page_up", keys=("pageup",), label=N_("Page up"), group="find", help=N_("One page of results up")),
    Action(id="first_phrase", keys=("ctrl+home",), label=N_("First"), group="find", help=N_("Choose the first phrase")),
    Action(id="last_phrase", keys=("ctrl+end",), label=N_("Last"), group="find", help=N_("Choose the last phrase")),
    Action(
        id="pin",
        keys=("f9", "alt+p"),
        label=N_("Pin"),
        group="find",
        disabled_reason=_no_reply,
        help=N_("Pin this phrase: it stands first while nothing is typed; again takes the pin away"),
    ),
    Action(
        id="back",
        keys=("escape",),
        label=N_("Back"),
        group="find",
        help=N_("One step back; what was typed comes back with the next Esc"),
    ),
    Action(
        id="turn",
        keys=("f7", "alt+r"),
        label=N_("Results/reply"),
        group="find",
        disabled_reason=_all_visible,
        footer=2,
        help=N_("In a small window: change between results and reply"),
    ),
    Action(
        id="new_chat",
        keys=("ctrl+t",),
        label=N_("New chat"),
        group="chats",
        footer=6,
        help=N_("Open a slot for another customer"),
    ),
    Action(
        id="next_chat",
        keys=("ctrl+n", "ctrl+pagedown", "tab"),
        label=N_("Next chat"),
        group="chats",
        disabled_reason=_one_chat,
        footer=7,
        help=N_("Go to the next chat"),
    ),
    Action(
        id="previous_chat",
        keys=("shift+tab", "ctrl+pageup"),
        label=N_("Previous chat"),
        group="chats",
        disabled_reason=_one_chat,
        help=N_("Go to the chat before"),
    ),
    Action(
        id="customer",
        keys=("f2", "ctrl+r"),
        label=N_("Customer"),
        group="chats",
        footer=9,
        help=N_("Name, form of address, order, tier and language of this customer"),
    ),
    Action(
        id="close_chat",
        keys=("f4", "alt+w"),
        label=N_("Close chat"),
        group="chats",
        help=N_("Take this chat off the desk; what was sent stays on record"),
    ),
    Action(
        id="reopen_chat",
        keys=("alt+z",),
        label=N_("Reopen chat"),
        group="chats",
        disabled_reason=_none_closed,
        help=N_("Bring back the chat that was closed last, with its draft"),
    ),
    Action(
        id="facts",
        keys=("ctrl+g",),
        label=N_("Facts"),
        group="facts",
        disabled_reason=_facts_visible,
        footer=8,
        help=N_("In a narrow window: unfold and fold the facts"),
    ),
    Action(
        id="update_facts",
        keys=("f3", "alt+u"),
        label=N_("Update facts"),
        group="facts",
        disabled_reason=_not_changeable,
        footer=10,
        help=N_("Record a new version of the facts of this incident"),
    ),
    Action(
        id="new_incident",
        keys=("f5", "alt+i"),
        label=N_("New incident"),
        group="facts",
        disabled_reason=_not_new,
        help=N_("Record that something is down"),
    ),
    Action(
        id="announcements",
        keys=("alt+a",),
        label=N_("Announcements"),
        group="facts",
        disabled_reason=_no_incident,
        help=N_("What to publish about this incident on each channel: copy, save, note as published"),
    ),
    Action(
        id="timeline",
        keys=("f6", "alt+t"),
        label=N_("Timeline"),
        group="facts",
        disabled_reason=_no_incident,
        help=N_("Every version of the facts, with author and time"),
    ),
    Action(
        id="next_incident",
        keys=("f8", "alt+n"),
        label=N_("Next incident"),
        group="facts",
        disabled_reason=_one_incident,
        help=N_("Answer this chat from another incident, open or resolved within a day"),
    ),
    Action(
        id="board",
        keys=("alt+g",),
        label=N_("Incidents"),
        group="facts",
        help=N_("All incidents: age, clock, chats, offers; record, change, resolve, reopen"),
    ),
    Action(
        id="review",
        keys=("alt+v",),
        label=N_("Review"),
        group="program",
        help=N_("What was offered to whom: what waits for approval, sums, charts, export"),
    ),
    PALETTE,
    Action(
        id="help",
        keys=("ctrl+underscore", "ctrl+slash", "f1"),
        label=N_("Help"),
        group="program",
        footer=12,
        help=N_("All keys; also ? in the empty search box"),
    ),
    Action(
        id="change_theme", keys=(), label=N_("Colours"), group="program", help=N_("Choose colours, also high contrast")
    ),
    replace(QUIT, footer=13),
)

CHAT_KEYS = tuple(f"alt+{number}" for number in range(1, 9))
"""Alt+1 to Alt+8 go straight to a chat."""

ACTIONS = ActionRegistry(
    _GROUPS, _ACTIONS, other_keys={"chats": ("Alt+1 … Alt+8", N_("A chat"), N_("Go straight to a chat"))}
)


def chat_bindings() -> list[Binding]:
    """Return the keys that go straight to a chat as Textual binds them."""
    return [Binding(key, f"chat({number})", show=False) for number, key in enumerate(CHAT_KEYS, start=1)]


def footer_actions(conditions: DeskConditions) -> list[Action[DeskConditions]]:
    """Return what works now, most important first; Enter is called what it will do next."""
    next_step = N_("Ask for gaps") if conditions.has_gaps else N_("Copy")
    if conditions.is_held and not conditions.has_gaps:
        next_step = N_("Decide")
    if conditions.is_hidden:
        next_step = N_("Read")
    return [
        replace(action, label=next_step) if action.id == "send" else action for action in ACTIONS.footer(conditions)
    ]


def key_table() -> str:
    """Return the keys as a Markdown table in the interface language, as README shows it."""
    key, does, straight = _("Key"), _("What it does"), _("Go straight to a chat")
    rows = [f"| {key} | {does} |", "|---|---|"]
    for action in ACTIONS:
        if action.keys:
            rows.append(f"| {' · '.join(f'`{name}`' for name in action.key_names)} | {_(action.help)} |")
        if action.id == "previous_chat":
            rows.append(f"| `Alt+1` … `Alt+8` | {straight} |")
    return "\n".join(rows)
