"""Messages of a control to its field, the same for every kind of control."""

from textual.message import Message


class Edited(Message):
    """The text of the control changed."""


class Entered(Message):
    """Enter was pressed: the answer is finished."""


class Stepped(Message):
    """An arrow key left the control: `by` is +1 downwards, -1 upwards."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.by = by
