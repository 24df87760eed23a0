"""Corrects what Textual hears when a terminal sends Escape and a digit.

Textual takes it for the symbol that Option+digit types in WezTerm on macOS, so Alt+1 would write “¡” in every other
terminal instead of changing to the first chat. Typed symbols themselves arrive as they are and keep their meaning.
Textual reads keys with this table everywhere, on Windows too, where the console is told to send them the same way.
"""

from typing import cast

from textual import _ansi_sequences


def give_alt_to_digits() -> None:
    """From now on Escape and a digit mean Alt and that digit."""
    known = cast("dict[str, object]", _ansi_sequences.ANSI_SEQUENCES_KEYS)  # declared as read-only
    for digit in "0123456789":
        known.pop(f"\x1b{digit}", None)
