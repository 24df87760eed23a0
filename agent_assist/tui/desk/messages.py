"""What happened in the background, as small facts for the screen.

Textual writes into messages on their way, so only what they carry is frozen.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from agent_assist.chats import Chat
from agent_assist.phrasebook import Library
from agent_assist.services.live_library import LibraryUpdate
from agent_assist.services.usage_profile import UsageProfile
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot

if TYPE_CHECKING:
    from agent_assist.roles import Role
    from agent_assist.services.follow_page import PageReading
    from agent_assist.store import PhraseUse
    from agent_assist.store.news import News
    from agent_assist.store.rows import LeftOut
    from agent_assist.tui.desk.approval_watch import Decided


@dataclass
class BooksRead(Message, bubble=False):
    """The phrases are known, and what is pinned; they cannot be searched yet."""

    library: Library
    habits: UsageProfile


@dataclass
class BooksChanged(Message, bubble=False):
    """Somebody saved other phrases."""

    new: LibraryUpdate


@dataclass
class DeskReady(Message, bubble=False):
    """The phrases can be searched and filled."""


@dataclass
class DeskOpened(Message, bubble=False):
    """The database answered for the first time: the chats as they were left, and the facts."""

    chats: tuple[Chat, ...]
    incidents: IncidentSnapshot
    habits: UsageProfile
    role: "Role" = "lead"


@dataclass
class ChatsRead(Message, bubble=False):
    """This agent's chats as the database has them, those of the desk that were closed or erased too. `saves` counts
    how often a save began or ended before they were read."""

    chats: tuple[Chat, ...]
    saves: int


@dataclass
class NewsHeard(Message):
    """What others changed, for the screen that lies over the desk."""

    news: "tuple[News, ...]"


@dataclass
class FactsChanged(Message, bubble=False):
    """Somebody, perhaps this desk, changed the facts."""

    incidents: IncidentSnapshot


@dataclass
class OfferDecided(Message, bubble=False):
    """A lead decided about an offer of this agent."""

    decided: "Decided"


@dataclass
class UsesRead(Message, bubble=False):
    """What the team sent lately is known."""

    uses: "tuple[PhraseUse, ...]"


@dataclass
class StoreLost(Message):
    """The database cannot be used; `reason` is a sentence that says what to do."""

    reason: str


@dataclass
class WatchFailed(Message, bubble=False):
    """Something unexpected happened while others' changes were read; `reason` says what and where in the program."""

    reason: str


@dataclass
class StatusPageRead(Message, bubble=False):
    """The status page was read; None when it said nothing new."""

    reading: "PageReading | None"


@dataclass
class StatusPageFailed(Message, bubble=False):
    """The status page could not be read, or what it says not recorded."""

    reason: str


@dataclass
class RowsLeftOut(Message, bubble=False):
    """Rows of the database cannot be used; reading goes on without them."""

    rows: "tuple[LeftOut, ...]"


@dataclass
class DraftsNotSaved(Message, bubble=False):
    """Unfinished replies could not be saved; `in_journal` when they are kept on this machine instead."""

    reason: str
    in_journal: bool = True
