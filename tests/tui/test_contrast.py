"""The high-contrast theme keeps its name: every text has at least seven times its ground's contrast (WCAG 2.2, AAA)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.screen import Screen

from tests.tui.standing import NARROW, WIDE, Standing, desk

WANTED = 7.0
DIALOGS = ("customer", "new_incident", "offer", "timeline", "help", "command_palette", "send")
BOX_DRAWING = range(0x2500, 0x25A0)


def ratio(one: Color, other: Color) -> float:
    """Contrast as WCAG 2.2 defines it, from 1 to 21."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _faint(style: Style) -> bool:
    if style.color is None or style.bgcolor is None:
        return True
    fore, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    return ratio(fore.blend(ground, 0.5) if style.dim else fore, ground) < WANTED


def faint_texts(screen: Screen[object], region: Region) -> Iterator[str]:
    """Words inside a region that are hard to read; lines and frames are no words."""
    strips = screen._compositor.render_strips()
    for strip in strips[region.y : region.bottom]:
        for part in strip.crop(region.x, region.right):
            text = "".join(letter for letter in part.text if ord(letter) not in BOX_DRAWING).strip()
            if text and part.style is not None and _faint(part.style):
                yield text


def test_the_measure_is_that_of_the_standard() -> None:
    assert round(ratio(Color.parse("#000000"), Color.parse("#ffffff")), 2) == 21
    assert round(ratio(Color.parse("#777777"), Color.parse("#ffffff")), 2) == 4.48


def faint_on(at: Standing) -> list[str]:
    frames = [*at.app.screen.query(".dialog-frame"), *at.app.screen.query("#--container")]
    return [*faint_texts(at.app.screen, frames[0].region if frames else at.app.screen.region)]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_every_text_stands_out(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(tmp_path, size=size, theme="high-contrast") as at:
        assert faint_on(at) == [], "the first screen"
        await at.type("coupon")
        for level in ("information", "warning", "error"):
            at.screen.notify_user("Said", level)
        await at.settle()
        assert faint_on(at) == [], "a reply with a gap, and messages"
        for action in DIALOGS if size == WIDE else ("help",):
            await at.screen.action_do(action)
            await at.settle()
            assert at.app.screen is not at.screen
            assert faint_on(at) == [], action
            await at.press("escape")
        await at.type("zz qq")
        assert faint_on(at) == [], "nothing found"
