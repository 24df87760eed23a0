"""Sentences of the program itself, such as why a list is empty, broken into lines."""

from textual.content import Content

from agent_assist.tui.text.wrap import wrapped


def paragraphs(texts: list[str], cells: int) -> list[Content]:
    """Return the sentences wrapped, with the first one standing out."""
    lines: list[Content] = []
    for number, text in enumerate(texts):
        lines += wrapped(text, cells, style="" if number == 0 else ".dim")
    return lines
