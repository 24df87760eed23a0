"""One engine for every way of typing: each row is a habit of agents, and what they must find with it."""

import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index

LOGIN = Phrase(
    id="login",
    title={"zh": "登录失败致歉", "en": "Apology: cannot sign in"},
    text={
        "zh": "王女士您好，数据库升级后登录异常。",
        "en": "Hello {{ customer.name }}, signing in fails after an upgrade.",
    },
    tags=("登录", "login"),
    keywords=("登不上", "can't sign in"),
)
REFUND = Phrase(
    id="refund",
    title={"zh": "退款进度查询", "en": "Where is my refund?"},
    text={"zh": "退款会在三个工作日内原路返回。", "en": "The money returns to your card within three working days."},
    tags=("退款", "refund"),
)
CODE = Phrase(
    id="code",
    title={"zh": "验证码收不到怎么办？", "en": "The verification code does not arrive"},
    text={"zh": "请检查短信拦截。", "en": "Please check whether messages are blocked."},
    tags=("短信",),
)
ZH_ONLY = Phrase(id="coupon", title={"zh": "运动服优惠券补偿"}, text={"zh": "送您一张优惠券。"}, kind="compensation")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index([LOGIN, REFUND, CODE, ZH_ONLY])


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("退款", "refund"),
        ("退款进度", "refund"),
        ("进度退款", "refund"),
        ("tuikuan", "refund"),
        ("tkjd", "refund"),
        ("退kuan", "refund"),
        ("tuik", "refund"),
        ("tuikuan jd", "refund"),
        ("tuikaun", "refund"),
        ("refudn", "refund"),
        ("refu", "refund"),
        ("wheremyrefund", "refund"),
        ("ｒｅｆｕｎｄ", "refund"),
        ("working days", "refund"),
        ("登不上", "login"),
        ("denglushibai", "login"),
        ("dengru", "login"),
        ("登錄失敗", "login"),
        ("登录失拜", "login"),
        ("dlsb", "login"),
        ("cant sign in", "login"),
        ("signing in", "login"),
        ("yanzhengma", "code"),
        ("yanzenma", "code"),
        ("yzm", "code"),
        ("验证吗", "code"),
        ("驗證碼", "code"),
        ("verfication", "code"),
        ("短信拦截", "code"),
        ("运动妇", "coupon"),
        ("yundongfu yhq", "coupon"),
    ],
)
def test_every_habit_of_typing_finds_the_phrase_first(index: Index, typed: str, wanted: str) -> None:
    assert next(hit.phrase.id for hit in index.search(typed)) == wanted


@pytest.mark.parametrize(
    ("typed", "lang", "marked"),
    [
        ("退款", "zh", "退款"),
        ("tuikuan", "zh", "退款"),
        ("tk", "zh", "退款"),
        ("验证吗", "zh", "验证码"),
        ("驗證碼", "zh", "验证码"),
        ("verfication", "en", "verification"),
    ],
)
def test_the_matching_part_of_the_title_is_marked_however_it_was_typed(
    index: Index, typed: str, lang: str, marked: str
) -> None:
    hit = index.search(typed)[0]
    assert hit.lang == lang
    assert [hit.phrase.title[lang][start:end] for start, end in hit.spans] == [marked]


def test_a_phrase_in_two_languages_is_one_hit(index: Index) -> None:
    ids = [hit.phrase.id for hit in index.search("login 登录")]
    assert len(ids) == len(set(ids))


def test_a_language_leaves_out_phrases_that_cannot_be_sent_in_it(index: Index) -> None:
    assert "coupon" not in [hit.phrase.id for hit in index.search("优惠券", lang="en")]


def test_placeholders_are_not_searched(index: Index) -> None:
    assert "login" not in [hit.phrase.id for hit in index.search("customer name")]


@pytest.mark.parametrize("typed", ["", "   ", "？！", "\x00", "🙂", "\n", "{{", "a" * 3000, "退" * 3000])
def test_nothing_that_can_be_typed_is_an_error(index: Index, typed: str) -> None:
    hits = index.search(typed)
    assert len({hit.phrase.id for hit in hits}) == len(hits)
    assert all(0 <= hit.score < float("inf") for hit in hits)
    assert index.search("优惠券")[0].phrase.id == "coupon", "what came before leaves nothing behind"
