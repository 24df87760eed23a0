"""The rooms of the ground floor are held to their floor, and what is measured is read by room."""

from tests.architecture import coverage_floor
from tests.architecture.source import PACKAGE, ROOT


def report(**branches: tuple[int, int]) -> dict[str, object]:
    """Return what coverage writes about files with these branches, taken and all; `a__b` stands for a/b.py."""
    return {
        "files": {
            f"agent_assist/{name.replace('__', '/')}.py": {"summary": {"covered_branches": taken, "num_branches": all_}}
            for name, (taken, all_) in branches.items()
        }
    }


def test_every_room_has_a_floor_and_those_of_the_ground_floor_ninety_percent() -> None:
    floors = coverage_floor.floors()
    rooms = {path.parent.name for path in (ROOT / PACKAGE).glob("*/__init__.py")}
    assert set(floors) == {*rooms, "ground"}
    assert all(floors[room] >= 90 for room in coverage_floor.GROUND_FLOOR)


def test_files_are_summed_by_room_and_those_in_none_are_the_ground() -> None:
    files = report(
        offers__money=(8, 10), offers__words__more=(10, 10), files=(1, 2), settings=(1, 2), chats__chat=(0, 0)
    )
    assert coverage_floor.measured(files) == {"chats": 100.0, "ground": 50.0, "offers": 90.0}


def test_a_floor_is_raised_and_never_lowered() -> None:
    now = {"offers": 97.9, "chats": 85.0, "tui": 30.2, "store": 40.0}
    assert coverage_floor.raised(now, {"store": 72}) == {"offers": 96, "chats": 90, "tui": 29, "store": 72}


def test_a_room_below_its_floor_stands_out() -> None:
    assert "BELOW" in coverage_floor.table({"offers": 89.9}, {"offers": 90})
    assert "BELOW" not in coverage_floor.table({"offers": 90.0}, {"offers": 90})
    assert "no floor" in coverage_floor.table({"new": 100.0}, {})
