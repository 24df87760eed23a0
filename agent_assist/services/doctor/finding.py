"""One thing that `doctor` looked at."""

from collections.abc import Mapping
from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at. `bad` does not work; `note` works, with something to know. `label` is untranslated."""

    name: str
    label: str
    state: Literal["ok", "note", "bad"]
    found: str
    hint: str = ""
    details: Mapping[str, object] = {}
