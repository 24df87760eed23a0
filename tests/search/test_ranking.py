"""What each figure of the ranking is for: of two phrases that both match, the one that people mean comes first.

Each row is decided by the figure it names (`plant_faults` takes it away and expects the row to fail).
"""

import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.synonyms import Synonyms

OTHERS = (
    "系统维护公告说明",
    "支付失败公告说明",
    "订单进度公告说明",
    "优惠券补偿公告说明",
    "数据库升级公告说明",
    "恢复时间公告说明",
    "重复扣款公告说明",
    "会员延期公告说明",
    "快递延误公告说明",
    "银行卡绑定公告说明",
    "发票重开公告说明",
    "账号解锁公告说明",
    "Scheduled maintenance tonight",
    "Duplicate charge on a card",
    "Delivery is late",
    "Coupon for the outage",
)
"""The rest of the book; nearly every title says 公告说明, so that these say little."""
SYNONYMS = Synonyms([["宕机", "崩溃", "outage"], ["退钱", "退款", "money back", "refund"], ["slow", "laggy", "卡顿"]])


def phrase(name: str, written: str) -> Phrase:
    """A phrase from `title|text`."""
    title, _, text = written.partition("|")
    lang = "en" if title.isascii() else "zh"
    return Phrase(id=name, title={lang: title}, text={lang: text or ("说明" if lang == "zh" else "Note")})


@pytest.mark.parametrize(
    ("figure", "typed", "first", "behind"),
    [
        ("aligned: more of what was typed is explained", "手机登录 三星", "说明新版步骤手机登录", "登录手机"),
        ("explained: nearly all in the title", "订单延误", "会员订单延误", "订单|订单延误"),
        ("shared: 版手 sounds as typed too", "pingbanshouji", "新版手机平板", "平板指引手机"),
        ("alike: what is not typed says little", "页面", "公告说明页面", "页面指引"),
        ("alike: what is not typed says little", "登录", "公告说明登录", "登录指引"),
        ("meant: rare words beside the synonym apart", "outage", "崩溃公告手机说明", "崩溃手机公告说明"),
        ("typed: the shorter title", "pingban zzz", "平板", "平板说明步骤"),
        ("typed: the shorter title", "shouji zzz", "手机", "手机公告的步骤"),
        ("rare: what is not typed says little", "denglu", "登录公告说明", "登录指引"),
        ("jumps: the words stand together", "平板 登录 三星", "指引平板登录", "登录新平板"),
        ("text: the text says it too", "登录 打不开", "登录打不开|快递打不开", "登录打不开"),
        ("whole text: the text is about it", "登录", "指引登录步骤|登录", "登录"),
        ("rest: the text says what the title leaves open", "登录重置订单", "订单|登录重置", "登录很慢"),
        ("rest: the text says what the title leaves open", "延误很慢会员", "延误|很慢会员延误", "延误会员"),
        ("begins: the title begins with it", "登录", "登录页面指引", "指引页面登录"),
        ("begins: the title begins with it", "yzm", "验证码指引", "指引验证码"),
        (
            "long, text: titles count",
            "密码 恢复 登录 说明 失败",
            "恢复登录密码",
            "密码登录失败订单|打不开密码登录恢复",
        ),
        ("long, aligned and explained", "会员 很慢 说明 退款", "很慢会员退款", "说明会员|很慢会员页面退款"),
        ("long, typed: the shorter title", "补偿 取消 快递 shib 会员", "会员", "会员时间"),
        ("long, jumps", "打不开补偿进度密码重置", "补偿取消重置密码进度打不开", "补偿进度密码时间打不开"),
        ("long, whole text", "补偿 会员 过期 过期 会员", "过期会员|补偿会员过期时间", "过期会员补偿|会员退款补偿"),
        ("long, rest", "进度 过期 延误 失败 恢复", "延误|过期进度页面延误", "延误进度"),
        ("long, begins: how it begins matters less", "会员时间快递过期说明很慢", "时间快递", "会员快递"),
        ("long, rare: rare words matter less", "很慢 进度 huifu 页面 订单 登录", "恢复很慢重置", "进度恢复"),
        ("long, meant: other words for it", "退款重置登录取消订单重置延误", "退款重置", "重置登录"),
        ("long, alike", "dingdan密码重置很慢退款时间重置", "补偿密码", "快递订单"),
        ("confused sounds: n/l", "nanse", "蓝色", "男生色彩"),
        ("confused sounds: n/l", "niwu", "礼物登记", "你登记无"),
        ("a syllable cut off at the end", "jindupi", "平板进度密码", "进度"),
        ("a syllable cut off", "dejindu", "登录进度", "进度"),
        ("pairs of sounds", "dengluyi", "登录手机页面", "登度录页进面"),
        ("pairs and triples of initials", "支付shibai", "退款支付", "失付支败"),
        ("another form of the word", "page parcels", "Late page parcel", "MarkedBuffer"),
        ("another form of the word", "order passwords", "Password", "Order"),
        ("words typed together", "latewhereis", "Where is late", "Where is"),
        ("a word inside another", "order deliveries parcle", "Order deliver", "Order"),
        ("a slip", "late pracel", "Late parcel", "Late"),
        ("a slip", "account canel", "Cancel", "Account"),
        ("a slip in a beginning", "verfica", "Verification page", "Verify page"),
        ("a slip in a beginning", "card passwr", "Deliver password card", "Card"),
        ("a slip in a beginning", "subscirp page", "Subscription card", "MarkedBuffer"),
        ("a beginning", "my passwo", "Guide my password", "My guide"),
        ("a word of the same kin", "delivery late", "Delivered late", "Late"),
        ("joining words say little", "where is my parcel", "Parcel page", "Where is my hat"),
    ],
)
def test_of_two_phrases_that_match_the_one_people_mean_comes_first(
    figure: str, typed: str, first: str, behind: str
) -> None:
    others = [phrase(f"other{number}", title) for number, title in enumerate(OTHERS)]
    index = Index([*others, phrase("z", first), phrase("a", behind)], synonyms=SYNONYMS)
    assert next(hit.phrase.id for hit in index.search(typed) if hit.phrase.id in "az") == "z", figure


def test_a_word_of_the_book_that_is_pinyin_too_finds_both() -> None:
    index = Index([phrase("word", "Shanghai office"), phrase("sound", "上海账号"), phrase("other", "退款进度")])
    assert [hit.phrase.id for hit in index.search("shanghai")] == ["word", "sound"]
