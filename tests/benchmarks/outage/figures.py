"""From what was recorded to the figures of one day."""

import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tests.benchmarks.outage.plan import Plan
from tests.benchmarks.outage.record import WRITES, Call, NewsKey, Record
from tests.benchmarks.outage.server import Sample, Spent

LATE_SECONDS = 1.0
"""A write that takes longer is late."""


class Window(NamedTuple):
    """A time of undisturbed work: what was spent is counted, and news published in it is timed."""

    begins: float
    ends: float

    def has(self, at: float) -> bool:
        """Whether a moment is in it."""
        return self.begins <= at < self.ends


class Day(NamedTuple):
    """Everything that was measured."""

    plan: Plan
    windows: Sequence[Window]
    spent: Spent
    records: Sequence[Record]
    samples: Sequence[Sample]
    memory: tuple[float, float]
    """Megabytes of the server, and of one of its connections."""
    away: float
    """Seconds the server was away."""
    up_at: float
    """When it was there again."""


def percentiles(values: Iterable[float], unit: float = 1.0) -> dict[str, Any]:
    """Return count, median, 95th percentile and maximum, in units."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0}

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] / unit, 3)

    return {"count": len(ordered), "p50": at(0.5), "p95": at(0.95), "max": at(1.0)}


def in_windows(day: Day, at: float) -> bool:
    """Whether a moment is in one of the counted times."""
    return any(window.has(at) for window in day.windows)


def lines(day: Day) -> list[dict[str, Any]]:
    """Return the figures, each as one line of JSON."""
    seconds = sum(window.ends - window.begins for window in day.windows)
    agent_seconds = day.plan.agents * seconds
    server_memory, connection_memory = day.memory
    calls = [call for record in day.records for call in record.calls if in_windows(day, call.began)]
    held = [hold for record in day.records for hold in record.holds if in_windows(day, hold.began)]
    used = [sample.connections for sample in day.samples if in_windows(day, sample.at)]
    spent = day.spent
    answers = sum(call.name == "record_sent" for call in calls)
    return [
        {
            "what": "server",
            "transactions_per_second": round(spent.transactions / seconds, 1),
            "transactions_per_agent_and_second": round(spent.transactions / agent_seconds, 3),
            "wal_bytes_per_agent_and_second": round(spent.wal_bytes / agent_seconds),
            "rows_read_per_agent_and_second": round(spent.rows / agent_seconds, 1),
            "blocks_per_agent_and_second": round(spent.blocks / agent_seconds, 1),
            "stored_bytes_per_agent_and_hour": round(spent.size / agent_seconds * 3600),
            "cores": round(spent.cpu / seconds, 3),
            "answers_per_agent_and_minute": round(answers / agent_seconds * 60, 2),
            "load_average": round(os.getloadavg()[1], 1),
        },
        *({"what": f"news: {topic}", "unit": "s", **percentiles(times)} for topic, times in latencies(day).items()),
        {
            "what": "the log's lock",
            "unit": "ms",
            "held": percentiles((hold.held for hold in held), 0.001),
            "waited": percentiles((hold.waited for hold in held), 0.001),
            "share_of_the_time": round(sum(hold.held for hold in held) / seconds, 4),
        },
        {"what": "writes", **writes(calls)},
        {"what": "restart", **restart(day)},
        {
            "what": "connections",
            "max": max((sample.connections for sample in day.samples), default=0),
            "mean": round(sum(used) / len(used), 1) if used else 0,
            "working_max": max((sample.active for sample in day.samples), default=0),
        },
        {
            "what": "memory",
            "unit": "MB",
            "server": round(server_memory, 1),
            "connection": round(connection_memory, 2),
            "agent": round(sum(one.resident[1] - one.resident[0] for one in day.records) / day.plan.agents / 2**20, 2),
        },
        {"what": "calls per agent and minute", **per_call(calls, agent_seconds)},
        {
            "what": "the rehearsal itself is late",
            "unit": "s",
            **percentiles(lag for one in day.records for at, lag in one.lags if in_windows(day, at)),
        },
    ]


def per_call(calls: Sequence[Call], agent_seconds: float) -> dict[str, float]:
    """Return how often each call of the store was made, the most frequent first."""
    counts = Counter(call.name for call in calls)
    return {name: round(count / agent_seconds * 60, 3) for name, count in counts.most_common()}


def writes(calls: Sequence[Call]) -> dict[str, Any]:
    """Return how the writes of undisturbed times ended."""
    wrote = [call for call in calls if call.name in WRITES]
    return {
        "count": len(wrote),
        "refused": sum(bool(call.failed) for call in wrote),
        "late": sum(call.took > LATE_SECONDS for call in wrote),
        "ms": percentiles((call.took for call in wrote), 0.001),
    }


def restart(day: Day) -> dict[str, Any]:
    """Return what the restart cost: writes outside of the counted times, and when every desk was back."""
    wrote = [
        call
        for record in day.records
        for call in record.calls
        if call.name in WRITES and not in_windows(day, call.began) and call.began < day.windows[-1].begins
    ]
    failed = Counter(call.failed for call in wrote if call.failed)
    back = [max(0.0, at - day.up_at) for record in day.records for _name, at in record.back if at > day.up_at]
    return {
        "away_s": round(day.away, 2),
        "desks_back_s": percentiles(back),
        "writes": len(wrote),
        "refused": dict(failed),
        "late": sum(call.took > LATE_SECONDS for call in wrote),
    }


def latencies(day: Day) -> dict[str, list[float]]:
    """Return the seconds from the writer's commit to each other agent's having read it, by topic.

    A version that a desk skipped counts as read with the one after it. News of a lead's own desk is not counted.
    """
    published = {key: at for record in day.records for key, at in record.published.items() if in_windows(day, at)}
    readers: defaultdict[tuple[str, str], dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for record in day.records:
        for (topic, id_, version), agent, at in record.seen:
            readers[topic, id_][agent].append((version, at))
    times: dict[str, list[float]] = {"facts": [], "decision": [], "review": []}
    for key, at in published.items():
        times[key[0]] += _delays(key, at, readers[key[0], key[1]], day)
    return times | {"facts and decisions": times["facts"] + times["decision"]}


def _delays(key: NewsKey, at: float, readers: dict[str, list[tuple[int, float]]], day: Day) -> list[float]:
    topic, _id, version = key
    writer = day.plan.name(0) if topic == "facts" else ""
    delays = []
    for agent, seen in readers.items():
        firsts = [read_at for its_version, read_at in seen if its_version >= version]
        if agent != writer and firsts:
            delays.append(max(0.0, min(firsts) - at))
    return delays


def exponent(sizes: Sequence[float], rates: Sequence[float]) -> float:
    """Return the slope of the least-squares line through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(rate) for rate in rates]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)
