"""The hash chain: golden vectors that must never change, and every kind of tampering."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.offers import Duration, Entry, Head, Money, SaltedText, verify_chain
from agent_assist.offers.chain import HASHED_COLUMNS, canonical, chain_entry, digest, entry_hash, values
from tests.offers.samples import AT, SALT, a_log, an_event

GOLDEN = """\
agent-assist offer entry v1
seq#1
op_id=4:op-1
event=7:offered
offer_seq#1
at#1795155030123456
agent=6:小李
role=0:
tier=4:gold
incident=5:INC-1
chat=2:c1
kind=6:coupon
minor#2000
currency=3:CNY
duration_count~
duration_unit~
pending#0
rule=0:
customer=64:04fc0ba08dfaefbb2c7a2664c542a72b81c6448994156696aadb5aada4213697
order=64:3dd57ff6d21189f71ff0e3adeb34fb2f963a9e42036398c9b233264f04f05984
thing~
sentence=64:64f3d9853a0b37ece9a48d33ac23a450440ac572dd16189a6e3ba562dbaa6f94
reason=64:f1a52f5f95629f3d7e1e24236803982e1299668e247971acf0fe11bbf9cffbe2
note~
prev=64:0000000000000000000000000000000000000000000000000000000000000000
"""


def test_format_1_hashes_these_bytes_for_ever() -> None:
    log = a_log(an_event("approved", note="可以"))
    assert canonical(log[0]).decode() == GOLDEN
    assert [entry.hash for entry in log] == [
        "b1d7d6ef8fa2cc4158180cc0acc63a36d0b8692a708b68295b3f48414cc4393c",
        "aed07f4258cde4a7407422e3f6bef829481b338370c5db3b6612510c194dd17f",
        "dad010317b6cf829a11ac896fb598484c719106d8e8f626d03a6ed6b0fbbd042",
    ]


def test_a_personal_text_enters_only_as_its_salted_digest() -> None:
    assert "王女士" not in canonical(a_log()[0]).decode()
    assert digest("customer", SALT, "王女士") == "04fc0ba08dfaefbb2c7a2664c542a72b81c6448994156696aadb5aada4213697"
    assert digest("order", SALT, "王女士") != digest("customer", SALT, "王女士")


def test_times_are_exact_to_the_microsecond() -> None:
    assert from_micros(to_micros(AT)) == AT


def test_an_untouched_log_is_in_order_and_names_its_head() -> None:
    log = a_log(an_event("approved"), an_event("delivered"))
    verdict = verify_chain(log, Head(2, log[1].hash))
    assert (verdict.ok, verdict.entries, verdict.head) == (True, 4, Head(4, log[3].hash))
    assert verify_chain([]).ok


_TAMPERED: dict[str, Callable[[Entry], Entry]] = {
    "op_id": lambda entry: _with(entry, op_id="other"),
    "event": lambda entry: _with(entry, event="voided"),
    "offer_seq": lambda entry: _with(entry, offer_seq=1),
    "at": lambda entry: _with(entry, at=from_micros(to_micros(entry.at) + 1)),
    "agent": lambda entry: _with(entry, agent="老周"),
    "role": lambda entry: _with(entry, role="lead"),
    "tier": lambda entry: _with(entry, tier=""),
    "incident": lambda entry: _with(entry, incident="INC-2"),
    "chat": lambda entry: _with(entry, chat="c2"),
    "kind": lambda entry: _with(entry, kind="refund"),
    "minor": lambda entry: _with(entry, money=Money(1, "CNY")),
    "currency": lambda entry: _with(entry, money=Money(0, "USD")),
    "duration_count": lambda entry: _with(entry, duration=Duration(2, "month")),
    "duration_unit": lambda entry: _with(entry, duration=Duration(1, "day")),
    "pending": lambda entry: _with(entry, pending=True),
    "rule": lambda entry: _with(entry, rule="x"),
    "prev": lambda entry: _with(entry, prev="f" * 64),
    "hash": lambda entry: _with(entry, hash="f" * 64),
    "format": lambda entry: _with(entry, format=2),
    "customer": lambda entry: _with_text(entry, customer=SaltedText(digest("customer", SALT, "李"), SALT, "李")),
    "order": lambda entry: _with_text(entry, order=SaltedText("", SALT, "B2")),
    "thing": lambda entry: _with_text(entry, thing=SaltedText("f" * 64, SALT, "杯子")),
    "sentence": lambda entry: _with_text(entry, sentence=SaltedText(entry.texts["sentence"].digest, SALT, "别的话")),
    "reason": lambda entry: _with_text(
        entry, reason=SaltedText(entry.texts["reason"].digest, "zz", "登录失败 40 分钟")
    ),
    "note": lambda entry: _with_text(entry, note=SaltedText("f" * 64)),
    "text without salt": lambda entry: _with_text(entry, reason=SaltedText(entry.texts["reason"].digest, "", "x")),
}


def _with(entry: Entry, **changes: Any) -> Entry:
    return msgspec.structs.replace(entry, **changes)


def _with_text(entry: Entry, **changes: SaltedText) -> Entry:
    return _with(entry, texts={**entry.texts, **changes})


@pytest.mark.parametrize("column", _TAMPERED)
def test_a_change_in_any_column_is_found_at_its_entry(column: str) -> None:
    log = a_log(an_event("approved"))
    log[1] = _TAMPERED[column](log[1])
    verdict = verify_chain(log)
    assert verdict.bad_seq == 2
    assert "#2" in verdict.reason


def test_every_hashed_column_has_a_case_of_tampering() -> None:
    assert set(HASHED_COLUMNS) - {"seq"} <= set(_TAMPERED)
    assert set(values(a_log()[0])) == set(HASHED_COLUMNS)


def test_a_deleted_a_moved_and_a_doubled_entry_are_found() -> None:
    log = a_log(an_event("approved"), an_event("delivered"))
    assert verify_chain(log[:1] + log[2:]).bad_seq == 2
    assert verify_chain(log[1:]).bad_seq == 1
    assert verify_chain([log[0], log[2], log[1], log[3]]).bad_seq == 2
    assert verify_chain([log[0], log[0], *log[1:]]).bad_seq == 1


def test_a_cut_tail_is_found_only_with_the_head_seen_before() -> None:
    log = a_log(an_event("approved"))
    assert verify_chain(log[:2]).ok
    verdict = verify_chain(log[:2], Head(3, log[2].hash))
    assert verdict.bad_seq == 3
    assert "missing" in verdict.reason


def test_a_log_rewritten_from_the_start_is_found_only_with_the_head_seen_before() -> None:
    seen = a_log(an_event("approved"))
    rewritten = a_log(an_event("declined"), an_event("delivered"))
    assert verify_chain(rewritten).ok
    verdict = verify_chain(rewritten, Head(3, seen[2].hash))
    assert verdict.bad_seq == 3
    assert "rewritten" in verdict.reason


def test_two_heads_that_contradict_each_other_are_a_finding() -> None:
    log = a_log()
    assert verify_chain(log, Head(1, log[0].hash), Head(2, log[1].hash), None).ok
    assert verify_chain(log, Head(1, log[0].hash), Head(1, "f" * 64)).bad_seq == 1


def test_texts_may_be_gone_only_when_an_erasure_on_the_log_says_why() -> None:
    erased = an_event("erased", note="客户要求")
    log = a_log(erased)
    log[0] = _with(log[0], texts={name: SaltedText(sealed.digest) for name, sealed in log[0].texts.items()})
    assert verify_chain(log).ok
    verdict = verify_chain(log[:2])
    assert verdict.bad_seq == 1
    assert "no erasure" in verdict.reason
    log[1] = _with(log[1], texts={name: SaltedText(sealed.digest) for name, sealed in log[1].texts.items()})
    assert verify_chain(log).bad_seq == 2


def test_an_erasure_does_not_cover_what_was_written_after_it() -> None:
    log = a_log(an_event("erased"), an_event("voided", note="后来"))
    log[3] = _with(log[3], texts={"note": SaltedText(log[3].texts["note"].digest)})
    assert verify_chain(log).bad_seq == 4


def test_an_entry_is_linked_to_the_one_before() -> None:
    first, second = a_log()
    assert (first.seq, second.seq, second.prev) == (1, 2, first.hash)
    again = chain_entry(second, Head(1, first.hash))
    assert again == second
    assert entry_hash(again) == again.hash
