"""What the desk knows of the status page."""

import datetime as dt

import msgspec


class StatusPageState(msgspec.Struct, frozen=True):
    """`error`: why it cannot be read now, "" when it can or none is set; `read_at`: when it was read last (UTC)."""

    error: str = ""
    read_at: dt.datetime | None = None
    differences: str = ""
    """What it says otherwise than people did, as it was told last."""
