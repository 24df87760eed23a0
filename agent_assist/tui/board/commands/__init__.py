"""What can be done on the board, one function an action: `COMMANDS` maps the ids of `actions.ACTIONS` to them."""

from typing import TYPE_CHECKING

from agent_assist.tui.board.commands import act_on_incident, browse_incidents

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from agent_assist.tui.board.screen import BoardScreen

COMMANDS: "Mapping[str, Callable[[BoardScreen], Awaitable[None]]]" = {
    "update": act_on_incident.update,
    "new": act_on_incident.new,
    "resolve": act_on_incident.resolve,
    "reopen": act_on_incident.reopen,
    "told": act_on_incident.told,
    "announce": act_on_incident.announce,
    "timeline": act_on_incident.timeline,
    "next": browse_incidents.next_incident,
    "previous": browse_incidents.previous_incident,
    "first": browse_incidents.first_incident,
    "last": browse_incidents.last_incident,
    "leave": browse_incidents.leave_board,
}
