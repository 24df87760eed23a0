"""The log against a model: whatever is tried in whatever order, all three engines agree with it, hash by hash."""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agent_assist.errors import Refused
from agent_assist.offers import (
    Duration,
    GroupBy,
    Money,
    NewEvent,
    OfferAction,
    OfferFilter,
    Policy,
    PolicyConditions,
    Rule,
    Terms,
)
from agent_assist.offers.offer import OFFER_KINDS, State
from agent_assist.offers.policy import Limit
from agent_assist.store import MemoryStore, Store, erasure_subject, offer_writes, open_store
from tests.offers.samples import AT, SALT, an_offer
from tests.store.engines import Server

DEEDS: tuple[OfferAction, ...] = get_args(OfferAction)
STATES: tuple[Any, ...] = ("", "given", *get_args(State))
CUSTOMERS = st.sampled_from(["王女士", "Li Wei", ""])
AGENTS = st.sampled_from(["小李", "小陈", "老周"])
AMOUNTS = st.builds(Money, st.integers(-1, 400), st.sampled_from(["CNY", "CNY", "JPY"])) | st.just(
    Money(2**63 - 1, "KWD")
)
OFFERS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(OFFER_KINDS),
        "agent": AGENTS,
        "customer": CUSTOMERS,
        "order": st.sampled_from(["", "A1", "B2"]),
        "incident_id": st.sampled_from(["INC-1", "INC-2", ""]),
        "money": st.none() | AMOUNTS,
        "duration": st.none() | st.builds(Duration, st.integers(1, 40), st.sampled_from(["day", "month"])),
        "reason": st.text(max_size=8),
        "sentence": st.text(max_size=8),
        "at": st.integers(0, 72).map(lambda hour: AT + dt.timedelta(hours=hour)),
    }
)
LIMITS: Mapping[Limit, int] = {"per_customer_and_incident": 500, "per_agent_and_day": 700, "per_incident": 900}
POLICY = Policy(
    rules=(Rule("all", dict.fromkeys(OFFER_KINDS, "any")),),
    limits=LIMITS,
    never=("gift",),
    repeat_needs_approval=False,
)
TERMS = st.none() | st.sampled_from([0, 24, 48]).map(
    lambda hours: Terms(POLICY, PolicyConditions(), AT + dt.timedelta(hours=hours))
)
TOMBSTONES: list[str] = []
"""The op_ids of the next tombstones."""

CHANGES: dict[tuple[str, str], str] = {
    ("pending", "approved"): "approved",
    ("pending", "declined"): "declined",
    **{(state, "voided"): "voided" for state in ("offered", "pending", "approved", "delivered")},
    **{(state, "delivered"): "delivered" for state in ("offered", "approved")},
}


