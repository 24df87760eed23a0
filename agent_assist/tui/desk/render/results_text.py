"""The list of phrases: one line each, kind and stage in columns that align by terminal cells."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len
from textual.content import Content

from agent_assist.cleaning import clean_line
from agent_assist.incidents import STATUSES, status_word
from agent_assist.locale import _, current
from agent_assist.phrasebook import Kind, Phrase, Stage
from agent_assist.tui.text.content import content, fit, pad
from agent_assist.tui.text.labels import KIND_TITLES, kind_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent_assist.search import Hit

MAX_RESULTS = 200
"""Rows that are ever shown; nobody reads further, they type another letter."""


MAX_TITLE_CELLS = 40
"""Cells of a title in a short message."""


class Row:
    """One phrase in the list. What of it matched is worked out when the row comes in sight: most never do."""

    def __init__(self, phrase: Phrase, title: str, hit: "Hit | None" = None) -> None:
        """`title` is shown when no match in the title of the hit's language can be."""
        self.phrase = phrase
        self._title = title
        self._hit = hit

    @property
    def title(self) -> str:
        """The title in the language that matched, or the one given."""
        return self.phrase.title[self._hit.lang] if self._hit and self.spans else self._title

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of the matches in `title`."""
        return self._hit.spans if self._hit and self._hit.lang in self.phrase.title else ()


class Columns(msgspec.Struct, frozen=True):
    """Widths in cells for one state of the list; 0 leaves a column out."""

    title: int
    kind: int
    stage: int


def title_in(phrase: Phrase) -> str:
    """Return what a short message calls the phrase: its title in the interface language, cut."""
    return fit(clean_line(phrase.title[phrase.lang_for(current())]), MAX_TITLE_CELLS)


def rows_of(hits: "Sequence[Hit]") -> tuple[Row, ...]:
    """Return hits as rows, titled in the interface language, or in the one that matched when that can be shown."""
    lang = current()
    return tuple(Row(hit.phrase, hit.phrase.title[hit.phrase.lang_for(lang)], hit) for hit in hits[:MAX_RESULTS])


def opening_rows(phrases: "Sequence[Phrase]", lang: str) -> tuple[Row, ...]:
    """Return phrases as rows before anything was typed, with titles in the language of the chat."""
    return tuple(Row(phrase, phrase.title[phrase.lang_for(lang)]) for phrase in phrases[:MAX_RESULTS])


def columns(cells: int) -> Columns:
    """Return the widths for a list of this width; the same whatever the rows hold, so that nothing jumps."""
    kind = max(cell_len(kind_word(kind)) for kind in KIND_TITLES)
    stage = max(cell_len(status_word(status)) for status in STATUSES) + 3
    if cells >= 60:
        return Columns(cells - kind - stage - 8, kind, stage)
    return Columns(cells - kind - 4, kind, 0) if cells >= 36 else Columns(max(0, cells - 2), 0, 0)


def marks(favourites: Iterable[str], pinned: Iterable[str]) -> dict[str, str]:
    """Return the mark at the end of a row by the phrase's id: ★ for what is sent often, ◆ for what is pinned."""
    return dict.fromkeys(favourites, "★") | dict.fromkeys(pinned, "◆")


def row_line(row: Row, widths: Columns, *, is_chosen: bool, is_draft: bool = False, mark: str = "") -> Content:
    """Return one row; the chosen one has a pointer besides its colour, an unfinished reply a pencil."""
    lead = ("▸ " if is_chosen else "  ") + ("✎ " if is_draft else "")
    room = widths.title + 2 - cell_len(lead)
    title, rest = _cells(row.title, row.phrase.kind, row.phrase.stages, widths, room, current())
    mark = (mark or " ") if widths.stage else ""
    start, end = len(lead), len(lead) + len(title)
    after = end + len(rest) + len(mark)
    looks = [(0, after, ".chosen")] if is_chosen else [(2, start, ".accent"), (end, after, ".dim")]
    matches = [(start + first, min(start + last, end), ".match") for first, last in row.spans]
    return content(lead + title + rest + mark, spans=[*looks, *matches])


@lru_cache(maxsize=2000)
def _cells(
    title: str, kind: Kind, stages: tuple[Stage, ...], widths: Columns, room: int, _lang: str
) -> tuple[str, str]:
    """Return the title in `room` cells, and the columns after it; cached, because each key shows most of them again.

    The words of the columns are in the interface language, `_lang`.
    """
    fitted = fit(title, room)
    rest = " " * (room - cell_len(fitted))
    if widths.kind:
        rest += "  " + pad(kind_word(kind), widths.kind)
    if widths.stage:
        rest += "  " + pad(_stage_words(stages), widths.stage) + " "
    return fitted, rest


def _stage_words(stages: tuple[Stage, ...]) -> str:
    """Return the first stage a phrase is for, and how many more; "" when it fits all."""
    fits = [stage for stage in STATUSES if stage in stages]
    if len(fits) in (0, len(STATUSES)):
        return ""
    more = f" +{len(fits) - 1}" if len(fits) > 1 else ""
    return f"{status_word(fits[0])}{more}"


def nothing_lines(query: str, *, is_ready: bool, has_phrases: bool, problems: int) -> list[str]:
    """Return why the list is empty and what to do, as paragraphs."""
    if not has_phrases:
        broken = _("Problems in the files: {count}.", count=problems) if problems else ""
        return [
            _("There is no phrasebook yet.") + (f" {broken}" if broken else ""),
            _("Put TOML files into the phrasebooks folder; agent-assist doctor shows where it is."),
        ]
    if not is_ready:
        return [_("The phrases are being read. What you type is searched in a moment.")]
    return [
        _("Nothing found for “{query}”.", query=fit(clean_line(query), 40)),
        _("Try fewer or other words, pinyin, or the customer's own sentence. Your lead will see this search."),
    ]
