"""A few pictures of the whole desk as text, for what no single assertion sees.

After looking at the changes: `pytest --snapshot-update`.
"""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from agent_assist import locale
from tests.tui.standing import NARROW, SMALL, WIDE, Clock, Standing, app_of, filled


class ScreenText(SingleFileSnapshotExtension):
    """One text file a picture, as the terminal shows it."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"
    write_mode = WriteMode.TEXT
    file_extension = "txt"


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
async def test_pictures(
    snapshot: SnapshotAssertion,
    tmp_path: Path,
    lang: locale.Language,
    size: tuple[int, int],
    query: str,
    has_incident: bool,
) -> None:
    locale.use(lang)
    app = app_of(tmp_path, filled() if has_incident else filled([], incident=None))
    async with app.run_test(size=size) as pilot:
        at = Standing(app, pilot, Clock())
        await at.ready()
        await at.type(query)
        picture = "\n".join(line.rstrip() for line in at.seen.splitlines()) + "\n"
        assert picture == snapshot(extension_class=ScreenText)
