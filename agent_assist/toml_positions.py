"""Line and column of each key and value in a TOML text. TOML libraries for Python keep no positions.

Works on texts that `toml_text.parse` has read: it does not check the syntax again, and in a text that is not TOML the
positions are undefined.
"""

import re
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from agent_assist.library_errors import ANY_KEY
from agent_assist.problems import Problem, ProblemSeverity

TomlKey = str | int
"""A name in a table, or an index in a list."""

TomlPath = tuple[TomlKey, ...]

_STRING = r"""\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
_SPACE = re.compile(r"(?:[\s,]+|#[^\n]*)*")
"""What separates statements and elements: white space, line ends, commas and comments."""
_KEY = re.compile(rf"[ \t]*(?P<name>{_STRING}|[\w-]+)[ \t]*(?P<dot>\.?)", re.DOTALL)
_VALUE = re.compile(rf"(?P<string>{_STRING})|[^\s,\]}}#][^,\]}}#\n]*", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class Position(NamedTuple):
    """A place in a text, both 1-based; 0 and 0 where the text as a whole is meant."""

    line: int
    column: int


class TomlPositions:
    """The positions of one text. It is scanned when the first position is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, *path: TomlKey) -> Position:
        """Return where the key or list element at this path is written; else where the part that should hold it begins.

        `ANY_KEY` stands for the only key of a table.
        """
        path = self._without_any(path)
        while path and path not in self._offsets:
            path = path[:-1]
        return self._position(self._offsets[path]) if path else Position(0, 0)

    def problem(
        self, path: TomlPath, *, file: str, reason: str, severity: ProblemSeverity = "error", phrase_id: str = ""
    ) -> Problem:
        """A problem of what stands at this path. It has a column where a key or an element is written, and none for a
        whole table or for what is missing."""
        path = self._without_any(path)
        line, column = self.of(*path)
        if path not in self._offsets or self._text[self._offsets[path]] == "[":
            column = 0
        return Problem(file=file, line=line, column=column, reason=reason, severity=severity, phrase_id=phrase_id)

    def heads(self, name: str, count: int) -> list[int]:
        """Return the lines of the `count` headers `[[name]]`, in order: as `of(name, n)`, but ten times faster."""
        head = f"[[{name}]]"
        lines = [number for number, line in enumerate(self._text.split("\n"), 1) if line.startswith(head)]
        if len(lines) == count == self._text.count(head):  # none inside a string or comment
            return lines
        return [self.of(name, number).line for number in range(count)]

    def _without_any(self, path: TomlPath) -> TomlPath:
        done: TomlPath = ()
        for part in path:
            if part == ANY_KEY:
                keys = {
                    each[len(done)] for each in self._offsets if len(each) > len(done) and each[: len(done)] == done
                }
                if len(keys) != 1:
                    return done
                part = keys.pop()
            done = (*done, part)
        return done

    @cached_property
    def _offsets(self) -> dict[TomlPath, int]:
        scanner = _Scanner(self._text)
        with suppress(RecursionError):  # nested nearly as deeply as tomllib can read: what was found until there
            scanner.scan()
        return scanner.offsets

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)


class _Scanner:
    """One pass over the text, from statement to statement."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.offsets: dict[TomlPath, int] = {}
        """The offset of the first mention of each path."""
        self._lengths: dict[TomlPath, int] = {}
        """How many `[[…]]` of each path have been read."""

    def scan(self) -> None:
        """Read the whole text."""
        table: TomlPath = ()
        at = self._skip(0)
        while at < len(self._text):
            before = at
            if self._text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._assignment(table, at)
            at = self._skip(at)
            if at <= before:  # no statement of TOML starts here
                break

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _header(self, start: int) -> tuple[TomlPath, int]:
        """`[a.b]` or `[[a.b]]`: the path of the table that begins here, and where the header ends."""
        is_list = self._text.startswith("[[", start)
        names, at = self._names(start + 1 + is_list)
        path: TomlPath = ()
        for number, (name, offset) in enumerate(names, 1):
            path = (*path, name)
            self.offsets.setdefault(path, start if number == len(names) else offset)
            if is_list and number == len(names):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        self.offsets.setdefault(path, start)
        return path, at + 1 + is_list

    def _assignment(self, table: TomlPath, start: int) -> int:
        """`a.b = value`: notes each part of the key, and what is inside the value. Returns where it ends."""
        names, at = self._names(start)
        path = table
        for name, offset in names:
            path = (*path, name)
            self.offsets.setdefault(path, offset)
        equals = self._text.find("=", at)
        return self._value(path, self._skip(equals + 1)) if equals >= 0 else at

    def _names(self, start: int) -> tuple[list[tuple[str, int]], int]:
        """Return the parts of a dotted key with their offsets, and where the key ends."""
        names: list[tuple[str, int]] = []
        at = start
        while match := _KEY.match(self._text, at):
            names.append((_unquoted(match["name"]), match.start("name")))
            at = match.end()
            if not match["dot"]:
                break
        return names, at

    def _value(self, path: TomlPath, start: int) -> int:
        """Notes the elements of a list and the keys of an inline table. Returns where the value ends."""
        opening = self._text[start : start + 1]
        if opening not in ("[", "{") or not opening:
            match = _VALUE.match(self._text, start)
            return match.end() if match else start
        closing, index = ("]", 0) if opening == "[" else ("}", 0)
        at = self._skip(start + 1)
        while at < len(self._text) and self._text[at] != closing:
            before = at
            if opening == "[":
                self.offsets.setdefault((*path, index), at)
                at, index = self._value((*path, index), at), index + 1
            else:
                at = self._assignment(path, at)
            at = self._skip(at)
            if at <= before:  # not TOML
                break
        return at + 1


def _unquoted(name: str) -> str:
    if name.startswith("'"):
        return name[1:-1]
    if not name.startswith('"'):
        return name
    return _ESCAPE.sub(_unescaped, name[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[4], match[4])
