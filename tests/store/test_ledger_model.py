"""The log against a model: whatever is tried in whatever order, all three engines agree with it, hash by hash."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from agent_assist.errors import Refused
from agent_assist.offers import Duration, Money, NewOffer
from agent_assist.offers.offer import OFFER_KINDS
from agent_assist.store import MemoryStore, Store, open_store
from tests.offers.samples import SALT, an_offer
from tests.store.engines import Server

NAMES = st.sampled_from(["王女士", "Li Wei", ""])
OFFERS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(OFFER_KINDS),
        "agent": st.sampled_from(["小李", "小陈"]),
        "customer": NAMES,
        "incident_id": st.sampled_from(["INC-1", "INC-2", ""]),
        "money": st.none() | st.builds(Money, st.integers(-1, 2**63 - 1), st.sampled_from(["CNY", "JPY", "KWD"])),
        "duration": st.none() | st.builds(Duration, st.integers(1, 40), st.sampled_from(["day", "month"])),
        "reason": st.text(max_size=8),
        "sentence": st.text(max_size=8),
    }
)


class Ledger(RuleBasedStateMachine):
    """Adds offers under few op_ids, so that repeats and conflicts are common."""

    stores: tuple[Store, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, tuple[int, dict[str, Any]]] = {}
        self.count = 0

    @rule(op_id=st.sampled_from("abcdefgh"), said=OFFERS)
    def add(self, op_id: str, said: dict[str, Any]) -> None:
        self._try(op_id, said)

    @rule(op_id=st.sampled_from("abcdefgh"))
    def add_again(self, op_id: str) -> None:
        if op_id in self.model:
            self._try(op_id, self.model[op_id][1])

    @invariant()
    def all_agree_with_the_model(self) -> None:
        logs = [store.entries() for store in self.stores]
        assert logs[0] == logs[1] == logs[2]
        assert [entry.op_id for entry in logs[0]] == list(self.model)
        for store in self.stores:
            assert store.verify().ok
            for name in ("王女士", "Li Wei"):
                expected = [seq for seq, said in self.model.values() if said["customer"] == name]
                assert [offer.seq for offer in store.offers(customer=name)] == expected

    def _try(self, op_id: str, said: dict[str, Any]) -> None:
        outcomes = [_outcome(store, an_offer(op_id, **said)) for store in self.stores]
        assert outcomes[0] == outcomes[1] == outcomes[2]
        known = self.model.get(op_id)
        is_new = known is None and isinstance(outcomes[0], tuple)
        if is_new:
            self.count += 1
            self.model[op_id] = (self.count, said)
            assert outcomes[0][:2] == (self.count, False)
        elif known and known[1] == said:
            assert outcomes[0][:2] == (known[0], True)
        else:
            nothing = said["money"] is None and said["duration"] is None and not said["sentence"].strip()
            assert nothing or (said["money"] and said["money"].minor <= 0) or known is not None


def _outcome(store: Store, new: NewOffer) -> Any:
    try:
        recorded = store.add_offer(new)
    except Refused as refused:
        return str(refused)
    return recorded.offer.seq, recorded.already, recorded.offer


@pytest.fixture
def _same_salts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _size: SALT)


@pytest.mark.usefixtures("_same_salts")
@pytest.mark.parametrize("examples", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_every_engine_keeps_the_same_log_as_the_model(postgres: Server, home: Path, examples: int) -> None:
    number = 0

    class OnThreeEngines(Ledger):
        def __init__(self) -> None:
            nonlocal number
            number += 1
            super().__init__()
            self.stores = (
                MemoryStore(), open_store(f"sqlite:///{home / f'{number}.db'}"), open_store(postgres.url()),
            )  # fmt: skip

        def teardown(self) -> None:
            for store in self.stores:
                store.close()

    run_state_machine_as_test(
        OnThreeEngines,
        settings=settings(
            max_examples=examples, stateful_step_count=15, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
