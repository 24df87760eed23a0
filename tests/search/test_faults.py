"""No part of search can go without a test that fails; see `plant_faults`."""

import pytest

from tests.search.plant_faults import survivors


@pytest.mark.slow
def test_no_fault_that_is_planted_survives() -> None:
    assert survivors() == []
