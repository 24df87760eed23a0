"""What a template sees of the facts, and the buffer that the filled text is written to.

A value is a piece of text that remembers its name: `FilledValue` what it was (so that `clock` finds the time),
`MissingValue` why there is none (so that a gap keeps its name through filters and assignments).
"""

from collections.abc import Callable
from io import StringIO

from liquid import RenderContext, Token
from liquid.exceptions import OutputStreamLimitError
from liquid.undefined import UNDEFINED, Undefined

from agent_assist.cleaning import clean
from agent_assist.incidents.times import after_at, is_set_solid, needs_space
from agent_assist.replies.fact_values import Facts, Missing, Reason, Value, read, show
from agent_assist.replies.value_names import canonical_name

MAX_REPLY_SIZE = 20_000
"""UTF-8 bytes, of the whole text and of any value on the way."""


class _Void(str):
    """An absent value in a condition: false, and equal to "", blank, empty and nil alike."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other is None or (isinstance(other, str) and not other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash("")


Undefined.register(_Void)
_VOID = _Void()


class MissingValue(str):
    """No value for `name`, and why."""

    __slots__ = ("name", "reason")

    name: str
    reason: Reason

    def __new__(cls, name: str, reason: Reason) -> "MissingValue":
        """An empty text that carries the name."""
        absent = super().__new__(cls, "")
        absent.name, absent.reason = name, reason
        return absent

    def __liquid__(self) -> str:
        return _VOID


class FilledValue(str):
    """A value in words, with its name and what it was."""

    __slots__ = ("name", "value")

    name: str
    value: Value

    def __new__(cls, name: str, value: Value, words: str) -> "FilledValue":
        """The words, cleaned."""
        spoken = super().__new__(cls, clean(words))
        spoken.name, spoken.value = name, value
        return spoken


class Reading(RenderContext):
    """Render context that looks up every name by `fact_values.read`, except those that the template assigned."""

    __slots__ = ("facts", "lang")

    facts: Facts
    lang: str

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """The value of a dotted name; never undefined."""
        if path[0] in self.locals:
            return super().get(path, token=token, default=default)
        name = canonical_name(".".join(str(segment) for segment in path))
        value = read(name, self.facts, self.lang)
        words = show(value, self.facts, self.lang)
        return MissingValue(words.name, words.reason) if isinstance(words, Missing) else FilledValue(name, value, words)


_KEPT_END = 4
"""Characters of the text so far that decide how a value follows."""


class MarkedBuffer(StringIO):
    """Output buffer that notes where values and gaps are written, and sets the spaces between Chinese text and values.

    A template cannot know whether a time will be 00:47 or 明天 00:47: beside a value there is one space between a
    Chinese character and a digit or Latin letter, and none between two Chinese characters. English is left as it is.
    """

    def __init__(self, ask: Callable[[str, Reason], str]) -> None:
        super().__init__(newline="")
        self.ask = ask
        self.spans: list[tuple[int, int, bool]] = []
        self._length = 0
        self._bytes = 0
        self._end = ""
        self._is_after_value = False

    def write(self, text: str, /) -> int:
        """Append text. Raises OutputStreamLimitError beyond the limit."""
        if text and self._is_after_value:
            self._is_after_value = False
            if text[0] == " " and is_set_solid(self._end[-1:], text[1:2]):
                text = text[1:]
            elif needs_space(self._end[-1:], text[0]):
                text = f" {text}"
        return self._append(text)

    def write_value(self, text: str) -> int:
        """Append a filled value."""
        return self._write_marked(text, is_gap=False)

    def write_gap(self, name: str, reason: Reason) -> int:
        """Append what shows that a value is missing."""
        return self._write_marked(self.ask(name, reason), is_gap=True)

    def _write_marked(self, text: str, *, is_gap: bool) -> int:
        if not is_gap and self._end[-3:].lower() == "at " and (dated := after_at(text)):
            first = dated[0].upper() if self._end[-3] == "A" else dated[0]
            text = first + dated[1:]
            self._take_back(3)
        elif not is_gap and self._end[-1:] == " " and is_set_solid(self._end[-2:-1], text[:1]):
            self._take_back(1)
        elif not is_gap and needs_space(self._end[-1:], text[:1]):
            self._append(" ")
        start = self._length
        self._append(text)
        self.spans.append((start, self._length, is_gap))
        self._is_after_value = not is_gap
        return self._length - start

    def _take_back(self, count: int) -> None:
        """Remove the last characters, all of them of the template."""
        self._length -= count
        self.seek(self._length)
        self.truncate()
        self._end = self._end[:-count]

    def _append(self, text: str) -> int:
        self._bytes += len(text.encode("utf-8", "replace"))
        if self._bytes > MAX_REPLY_SIZE:
            raise OutputStreamLimitError("output limit reached", token=None)
        self._length += len(text)
        self._end = (self._end + text)[-_KEPT_END:]
        return super().write(text)
