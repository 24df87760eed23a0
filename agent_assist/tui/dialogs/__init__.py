"""Dialogs: typed modal screens that only ask. What is answered, the caller carries out."""

from agent_assist.tui.dialogs.confirm import ConfirmScreen
from agent_assist.tui.dialogs.customer import CustomerScreen
from agent_assist.tui.dialogs.edit import EditScreen
from agent_assist.tui.dialogs.fill import UNFINISHED, FillScreen
from agent_assist.tui.dialogs.help import HelpGroup, HelpScreen
from agent_assist.tui.dialogs.incident import IncidentScreen
from agent_assist.tui.dialogs.offer import OfferScreen
from agent_assist.tui.dialogs.shown import ShownTextScreen
from agent_assist.tui.dialogs.timeline import TimelineScreen

__all__ = [
    "UNFINISHED",
    "ConfirmScreen",
    "CustomerScreen",
    "EditScreen",
    "FillScreen",
    "HelpGroup",
    "HelpScreen",
    "IncidentScreen",
    "OfferScreen",
    "ShownTextScreen",
    "TimelineScreen",
]
