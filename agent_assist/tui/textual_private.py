"""Uses of Textual's private API in one place, each with its test, so that a new version shows what it changed."""

from typing import Any

from textual.app import App
from textual.signal import Signal


def forget_closed(app: App[Any]) -> None:
    """Drop what closed widgets registered with the app: their watchers and subscriptions.

    Textual drops them when the theme changes, which may never happen; until then each text area and chart of every
    dialog that was ever open stays in memory with all that it holds.
    """
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(widget, callback) for widget, callback in watchers if not widget._closing]
    for signal in vars(app).values():
        if isinstance(signal, Signal):
            for node in [node for node in signal._subscriptions if node._closing]:
                signal.unsubscribe(node)
