"""The yardstick: a Textual app with one input and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import Input


class EmptyApp(App[None]):
    """Paints one input; every key is echoed by it."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder="READY")


if __name__ == "__main__":
    EmptyApp().run()
