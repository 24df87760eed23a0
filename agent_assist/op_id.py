"""The name of one write, by which a retry is recognised."""

import uuid


def new_op_id() -> str:
    """Return a unique name for one write; make it before the first try and keep it for every retry."""
    return uuid.uuid4().hex
