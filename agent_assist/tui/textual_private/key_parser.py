"""Reads key sequences as Textual does, but keeps Alt with every key and types out no unknown sequence."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import cast

from textual import _ansi_sequences, _time, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys

_UNKNOWN_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-LN-QS-Z\\\]^_`a-ln-su-xz{|}~]|O[0-9;]*[@-~])")
"""A whole sequence of a key: SS3, or CSI but for reports of mouse (M, m), position (R), size (t) and mode (y)."""


def now() -> float:
    """Return the seconds of the clock by which Textual stamps events."""
    return _time.get_time()


def give_alt_to_digits() -> None:
    """Make Escape and a digit, or a sign, mean Alt and that key.

    Textual takes it for the symbol that Option and that key type in WezTerm on macOS, so Alt+1 would write "¡" in every
    other terminal instead of changing to the first chat. Symbols that are typed arrive as they are. Textual reads keys
    with this table on every system, also on Windows, where the console is told to send them the same way.
    """
    meanings = cast("dict[str, object]", _ansi_sequences.ANSI_SEQUENCES_KEYS)  # declared as read-only
    for sequence, meaning in [*meanings.items()]:
        if len(sequence) == 2 and isinstance(meaning, str):
            del meanings[sequence]


class KeyParser(XTermParser):
    """Reads keys as Textual does, but Alt stays with every key it was pressed with.

    Textual loses it for signs and Enter, takes Alt+Up for Escape and Up, and types out sequences it does not know.
    """

    def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:  # type: ignore[override]
        try:
            return super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):  # numbers that are none, or of no character
            return None

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        meaning = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(meaning, tuple) and len(meaning) == 2 and meaning[0] is Keys.Escape and sequence[1:2] == "[":
            yield events.Key(f"alt+{meaning[1].value}", None)
            return
        is_known = False
        for event in super()._sequence_to_key_events(sequence, alt=alt):
            is_known = True
            if alt and not event.key.startswith("alt+"):
                event.key = f"alt+{event.key}"
            yield event
        if not is_known and _is_unknown_key(sequence):
            yield events.Key(Keys.Ignore, sequence)


@lru_cache(maxsize=256)
def _is_unknown_key(sequence: str) -> bool:
    """Return whether this is the whole sequence of a key that Textual has no name for."""
    if not _UNKNOWN_SEQUENCE.fullmatch(sequence):
        return False
    return not any(longer.startswith(sequence) for longer in ANSI_SEQUENCES_KEYS)
