"""The reply as lines: the filled text with its marks, the check in words and signs, and what is known about it."""

from typing import TYPE_CHECKING

from textual.content import Content

from agent_assist.locale import _
from agent_assist.tui.text.content import content
from agent_assist.tui.text.labels import language_word
from agent_assist.tui.text.line import cut, ends, joined, line
from agent_assist.tui.text.wrap import wrapped

if TYPE_CHECKING:
    from agent_assist.services import Reply


def text_lines(reply: "Reply", cells: int) -> list[Content]:
    """Return the text exactly as it would be copied, in lines; values tinted, gaps standing out."""
    spans = tuple((mark.start, mark.end, f".{mark.kind}") for mark in reply.marks)
    return wrapped(reply.text, cells, spans)


def lights(reply: "Reply") -> Content:
    """Return the three parts of a good apology; a sign and a word each, never colour alone."""
    check = reply.check
    parts = ((check.responsibility, _("Responsibility")), (check.scope, _("Scope")), (check.remedy, _("Remedy")))
    shown = [line(("✓" if holds else "✗", ".ok" if holds else ".dim"), f" {word}") for holds, word in parts]
    return Content("   ").join(shown)


def verdict(reply: "Reply", details: Content, cells: int, rows: int) -> list[Content]:
    """Return the lights with what is known about the reply, then findings, what blocks first; the rest is counted."""
    ordered = sorted(reply.check.warnings, key=lambda warning: not warning.blocking)
    lines = [ends(lights(reply), details, cells)]
    for number, warning in enumerate(ordered):
        style = ".danger" if warning.blocking else ".warn"
        texts = wrapped(warning.message, cells - 2)
        block = [line(("! " if place == 0 else "  ", style), text) for place, text in enumerate(texts)]
        if len(lines) + len(block) > rows:
            lines[-1] = cut(joined([lines[-1], (_("{count} more", count=len(ordered) - number), ".warn")]), cells)
            break
        lines += block
    return lines


def about(reply: "Reply", drafted_version: int = 0) -> Content:
    """Return length, facts version, and whether the text was changed by hand, from which version of the facts."""
    written = drafted_version if reply.is_edited and drafted_version else reply.facts_version
    facts = f"v{written}" if written else _("no incident")
    stale = _("now v{version}", version=reply.facts_version) if reply.facts_version > written else ""
    return joined(
        [
            _("{count} chars", count=len(reply.text)),
            _("short form") if reply.is_short else "",
            facts,
            (stale, ".warn"),
            (_("edited by hand") if reply.is_edited else "", ".accent"),
        ]
    )


def heading(reply: "Reply", name: str, cells: int) -> Content:
    """Return whose reply this is and in which language: the name must be seen before anything is copied."""
    return cut(joined([(_("Reply to {name}", name=name), ".title"), language_word(reply.lang)]), cells)


def position(top: int, height: int, total: int) -> Content:
    """Return where a scrolled text stands; nothing when all of it is visible."""
    if total <= height:
        return Content("")
    arrows = ("↑" if top else "") + ("↓" if top + height < total else "")
    return content(f"{arrows} {min(total, top + height)}/{total}", ".key")
