"""Writes what the documentation takes from the code: `python docs/generate.py` for the tables, `--screenshots` too.

Marks such as `<!-- keys -->` hold the table of keys or of template names, in the language of the page, or the pictures
of the rooms. Screenshots show the demo at a fixed time. A test fails when a table is stale.
"""

import argparse
import asyncio
import datetime as dt
import html
import itertools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agent_assist import locale  # noqa: E402
from agent_assist.locale import Language  # noqa: E402

PAGES: dict[str, tuple[Language, str]] = {
    "README.md": ("en", "keys"),
    "README.zh.md": ("zh", "keys"),
    "docs/phrasebooks.md": ("en", "names"),
    "docs/phrasebooks.zh.md": ("zh", "names"),
    "ARCHITECTURE.md": ("en", "rooms"),
}


def keys(_language: Language) -> str:
    """The table of keys in the interface language in use."""
    from agent_assist.tui.desk.actions import key_table

    return key_table()


def names(language: Language) -> str:
    """The table of names that templates may use."""
    from agent_assist.replies.value_names import VALUE_NAMES

    head = "| 名称 | 中文别名 | 含义 |" if language == "zh" else "| name | Chinese alias | what it is |"
    rows = [f"| `{name.path}` | `{name.alias}` | {name.label(language)} |" for name in VALUE_NAMES]
    return "\n".join([head, "|---|---|---|", *rows])


def rooms(_language: Language) -> str:
    """The pictures of who imports whom."""
    from tests.architecture.picture import pictures

    return pictures()


def page(path: str) -> str:
    """The page as it should be, with its table made anew."""
    language, mark = PAGES[path]
    locale.use(language)
    table = {"keys": keys, "names": names, "rooms": rooms}[mark](language)
    text = (ROOT / path).read_text("utf-8")
    pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{table}\n{found[2]}", text, flags=re.DOTALL)


SHOTS = (
    ("desk", (140, 40), tuple("denglu")),
    ("narrow", (80, 24), tuple("denglu")),
    ("review", (140, 40), ("alt+v",)),
)
"""Name, columns and rows, and the keys pressed before the picture is taken."""


_RUN = re.compile(
    r'<text (?P<look>[^>]*?)x="(?P<x>[\d.]+)"(?P<more>[^>]*?) textLength="[\d.]+"(?P<rest>[^>]*)>(?P<said>[^<]*)</text>'
)
_CELL = 12.2
"""Width of one cell in the exported picture."""


def straightened(svg: str) -> str:
    """The exported picture with every character in its cells: the exporter counts a Chinese character as one.

    A run is cut where wide and narrow characters meet, since a picture spreads the letters of a run evenly.
    """
    from rich.cells import cell_len

    def run(found: re.Match[str]) -> str:
        parts, x = [], float(found["x"])
        for _wide, letters in itertools.groupby(html.unescape(found["said"]), key=lambda letter: cell_len(letter) > 1):
            part = "".join(letters)
            cells = cell_len(part)
            parts.append(
                f'<text {found["look"]}x="{x:g}"{found["more"]} textLength="{cells * _CELL:g}"{found["rest"]}>'
                f"{html.escape(part, quote=False)}</text>"
            )
            x += cells * _CELL
        return "".join(parts)

    return _RUN.sub(run, svg)


async def screenshot(language: Language, size: tuple[int, int], pressed: tuple[str, ...]) -> str:
    """The demo at 14:10 on a fixed day, as SVG, after these keys."""
    from agent_assist.services import Services
    from agent_assist.services.demo import demo_settings, fill_demo, forget
    from agent_assist.settings import read
    from agent_assist.tui.app import AgentAssistApp

    locale.use(language)
    settings = demo_settings(read(environ={"AGENT_ASSIST_LANG": language, "AGENT_ASSIST_HOME": "/nonexistent"}))
    now = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
    services = Services(settings, clock=lambda: now, tz=dt.timezone(dt.timedelta(hours=8), "CST"))
    try:
        fill_demo(services)
        app = AgentAssistApp(services)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(4)
            await pilot.press(*pressed)
            await pilot.pause(2.5)
            return straightened(app.export_screenshot(title="agent-assist"))
    finally:
        forget(settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screenshots", action="store_true")
    wants_screenshots = parser.parse_args().screenshots
    for path in PAGES:
        (ROOT / path).write_text(page(path), "utf-8")
    if wants_screenshots:
        folder = ROOT / "docs" / "screenshots"
        folder.mkdir(exist_ok=True)
        for language in locale.INTERFACE_LANGUAGES:
            for name, size, pressed in SHOTS:
                svg = asyncio.run(screenshot(language, size, pressed))
                (folder / f"{name}-{language}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
