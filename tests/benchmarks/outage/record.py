"""What the agents of one process did and saw, and a store that writes it down.

Times are of the machine's monotonic clock, which all processes share.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from msgspec.structs import replace
from sqlalchemy.engine import Connection

from agent_assist.errors import AgentAssistError
from agent_assist.offers import Head, NewOffer, Offer, replay
from agent_assist.offers.chain import offer_entry
from agent_assist.offers.offer import new_salt
from agent_assist.store import Recorded, SaveOutcome
from agent_assist.store.sql import SqlStore
from tests.benchmarks.outage.plan import Fault

if TYPE_CHECKING:
    from agent_assist.incidents import Incident

WRITES = frozenset(
    ("open_incident", "add_version", "save_chat", "close_chat", "record_sent", "add_offer", "decide", "missed_search")
)

NewsKey = tuple[str, str, int]
"""Topic (`facts`, `decision` or `review`), id, and version or 0."""


class Call(NamedTuple):
    """One call of the store."""

    name: str
    began: float
    took: float
    failed: str
    """The name of the error; "" when it returned."""


class Hold(NamedTuple):
    """One transaction under the log's lock: seconds until it had the lock, and seconds it held it, as the desk saw."""

    began: float
    waited: float
    held: float


class Record:
    """Appended to by many threads; lists are safe for that. `as_parts` goes through a pipe."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.holds: list[Hold] = []
        self.promises: list[tuple[str, str, str]] = []
        """`op_id`, id and reason of each offer that was acknowledged."""
        self.replies: list[str] = []
        """`op_id` of each reply whose record was acknowledged."""
        self.published: dict[NewsKey, float] = {}
        """When the commit of each piece of news was answered."""
        self.seen: list[tuple[NewsKey, str, float]] = []
        """Which agent had read which piece of news when."""
        self.lost: list[tuple[str, float]] = []
        self.back: list[tuple[str, float]] = []
        """When each agent lost the database and had it again."""
        self.lags: list[tuple[float, float]] = []
        """When, and how many seconds, the event loop of this process was late."""
        self.mishaps: list[str] = []
        """What must not happen on any desk."""
        self.drafts: dict[str, dict[str, tuple[str, str]]] = {}
        """The last query and text of each open chat, by agent and chat."""
        self.resident: list[int] = []
        """Bytes of this process, before the first desk and after the last one."""


def resident_bytes() -> int:
    """Return the memory of this process."""
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class RecordingStore:
    """A store whose calls are written down. `fault` plants what a broken store would do."""

    def __init__(self, store: SqlStore, record: Record, fault: Fault = "") -> None:
        self._store = store
        self._record = record
        self._fault = fault
        self._offers = 0
        self._planted: dict[str, Callable[..., Any]] = {
            "add_offer": self._add_offer,
            "record_sent": self._record_sent,
            "save_chat": self._save_chat,
        }
        self._time_locks()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return method if name in ("wait_for_change", "close", "left_out") or not callable(method) else self._timed(name)

    def _timed(self, name: str) -> Callable[..., Any]:
        method = self._planted.get(name) or getattr(self._store, name)

        def call(*arguments: Any, **options: Any) -> Any:
            began = time.monotonic()
            failed = ""
            try:
                result = method(*arguments, **options)
            except AgentAssistError as error:
                failed = type(error).__name__
                raise
            finally:
                self._record.calls.append(Call(name, began, time.monotonic() - began, failed))
            self._note(name, result, options)
            return result

        return call

    def _note(self, name: str, result: Any, options: dict[str, Any]) -> None:
        now = time.monotonic()
        if name in ("open_incident", "add_version"):
            changed = cast("Incident", result)
            self._record.published["facts", changed.id, changed.version] = now
        elif name == "decide":
            self._record.published["decision", cast("Recorded", result).offer.id, 0] = now
        if name == "record_sent":
            self._record.replies.append(options["op_id"])
            if options.get("offer") is not None and result is not None:
                self._acknowledge(options["offer"], result)

    def _add_offer(self, new: NewOffer, **options: Any) -> Recorded:
        self._offers += 1
        recorded = self._add_one_way_or_another(new, **options)
        self._acknowledge(new, recorded)
        return recorded

    def _acknowledge(self, new: NewOffer, recorded: Recorded) -> None:
        self._record.published["review", recorded.offer.id, 0] = time.monotonic()
        self._record.promises.append((new.op_id, recorded.offer.id, new.reason))

    def _add_one_way_or_another(self, new: NewOffer, **options: Any) -> Recorded:
        if self._offers == 1 and self._fault == "lost-promise":
            return Recorded(_unwritten(new))
        if self._fault == "over-limit":
            return self._store.add_offer(new)
        recorded = self._store.add_offer(new, **options)
        if self._offers == 1 and self._fault == "doubled-promise":
            self._store.add_offer(replace(new, op_id=f"{new.op_id}-again"), **options)
        return recorded

    def _record_sent(self, *arguments: Any, **options: Any) -> Any:
        if self._fault == "lost-reply":
            return None
        return self._store.record_sent(*arguments, **options)

    def _save_chat(self, *arguments: Any, **options: Any) -> SaveOutcome:
        return "saved" if self._fault == "lost-draft" else self._store.save_chat(*arguments, **options)

    def _time_locks(self) -> None:
        """Write down how long each transaction waits for the log's lock and holds it."""
        write = cast("Callable[..., AbstractContextManager[Connection]]", self._store.database.write)

        @contextmanager
        def timed(*, exclusive: bool = False, **options: Any) -> Iterator[Connection]:
            began = time.monotonic()
            with write(exclusive=exclusive, **options) as connection:
                had = time.monotonic()
                yield connection
            if exclusive:
                self._record.holds.append(Hold(began, had - began, time.monotonic() - had))

        self._store.database.write = timed  # type: ignore[method-assign]


def _unwritten(new: NewOffer) -> Offer:
    """Return what a store would answer that says "saved" and has written nothing."""
    return replay([offer_entry(new, Head(10**6, "0" * 64), new_salt)])[0]
