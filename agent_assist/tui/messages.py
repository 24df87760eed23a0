"""What happened in the background, as small facts for the screen.

Textual writes into messages on their way, so only what they carry is frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.message import Message

from agent_assist.chats import Chat
from agent_assist.phrasebook import Library
from agent_assist.tui.board import Board


@dataclass
class BooksRead(Message, bubble=False):
    """The phrases are known; they cannot be searched yet."""

    library: Library


@dataclass
class DeskReady(Message, bubble=False):
    """The phrases can be searched and filled."""


@dataclass
class DeskOpened(Message, bubble=False):
    """The database answered for the first time: the chats as they were left, and the facts."""

    chats: tuple[Chat, ...]
    board: Board
    used: Mapping[str, int]
    """How often this agent sent each phrase, by id."""


@dataclass
class FactsChanged(Message, bubble=False):
    """Somebody, perhaps this desk, changed the facts."""

    board: Board


@dataclass
class StoreLost(Message, bubble=False):
    """The database cannot be used; `reason` is a sentence with the way out."""

    reason: str


@dataclass
class DraftsKept(Message, bubble=False):
    """Unfinished replies are stored."""


@dataclass
class DraftsNotKept(Message, bubble=False):
    """Unfinished replies could not be stored."""

    reason: str
