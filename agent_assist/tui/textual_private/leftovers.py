"""Removes what Textual keeps of closed widgets and of short messages that ended."""

from typing import Any, TypeVar

from textual._styles_cache import StylesCache
from textual.app import App
from textual.screen import Screen
from textual.signal import Signal
from textual.widgets._toast import ToastHolder

Result = TypeVar("Result")


def forget_closed(app: App[Any]) -> None:
    """Drop what closed widgets registered with the app: their watchers and subscriptions.

    Textual drops them when the theme changes, which may never happen; until then each text area and chart of every
    dialog that was ever open stays in memory with all that it holds. So do the painted lines of a thousand closed
    widgets, in the cache of a method; what is on the screen computes its part of it again.
    """
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(widget, callback) for widget, callback in watchers if not widget._closing]
    for signal in vars(app).values():
        if isinstance(signal, Signal):
            for node in [node for node in signal._subscriptions if node._closing]:
                signal.unsubscribe(node)
    StylesCache.get_inner_outer.cache_clear()


def is_notice_shown(app: App[Any], text: str) -> bool:
    """Return whether a short message with these words has not gone yet."""
    return any(notification.message == text for notification in app._notifications)


def withdraw_message(app: App[Any], text: str) -> None:
    """Withdraw the toasts with this text, so that a repeated message is not shown twice."""
    for notification in [one for one in app._notifications if one.message == text]:
        app._unnotify(notification, refresh=False)


def remove_empty_toasts(screen: Screen[Any]) -> None:
    """Remove the frames of toasts that are gone.

    Textual leaves them on the screen when toasts are cleared, or end while another screen is on top. A frame that was
    just added holds its toast as a child that is not mounted yet.
    """
    for holder in screen.query(ToastHolder):
        if not holder.children and not holder._pending_children:
            holder.remove()


class RemovesEmptyToasts(App[Result]):
    """An app that removes the frames of toasts that ended."""

    def _refresh_notifications(self) -> None:
        super()._refresh_notifications()
        if self.screen_stack:
            self.call_later(remove_empty_toasts, self.screen)
