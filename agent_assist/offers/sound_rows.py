"""The check of the log on plain rows: says of an entry that it is sound without building it.

Rule: it never finds a fault. Whatever is not plainly sound (an unknown word, another type, a text that is gone, an
erasure) is left to `verification.ChainCheck`, which names what is wrong. A million entries take a third of the time.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from agent_assist.offers.chain import ENTRY_FORMAT, Head
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.duration import MAX_DURATION_COUNT, UNITS
from agent_assist.offers.offer import EVENTS, OFFER_KINDS, PERSONAL_TEXTS

TextRow = tuple[int, str, str, str]
"""The number of its entry, name, salt and text."""

_TITLE = f"agent-assist offer entry v{ENTRY_FORMAT}\n"
_MAX_KEPT = 50_000
"""Lines that are kept of columns in which the same few values come again and again."""
_DIGEST_LENGTH = 64
_DIGESTS = {name: (1 << place, f"{name}\0".encode(), 18 + place) for place, name in enumerate(PERSONAL_TEXTS)}
"""By text: a bit, what is hashed before it, and the column of its digest."""

# HMAC by hand: the module of that name takes half as long again.
_BLOCK = 64
_INNER = bytes(each ^ 0x36 for each in range(256))
_OUTER = bytes(each ^ 0x5C for each in range(256))
_PADS = {length: bytes(_BLOCK - length) for length in range(_BLOCK + 1)}
_sha256 = hashlib.sha256


class SoundRows:
    """Judges rows of one log, oldest first."""

    def __init__(self, earliest: int, latest: int) -> None:
        """`earliest` and `latest` bound the times, in microseconds."""
        self._earliest = earliest
        self._latest = latest
        self._who: dict[tuple[Any, ...], str] = {}
        self._what: dict[tuple[Any, ...], str] = {}

    def count(self, rows: Sequence[tuple[Any, ...]], texts: Sequence[TextRow], before: Head) -> tuple[int, int]:
        """Return how many rows, in the columns of their table and from the first on, are sound and follow `before`.

        Returned with it is the number of their texts; `texts` are those of all rows, in the same order.
        """
        seq, hash_ = before.seq, before.hash
        place, end = 0, len(texts)
        for number, row in enumerate(rows):
            first = place
            seq += 1
            while place < end and texts[place][0] == seq:
                place += 1
            try:
                follows = row[0] == seq and row[24] == hash_
                if not (follows and self._is_whole(row) and _are_opened(row, texts[first:place])):
                    return number, first
            except (TypeError, ValueError, KeyError, AttributeError):
                return number, first
            hash_ = row[25]
        return len(rows), place

    def _is_whole(self, row: tuple[Any, ...]) -> bool:
        """Return whether the hash is that of the columns. Raises KeyError or TypeError for what is not known."""
        seq, format_, op_id, event, offer_seq, at = row[:6]
        chat, kind, minor, currency, count = row[10:15]
        if (
            format_ != ENTRY_FORMAT
            or type(offer_seq) is not int
            or type(at) is not int
            or not self._earliest <= at <= self._latest
            or (type(minor) is not int if currency is not None else minor is not None)
            or type(row[16]) is not int
            or (count is not None and type(count) is not int)
        ):
            return False
        who = self._who.get(row[6:10]) or self._keep(self._who, row[6:10], _who_lines)
        what = self._what.get(row[13:18]) or self._keep(self._what, row[13:18], _what_lines)
        lines = (
            f"{_TITLE}seq#{seq}\n{_line('op_id', op_id)}{_EVENT_LINES[event]}offer_seq#{offer_seq}\nat#{at}\n{who}"
            f"{_line('chat', chat)}{_KIND_LINES[kind]}{'minor~' if minor is None else f'minor#{minor}'}\n{what}"
            f"{_digest_lines(row[18:24])}{_line('prev', row[24])}"
        )
        return bool(_sha256(lines.encode()).hexdigest() == row[25])

    @staticmethod
    def _keep(kept: dict[tuple[Any, ...], str], key: tuple[Any, ...], lines: Callable[[tuple[Any, ...]], str]) -> str:
        if len(kept) > _MAX_KEPT:
            kept.clear()
        kept[key] = lines(key)
        return kept[key]


def _line(name: str, text: str) -> str:
    return f"{name}={len(text) if text.isascii() else len(text.encode())}:{text}\n"


_EVENT_LINES = {event: _line("event", event) for event in EVENTS if event != "erased"}
"""An erasure explains texts that are gone, which a row does not show."""
_KIND_LINES = {kind: _line("kind", kind) for kind in ("", *OFFER_KINDS)}


def _who_lines(key: tuple[Any, ...]) -> str:
    if any(type(each) is not str for each in key):
        raise TypeError(key)
    return "".join(map(_line, ("agent", "role", "tier", "incident"), key))


def _what_lines(key: tuple[Any, ...]) -> str:
    currency, count, unit, pending, rule = key
    is_known = (
        (currency is None or currency in CURRENCIES)
        and (count is None) == (unit is None)
        and (count is None or (1 <= count <= MAX_DURATION_COUNT and unit in UNITS))
        and pending in (0, 1)
        and type(rule) is str
    )
    if not is_known:
        raise ValueError(key)
    lines = ["currency~\n" if currency is None else _line("currency", currency)]
    lines += ["duration_count~\n" if count is None else f"duration_count#{count}\n"]
    lines += ["duration_unit~\n" if unit is None else _line("duration_unit", unit)]
    return "".join([*lines, f"pending#{pending}\n", _line("rule", rule)])


def _digest_lines(digests: tuple[str | None, ...]) -> str:
    lines = ""
    for name, value in zip(PERSONAL_TEXTS, digests, strict=True):
        if value is None:
            lines += f"{name}~\n"
        elif len(value) == _DIGEST_LENGTH and value.isascii():
            lines += f"{name}={_DIGEST_LENGTH}:{value}\n"
        else:
            raise ValueError(value)
    return lines


def _are_opened(row: tuple[Any, ...], texts: Sequence[TextRow]) -> bool:
    """Return whether each digest of the row has its text, and no text is without digest."""
    opened = 0
    for _seq, name, salt, text in texts:
        bit, prefix, column = _DIGESTS[name]
        try:
            key = bytes.fromhex(salt)
            pad = _PADS[len(key)]
            inner = _sha256((key + pad).translate(_INNER) + prefix + text.encode()).digest()
        except (TypeError, AttributeError, ValueError, LookupError):  # a file may hold bytes where a text belongs
            return False
        if _sha256((key + pad).translate(_OUTER) + inner).hexdigest() != row[column] or not salt:
            return False
        opened |= bit
    return opened.bit_count() == len(PERSONAL_TEXTS) - row[18:24].count(None)
