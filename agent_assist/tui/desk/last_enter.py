"""What Enter did last: a key that is held down, or pressed twice by habit, must not send a second reply."""

import msgspec

REPEAT_SECONDS = 1.0
"""Seconds after a copy in which another Enter copies nothing."""

BOUNCE_SECONDS = 0.3
"""Seconds in which a key that is held or bounces does not count as pressed again."""


class LastEnter(msgspec.Struct, frozen=True):
    """What Enter did in a chat: until when the next one is still the same press, and the message to show then.

    `until` is by the screen's `ticks`; each further Enter puts it off by `pause` seconds.
    """

    chat_id: str
    until: float
    pause: float
    message: str
