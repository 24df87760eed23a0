"""What a control tells its field: facts about typing, the same for every kind of control."""

from textual.message import Message


class Edited(Message):
    """The text of the control changed."""


class Entered(Message):
    """Enter was pressed: the person is done with this control."""


class Stepped(Message):
    """An arrow key left the control: `by` is +1 downwards, -1 upwards."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.by = by
