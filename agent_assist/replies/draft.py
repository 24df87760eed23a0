"""How a reply came to be, for the check: what the phrase says, what was changed by hand, and for whom."""

import re

import msgspec

from agent_assist.chats import Customer
from agent_assist.replies.fill import Filled

_MIN_PIECE_LENGTH = 4
"""Shorter pieces of wording stand in any text."""

_CLAUSE_END = re.compile(r"[，。！？；：,.!?;:\n]")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A reply on its way out. `customer` is whom the chat is with, also where the text was filled for somebody else."""

    filled: Filled
    """The phrase as it fills now, whatever was changed by hand."""
    customer: Customer
    is_edited: bool = False
    drafted_for: tuple[Customer, ...] = ()
    """Whom the chat was with while the text was changed by hand or values were typed."""
    others: tuple[Customer, ...] = ()
    """The customers of the agent's other open chats."""

    def own_words(self, text: str) -> str:
        """Return the parts of a text that are not the phrase's wording: filled values, and what was written by hand."""
        if not self.is_edited:
            return "\n".join(text[mark.start : mark.end] for mark in self.filled.marks)
        for piece in sorted(self.wording(), key=len, reverse=True):
            text = text.replace(piece, "\n")
        return text

    def keeps_wording(self, text: str) -> bool:
        """Whether a text changed by hand is still the phrase: half of its own words stand in it."""
        if not self.is_edited:
            return True
        parts = [
            part for piece in self.wording() for part in _CLAUSE_END.split(piece) if len(part) >= _MIN_PIECE_LENGTH
        ]
        return sum(len(part) for part in parts if part in text) * 2 >= sum(map(len, parts))

    def wording(self) -> list[str]:
        """Return the phrase's own words, between the filled values."""
        pieces, end = [], 0
        for mark in self.filled.marks:
            pieces.append(self.filled.text[end : mark.start])
            end = mark.end
        pieces.append(self.filled.text[end:])
        return [piece for piece in pieces if len(piece) >= _MIN_PIECE_LENGTH]
