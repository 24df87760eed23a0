"""What tests with a screen share."""

import pytest
from textual.pilot import Pilot


@pytest.fixture(autouse=True)
def _patient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual gives a screen 30 seconds to answer a key, which a busy machine may need for one test among many."""
    wait = Pilot._wait_for_screen

    async def patiently(pilot: Pilot[None], timeout: float = 300.0) -> bool:
        return await wait(pilot, timeout)

    monkeypatch.setattr(Pilot, "_wait_for_screen", patiently)
