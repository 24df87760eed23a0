"""Which of the four arrangements a window has room for."""

from typing import Literal

from agent_assist.settings import MIN_TERMINAL_SIZE

Layout = Literal["wide", "narrow", "small", "tiny"]
LAYOUTS: tuple[Layout, ...] = ("wide", "narrow", "small", "tiny")


def layout_for(columns: int, rows: int) -> Layout:
    """Return wide (facts beside the work), narrow (in two lines), small (results or reply) or tiny (one sentence)."""
    if columns < MIN_TERMINAL_SIZE[0] or rows < MIN_TERMINAL_SIZE[1]:
        return "tiny"
    if columns >= 100 and rows >= 26:
        return "wide"
    return "narrow" if columns >= 70 and rows >= 20 else "small"
