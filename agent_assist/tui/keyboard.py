"""Corrects what Textual hears when a terminal sends Escape and a digit or a sign.

Textual takes it for the symbol that Option and that key type in WezTerm on macOS, so Alt+1 would write “¡” in every
other terminal instead of changing to the first chat. Typed symbols themselves arrive as they are and keep their
meaning. Textual reads keys with this table everywhere, on Windows too, where the console is told to send them the same
way.
"""

from agent_assist.tui.textual_private import forget_typed_symbols


def give_alt_to_digits() -> None:
    """From now on Escape and a digit, or a sign, mean Alt and that key."""
    forget_typed_symbols()
