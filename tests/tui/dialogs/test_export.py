"""The file that an export asks for: whatever is typed is answered with a sentence, never with the end of the desk."""

from pathlib import Path

import pytest

from agent_assist.errors import Refused
from agent_assist.tui.review.dialogs.export_form import ExportScreen

LONG = "a" * 5000


@pytest.mark.parametrize("typed", ["", "x/" * 3000 + "y", "~nobody-of-this-name/offers.xlsx", "no\0name/y", "/"])
def test_a_path_that_cannot_be_is_refused(typed: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        ExportScreen("3 offers", tmp_path / "offers.xlsx")._parse_file(typed)


def test_a_name_that_the_disk_does_not_take_is_left_to_the_export(tmp_path: Path) -> None:
    assert ExportScreen("3 offers", tmp_path / "offers.xlsx")._parse_file(LONG).value == LONG


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="gone"):
        ExportScreen("3 offers", tmp_path / "offers.xlsx")._parse_file(str(tmp_path / "gone" / "offers.xlsx"))