class Ledger(RuleBasedStateMachine):
    """Few op_ids, names and amounts, so that repeats, conflicts and full limits are common."""

    stores: tuple[Store, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, tuple[int, dict[str, Any]]] = {}
        self.states: dict[int, str] = {}
        self.erased: set[int] = set()
        self.deeds = 0

    @initialize(offers=st.lists(st.tuples(OFFERS, TERMS), min_size=4, max_size=8))
    def begin(self, offers: list[tuple[dict[str, Any], Terms | None]]) -> None:
        for op_id, (said, terms) in zip("abcdefgh", offers, strict=False):
            self.add(op_id, said, terms)

    @rule(op_id=st.sampled_from("abcdefgh"), said=OFFERS, terms=TERMS)
    def add(self, op_id: str, said: dict[str, Any], terms: Terms | None) -> None:
        new = an_offer(op_id, **said)
        recorded = self._agreed(lambda store: store.add_offer(new, terms=terms))
        known = self.model.get(op_id)
        if isinstance(recorded, str):
            nothing = said["money"] is None and said["duration"] is None and not said["sentence"].strip()
            is_zero = said["money"] and said["money"].minor <= 0
            assert nothing or is_zero or known is not None or said["kind"] == "gift"
        elif known is None:
            assert not recorded.already
            self.model[op_id] = (recorded.offer.seq, said)
            self.states[recorded.offer.seq] = recorded.offer.state
            assert recorded.offer.state == "offered" or terms is not None
        else:
            assert (recorded.already, recorded.offer.seq) == (True, known[0])

    @rule(op_id=st.sampled_from("abcdefgh"))
    def add_again(self, op_id: str) -> None:
        if op_id in self.model:
            seq, said = self.model[op_id]
            recorded = self._agreed(lambda store: store.add_offer(an_offer(op_id, **said)))
            assert (recorded.already, recorded.offer.seq) == (True, seq)

    @rule(
        number=st.integers(0, 7),
        event=st.sampled_from(DEEDS),
        agent=AGENTS,
        lead=st.booleans(),
        money=AMOUNTS,
        terms=TERMS,
    )
    def decide(
        self, number: int, event: OfferAction, agent: str, lead: bool, money: Money, terms: Terms | None
    ) -> None:
        seqs = sorted(self.states)
        if number >= len(seqs):
            return
        seq = seqs[number]
        self.deeds += 1
        promise: dict[str, Any] = {"kind": "coupon", "money": money} if event == "adjusted" else {}
        new = NewEvent(
            op_id=f"deed {self.deeds}",
            event=event,
            offer=str(seq),
            agent=agent,
            at=AT,
            note="备注",
            role="lead" if lead else "agent",
            **promise,
        )
        recorded = self._agreed(lambda store: store.decide(new, terms=terms))
        before = self.states[seq]
        if isinstance(recorded, str):
            return
        if event == "adjusted":
            assert before in ("offered", "pending", "approved")
            assert recorded.offer.money == money
        else:
            assert recorded.offer.state == CHANGES[before, event]
        if event in ("approved", "declined"):
            assert lead
            assert agent != recorded.offer.agent
        self.states[seq] = recorded.offer.state
        again = self._agreed(lambda store: store.decide(new, terms=terms))
        assert (again.already, again.offer) == (True, recorded.offer)

    @rule(customer=st.sampled_from(["王女士", "Li Wei"]), order=st.sampled_from(["", "A1"]))
    def erase(self, customer: str, order: str) -> None:
        self.deeds += 1

        def erased(store: Store) -> Any:
            TOMBSTONES[:] = [f"erasure {self.deeds}.{number}" for number in range(8)]
            return store.erase(customer, order=order, agent="老周", role="lead", reason="要求", at=AT)

        gone = self._agreed(erased)
        seqs = {
            seq
            for seq, said in self.model.values()
            if said["customer"] == customer and (not order or said["order"] == order) and seq not in self.erased
        }
        assert gone.offers == len(seqs)
        self.erased |= seqs

    @rule(op_id=st.sampled_from("abcdefgh"), terms=TERMS)
    def what_is_left_is_the_same_everywhere(self, op_id: str, terms: Terms | None) -> None:
        if terms is not None and op_id in self.model:
            self._agreed(lambda store: store.limit_usage(an_offer("x", **self.model[op_id][1]).scope, terms))

    @rule(
        state=st.sampled_from(STATES),
        incident=st.sampled_from(["", "INC-1"]),
        agent=st.sampled_from(["", "小李"]),
        kind=st.sampled_from(["", "coupon", "gift"]),
        currency=st.sampled_from(["", "CNY", "JPY"]),
        least=st.none() | st.integers(0, 300),
        most=st.none() | st.integers(0, 300),
        customer=st.sampled_from(["", "王女士"]),
        text=st.text(max_size=1) | st.sampled_from(["备", "li w", "%", "_"]),
        hours=st.none() | st.integers(0, 72),
        by=st.sampled_from(get_args(GroupBy)),
        limit=st.integers(0, 3),
    )
    def every_question_has_one_answer(self, hours: int | None, by: GroupBy, limit: int, **asked: Any) -> None:
        since = None if hours is None else AT + dt.timedelta(hours=hours)
        wanted = OfferFilter(since=since, **asked)
        zone = dt.timezone(dt.timedelta(hours=5, minutes=45))
        page = self._agreed(lambda store: store.page(wanted, limit=limit, before_seq=9 if limit == 2 else 0))
        assert [offer.seq for offer in page] == sorted((offer.seq for offer in page), reverse=True)
        self._agreed(lambda store: store.count(wanted))
        self._agreed(lambda store: store.sums(wanted, by, zone))
        self._agreed(lambda store: store.medians(wanted))
        self._agreed(lambda store: store.offers(state=asked["state"], incident=asked["incident"], limit=limit))

    @invariant()
    def all_agree_with_the_model(self) -> None:
        log = self._agreed(lambda store: store.entries())
        assert [entry.op_id for entry in log if entry.event == "offered"] == list(self.model)
        assert {offer.seq: offer.state for offer in self.stores[0].offers()} == self.states
        assert {offer.seq for offer in self.stores[0].offers() if offer.erased} == self.erased
        for store in self.stores:
            assert store.verify().ok

    def _agreed(self, ask: Callable[[Store], Any]) -> Any:
        """The one answer of all stores; a refusal answers with its words."""
        answers = [_outcome(ask, store) for store in self.stores]
        assert answers[0] == answers[1] == answers[2]
        return answers[0]


def _outcome(ask: Callable[[Store], Any], store: Store) -> Any:
    try:
        return ask(store)
    except Refused as refused:
        return str(refused)


@pytest.fixture
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Salts and tombstones' op_ids are the same on every engine."""
    monkeypatch.setattr(secrets, "token_hex", lambda _size: SALT)
    monkeypatch.setattr(erasure_subject, "new_op_id", TOMBSTONES.pop)


@pytest.mark.usefixtures("_no_chance")
@pytest.mark.parametrize("examples", [4, pytest.param(150, marks=pytest.mark.slow)])
def test_every_engine_keeps_the_same_log_as_the_model(postgres: Server, home: Path, examples: int) -> None:
    run_state_machine_as_test(_on_three_engines(postgres, home), settings=_settings(examples))


@pytest.mark.usefixtures("_no_chance")
def test_the_proof_bites(postgres: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: an engine that lets anybody decide anything is found out."""
    monkeypatch.setattr(offer_writes, "check_transition", lambda _new, _offer, _history: None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(_on_three_engines(postgres, home), settings=_settings(30))


def _on_three_engines(postgres: Server, home: Path) -> type[Ledger]:
    number = 0

    class OnThreeEngines(Ledger):
        def __init__(self) -> None:
            nonlocal number
            number += 1
            super().__init__()
            self.stores = (
                MemoryStore(),
                open_store(f"sqlite:///{home / f'{number}.db'}"),
                open_store(postgres.url()),
            )

        def teardown(self) -> None:
            for store in self.stores:
                store.close()

    return OnThreeEngines


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # shrinking takes minutes on three engines
    )
