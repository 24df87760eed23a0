"""The message after a reply was copied."""

from typing import TYPE_CHECKING

from agent_assist.locale import _

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


def notify_copied(screen: "DeskScreen", name: str, route: str, title: str) -> None:
    """Say where the text is now, by the way it got out: the only message after a reply was copied."""
    names = {"name": name, "title": title}
    screen.app.clear_notifications()  # a message about the customer before would be shown next to this one
    match route:
        case "native":
            screen.notify_user(_("Copied for {name}: “{title}”.", **names))
        case "osc52":
            screen.notify_user(
                _(
                    "Sent to the terminal for {name}, unconfirmed: “{title}”. Check when you paste. ^Y shows the text.",
                    **names,
                ),
                "warning",
                8,
            )
        case "tmux":
            screen.notify_user(
                _(
                    "In tmux's buffer for {name} and sent to the terminal, unconfirmed: "
                    "“{title}”. Check when you paste.",
                    **names,
                ),
                "warning",
                8,
            )
        case _:
            screen.notify_user(_("Shown for {name}: “{title}”. ^Y shows it again.", **names))
