"""What libraries say in English when something fails, as values.

Rule: no other module looks into a message of a library. A new version may word it differently, so that
`tests/test_library_errors.py` compares each form below with what the installed library says today.
"""

import re
from typing import Literal, NamedTuple


class TomlSyntaxError(NamedTuple):
    """From `tomllib.TOMLDecodeError`. Line and column are 1-based; both 0 for the end of the document."""

    what: str
    line: int
    column: int


_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def toml_syntax_error(message: str) -> TomlSyntaxError | None:
    """Return what is not TOML and where; None for a message that names no place."""
    match = _TOML_PLACE.search(message)
    if match is None:
        return None
    return TomlSyntaxError(_TOML_PLACE.sub("", message), int(match[1] or 0), int(match[2] or 0))


ANY_KEY = "…"
"""A key of a mapping, which msgspec does not name."""


class SchemaError(NamedTuple):
    """From `msgspec.ValidationError`: a value that does not have the shape it needs."""

    kind: Literal["missing", "unknown", "choice", "type", "other"]
    what: str
    """The sentence without the path."""
    path: tuple[str | int, ...] = ()
    """Keys and indexes from the top to the value, with `ANY_KEY` for the keys of a mapping."""
    name: str = ""
    """The field that is `missing` or `unknown`; it is not part of the path."""
    value: str = ""
    """What is not one of the choices."""
    expected: str = ""
    got: str = ""
    """Types by msgspec's names, several joined by ` | `."""

    @property
    def full_path(self) -> tuple[str | int, ...]:
        """The path with the missing or unknown field."""
        return (*self.path, self.name) if self.name else self.path


_SCHEMA_PATH = re.compile(r" - at `(\$[^`]*)`$")
"""At the very end: the value before it may hold anything."""
_SCHEMA_STEP = re.compile(r"\.(?P<field>\w+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_SCHEMA_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_SCHEMA_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_SCHEMA_CHOICE = re.compile(r"Invalid enum value (['\"]?)(.*)\1", re.DOTALL)
_SCHEMA_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")


def schema_error(message: str) -> SchemaError:
    """Return what is wrong with a value, and where in the document it stands."""
    match = _SCHEMA_PATH.search(message)
    what = message[: match.start()] if match else message
    path = tuple(
        step["field"] or (int(step["index"]) if step["index"] else ANY_KEY)
        for step in _SCHEMA_STEP.finditer(match[1] if match else "")
    )
    if missing := _SCHEMA_MISSING.fullmatch(what):
        return SchemaError("missing", what, path, name=missing[1])
    if unknown := _SCHEMA_UNKNOWN.fullmatch(what):
        return SchemaError("unknown", what, path, name=unknown[1])
    if choice := _SCHEMA_CHOICE.fullmatch(what):
        return SchemaError("choice", what, path, value=choice[2])
    if types := _SCHEMA_TYPE.match(what):
        return SchemaError("type", what, path, expected=types[1], got=types[2])
    return SchemaError("other", what, path)


class TemplateSyntaxError(NamedTuple):
    """From `liquid.exceptions.LiquidError` while a template is parsed."""

    kind: Literal["tag", "unclosed", "expression", "other"]
    """`tag`: it is unknown or out of place; `unclosed`: its closing tag is missing; `expression`: a name or value."""
    name: str = ""
    """The tag, or the closing tag that is missing."""


_TEMPLATE_TAG = re.compile(r"unexpected tag '(\w+)'")
_TEMPLATE_UNCLOSED = re.compile(r"expected tag (\w+), found end")
_TEMPLATE_EXPRESSION = (
    "expected end of expression",
    "expected a primitive",
    "expected word",
    "missing expression",
    "unexpected '",
    'unexpected "',
)


def template_syntax_error(message: str) -> TemplateSyntaxError:
    """Return which of the mistakes that people make a template has."""
    if tag := _TEMPLATE_TAG.match(message):
        return TemplateSyntaxError("tag", tag[1])
    if unclosed := _TEMPLATE_UNCLOSED.match(message):
        return TemplateSyntaxError("unclosed", unclosed[1])
    return TemplateSyntaxError("expression" if message.startswith(_TEMPLATE_EXPRESSION) else "other")


_EXTRA_ARGUMENTS = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def extra_arguments(message: str) -> str | None:
    """Return the words that a command takes no more of, from `click.UsageError`, which has no field for them."""
    match = _EXTRA_ARGUMENTS.fullmatch(message)
    return match[1] if match else None


def is_not_a_database(message: str) -> bool:
    """Whether `sqlite3.DatabaseError` says that the file is none of SQLite's: some paths raise it without its code."""
    return "not a database" in message


_TOO_MANY_CONNECTIONS: tuple[tuple[str, Literal["account", "all"]], ...] = (
    ("too many connections for role", "account"),
    ("发起的连接太多了", "account"),
    ("too many clients already", "all"),
    ("remaining connection slots are reserved", "all"),
    ("too many connections for database", "all"),
    ("已经有太多的客户", "all"),
    ("已保留的连接位置", "all"),
    ("的连接太多了", "all"),
    ("no more connections allowed", "all"),
    ("query_wait_timeout", "all"),
)
"""From PostgreSQL, in English and in the Chinese of its own translation, and from PgBouncer."""


def lacks_connection(message: str) -> Literal["account", "all", ""]:
    """Return whose limit of connections a server or a pooler names; empty when it says something else.

    A connection that is refused has no SQLSTATE: libpq gives its message only.
    """
    return next((whose for words, whose in _TOO_MANY_CONNECTIONS if words in message), "")


def database_reason(message: str) -> str:
    """Return the first line of what a database driver says, without psycopg's words for every failed connection."""
    return message.strip().partition("\n")[0].removeprefix("connection is bad: ")
