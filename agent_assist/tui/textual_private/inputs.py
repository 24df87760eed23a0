"""An input that differs from Textual's in what has no public switch: whether a key lays out the screen."""

from textual.geometry import Size
from textual.reactive import Reactive, reactive
from textual.widgets import Input


class FixedSizeInput(Input):
    """An input that is as wide whatever it holds, so that typing never lays out the screen again."""

    value: Reactive[str] = reactive("", layout=False, init=False)
    virtual_size: Reactive[Size] = reactive(Size(0, 0), layout=False)
