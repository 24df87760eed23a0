"""What holds for every book and every query, checked with made-up ones."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.array_keys import ROW_BITS, keyed_rows
from agent_assist.search.keys import head_keys, text_keys
from agent_assist.search.normalise import fold, fold_with_places

TITLES = (
    "登录失败致歉",
    "退款进度查询",
    "验证码收不到怎么办？",
    "优惠券补偿说明",
    "数据库升级影响范围",
    "预计恢复时间未知",
    "支付重复扣款处理",
    "会员延期两天",
    "快递延误道歉",
    "账号被锁如何解锁",
    "系统维护公告",
    "银行卡绑定失败",
    "Apology: cannot sign in",
    "Where is my refund?",
    "The verification code does not arrive",
    "Coupon for the outage",
    "Scheduled maintenance tonight",
    "Duplicate charge on a card",
    "Delivery is late",
    "Unlock an account",
)
WORDS = "登录退款验证码进度系统银行长重还了的 login refund code card API2 tuikuan！，\n".strip()
BOOK = [Phrase(id=f"p{n:02}", title={"zh" if ord(t[0]) > 255 else "en": t}, text={}) for n, t in enumerate(TITLES)]
INDEX = Index(BOOK)

anything = st.text(max_size=60)
likely = st.text(alphabet=WORDS, max_size=40)


@pytest.mark.parametrize("phrase", BOOK, ids=lambda phrase: phrase.id)
def test_a_title_typed_in_full_finds_its_phrase_first(phrase: Phrase) -> None:
    (title,) = phrase.title.values()
    assert INDEX.search(title)[0].phrase.id == phrase.id


@given(anything | likely)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything | likely)
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(place < len(text) for place in places)


@given(st.permutations(["refund", "my", "where"]), st.permutations(["进度", "退款", "查询"]))
def test_the_order_of_words_does_not_lose_the_hit(english: list[str], chinese: list[str]) -> None:
    assert INDEX.search(" ".join(english))[0].phrase.id == "p13"
    assert INDEX.search(" ".join(chinese))[0].phrase.id == "p01"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["退款", "tuikuan", "denglu", "refund", "unlock", "yanzhengma", "dlsb"]))
def test_an_unrelated_phrase_does_not_change_who_is_found_first(query: str) -> None:
    more = Index([*BOOK, Phrase(id="new", title={"en": "Zebra photography club"}, text={})])
    assert more.search(query)[0].phrase.id == INDEX.search(query)[0].phrase.id


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.booleans()), max_size=12), likely)
def test_an_index_that_was_changed_finds_what_one_built_anew_finds(changes: list[tuple[int, bool]], query: str) -> None:
    changed, there = Index(BOOK), {phrase.id: phrase for phrase in BOOK}
    for place, stays in changes:
        phrase = BOOK[place]
        if stays:
            changed.put(phrase)
            there[phrase.id] = phrase
        else:
            changed.remove(phrase.id)
            there.pop(phrase.id, None)
    assert len(changed) == len(there)
    assert {hit.phrase.id for hit in changed.search(query)} <= there.keys()
    for phrase in there.values():
        (title,) = phrase.title.values()
        assert changed.search(title)[0].phrase.id == phrase.id


@settings(max_examples=60, deadline=None)
@given(likely, st.integers(1, 25))
def test_asking_for_more_hits_only_adds_hits_behind(query: str, limit: int) -> None:
    few, many = ([hit.phrase.id for hit in INDEX.search(query, number)] for number in (limit, 50))
    assert many[: len(few)] == few


@settings(max_examples=150, deadline=None)
@given(anything | likely)
def test_nothing_that_is_typed_raises_and_every_span_lies_in_the_title(query: str) -> None:
    for hit in INDEX.search(query):
        title = hit.phrase.title[hit.lang]
        edges = [edge for span in hit.spans for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(title) for edge in edges)


@pytest.mark.parametrize("piece", ["a", "退", "tuikuan", "login ", "zhuang", "退k", "zh", "您好，", "1", " "])
def test_time_grows_no_faster_than_a_long_query(piece: str) -> None:
    start = time.process_time()
    INDEX.search(piece * (2000 // len(piece)))
    assert time.process_time() - start < 1.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(likely | anything, likely | anything), min_size=1, max_size=6))
def test_many_entries_at_once_get_the_same_keys_as_one_at_a_time(entries: list[tuple[str, str]]) -> None:
    folded = [(fold(head.replace("\0", "")), fold(text.replace("\0", ""))) for head, text in entries]
    found = {
        (int(pair) >> ROW_BITS, int(pair) & ((1 << ROW_BITS) - 1))
        for part in keyed_rows(folded, set())
        for pair in part
    }
    assert found == {(key, row) for row, (head, text) in enumerate(folded) for key in head_keys(head) | text_keys(text)}
