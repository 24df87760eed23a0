"""A few pictures of the whole desk, for what no single assertion sees; after looking: `pytest --snapshot-update`."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from agent_assist import locale
from tests.tui.standing import NARROW, SMALL, WIDE, Clock, Standing, app_of, filled

if TYPE_CHECKING:
    from textual.pilot import Pilot


class Compare(Protocol):
    def __call__(self, app: object, *, terminal_size: tuple[int, int], run_before: object) -> bool: ...


@pytest.mark.parametrize(
    ("lang", "size", "query", "has_incident"),
    [
        ("zh", WIDE, "denglu", True),
        ("en", NARROW, "coupon", True),
        ("zh", SMALL, "denglu", True),
        ("en", WIDE, "", False),
    ],
    ids=["wide-zh", "narrow-en-gap", "small-zh", "first-run-en"],
)
def test_pictures(
    snap_compare: Compare, tmp_path: Path, lang: locale.Language, size: tuple[int, int], query: str, has_incident: bool
) -> None:
    locale.use(lang)
    app = app_of(tmp_path, filled() if has_incident else filled([], incident=None))

    async def before(pilot: "Pilot[None]") -> None:
        at = Standing(app, pilot, Clock())
        await at.ready()
        app.desk_screen.query_one("#search").cursor_blink = False  # type: ignore[attr-defined]
        await at.type(query)

    assert snap_compare(app, terminal_size=size, run_before=before)
