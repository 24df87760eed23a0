"""What Enter did last: a key that is held down, or pressed twice by habit, must not send a second reply."""

import msgspec


class LastEnter(msgspec.Struct, frozen=True):
    """What Enter did in a chat: until when the next one is still the same press, and what is said then.

    `until` is by the screen's `ticks`; each further Enter puts it off by `pause` seconds.
    """

    chat_id: str
    until: float
    pause: float
    said: str
