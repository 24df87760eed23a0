"""What other programs would have filled never passes for words, and words never pass for a placeholder."""

import time
import tomllib
from pathlib import Path

import pytest

from agent_assist.replies import check
from agent_assist.replies.placeholders import placeholders, placeholders_in_template
from tests.replies.desk import facts

NO_FACTS = facts(incident=None)

LEFT = [
    "{nick}您好",
    "%{ticket.name.first}您好",
    "#{ticket.customer.lastname}您好",
    "[[name]]您好",
    "{formtext: name=name}您好",
    "##亲##您好",
    "%name%您好",
    "[姓名]您好",
    "<p>您好，<br>请稍候&nbsp;片刻</p>",
    "A &amp; B 已恢复 &gt; 请重试",
    "预计[时间]恢复",
    "送您[优惠券/礼品]一份",
    "<<name>>，您好",
    "${name} 您好",
    "@name@ 您好",
    "{{{x}}} 您好",
    "｛姓名｝您好",
    "{姓名}您好",
    "{{name}}",
    "{% if x %}",
    "Hello {first_name},",
    "Dear [Customer Name],",
    "Hi [Your Name]",
    "[insert date here]",
    "[INSERT LINK]",
    "Thanks, [Agent Name]",
    "%customer_name%",
    "%%first_name%%",
    "*|FNAME|*",
    "{!Contact.Name}",
    "{$customer.name}",
    "<%= name %>",
    "<first_name>",
    "<name>",
    "<姓名>",
    "«FirstName_x»",
    "«name»",
    "$name$",
    "$|$",
    "$(clipboard)",
    "$customer_name",
    "${CUSTOMER}",
    "Hello %s, your order",
    "%1$s 您好",
    "#姓名#您好",
    "#code# 是您的验证码",
    "【姓名】您好",
    "尊敬的【客户姓名】",
    "尊敬的(姓名)，您好",
    "[预计恢复时间]前恢复",
    "[订单号]",
    "您的订单[订单编号]已退款",
    "[具体原因]",
    "[金额]元",
    "[您的姓名]",
    "[客户姓名]",
    "请点击[链接]",
    "XX 先生，您好",
    "预计 XX:XX 恢复",
    "×××元",
    "&#39;s",
    "&lt;b&gt;",
    "&#x4e2d;",
    "<br/>",
    "<b>重要</b>",
    '<a href="https://x.com">点这里</a>',
    '<font color="red">x</font>',
    "<!-- note -->",
    "{0} 您好",
    "{ticket_id}",
    "{{ customer.name",
    "客户.姓名 }}",
    "__NAME__",
    "||name||",
    "[coupon/gift]",
    "[%name%]",
    "%订单号%",
    "％姓名％您好",
    "{ name }",
    "{#name}",
    '{name|default:"x"}',
    "[[+name]]",
    "[link]",
    "[姓名/昵称]",
    "［姓名］您好",
    '<div style="x">',
]

PEOPLES_OWN = [
    "见说明[1]，谢谢",
    "【坐席】请稍等",
    "【时间】14:00 到 15:00",
    "[图片]",
    "[微笑][玫瑰]",
    "[OK]",
    "[捂脸]",
    "a < b 而且 b > a",
    "x <= 3 && y >= 2",
    "涨了 50% 的用户和 30% 的商家",
    "50%的用户、30%的商家",
    "100%保证",
    "订单 #A20931",
    "#20931",
    "AT&T",
    "R&D; Q&A",
    "Johnson & Johnson",
    "https://example.com/a?b=1&copy=2#name",
    "https://example.com/%E5%A7%93%E5%90%8D%20x",
    "support@example.com",
    "请写信到 help@our-shop.cn 或 @小王",
    "@Tom @Jerry",
    "**重要** 请看 *这里*",
    "## 标题",
    "# 标题 #",
    "- 第一",
    "1. 第一",
    "`code`",
    "[查看详情](https://example.com/x)",
    ":) :-) ;) :D <3 ^_^ T_T (>_<) {^_^} :-{ }",
    "=> -> <- <=>",
    "按 <Enter> 确认",
    "点“设置”>“账户”",
    "￥20、$20、US$ 20.00",
    "$5 off",
    "C:\\Users\\name",
    "#五一出行# 优惠",
    "#双十一#",
    "约 15% 的用户",
    "5<10",
    "if a<b then c>d",
    "<support@example.com>",
    "<https://example.com>",
    '{"error": 401}',
    "{}",
    "[]",
    "[ ]",
    "[x] 完成",
    "[A123]",
    "订单[A123]已发",
    "[/退款]",
    "[2026-11-27 14:30]",
    "[14:30]",
    "[SEV1]",
    "[For agents, do not send] As early as possible",
    "【坐席参考，勿外发】越早越好",
    "【已恢复】登录已恢复",
    "【订单号】A20931",
    "【京东】您的验证码",
    "[已发送]",
    "[语音] [视频] [文件]",
    "「姓名」一栏请填写真实姓名",
    "“姓名”一栏",
    "(姓名与身份证一致)",
    "姓名：王女士",
    "XXL 码还有货",
    "XX 公司？",
    "尺码 XL/XXL",
    "2×3",
    "1080×720",
    "3 x 4",
    "20% off, 30% more",
    "A/B 测试",
    "iOS/Android 均可",
    "[iOS/Android]",
    "and/or",
    "[and/or]",
    "__init__",
    "~~原价~~ 99",
    "| 列 | 值 |",
    "|a|b|",
    "2026-11-27T14:30",
    "user_name 字段",
    "错误码 E_500_X",
    "50%~60%",
    "#1 priority",
    "C# 和 F#",
    "5 * 3 * 2",
    "100 & 200",
    "&",
    "@all",
    "王@李",
    "¥100@次",
    "¥5–$10",
    "$AAPL",
    "a&b;c",
    "the {…} part",
    "Tom & Jerry; friends",
    "<<< 重要 >>>",
    ">>> 看这里",
    "《用户协议》",
    "〈注〉",
    "（用户）",
    "(client) side",
    "Hi (team),",
    "%",
    "50 %",
    "100 %d0",
    "[笑哭]",
    "[Mon]",
    "[sic]",
    "[…]",
    "[...]",
    "it costs 5%, not 10%.",
]


@pytest.mark.parametrize("text", LEFT)
def test_a_placeholder_of_any_program_is_found_and_holds_the_reply_back(text: str) -> None:
    assert placeholders(text)
    (gap, *_others) = check(text, "zh", facts=NO_FACTS).warnings
    assert (gap.code, gap.blocking) == ("gap", True)


@pytest.mark.parametrize("text", PEOPLES_OWN)
def test_what_people_write_is_no_placeholder(text: str) -> None:
    assert placeholders(text) == ()


def test_a_placeholder_is_named_with_its_place() -> None:
    (found,) = placeholders("您好，\n%name%先生")
    assert found == ("%name%", 4)


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("{{ customer.name }}，{% if incident.eta %}好{% endif %}", []),
        ("{{ incident.eta | date: '%m-%d' }}", []),
        ('{{ customer.name | default: "[姓名]" }}，您好', ["[姓名]"]),
        ("{{ customer.name }}，{nick} 您好", ["{nick}"]),
        ("{{{ customer.name }}}，您好", ["{{{ customer.name }}}"]),
    ],
)
def test_the_markup_of_our_own_templates_is_none(template: str, left: list[str]) -> None:
    assert [found.text for found in placeholders_in_template(template)] == left


def test_the_shipped_books_hold_none() -> None:
    for path in Path("phrasebooks").rglob("*.toml"):
        for entry in tomllib.loads(path.read_text("utf-8")).get("phrase", []):
            for text in entry["text"].values():
                assert placeholders_in_template(text) == (), entry["id"]


HOSTILE = [
    "{",
    "[",
    "<",
    "#",
    "x",
    "%a",
    "<a ",
    "[客户",
    "[your ",
    "&a",
    "$a.",
    "@name",
    "__name",
    "尊敬的【",
    "{a",
    "a_b<",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_text_made_to_be_slow_is_looked_through_quickly(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    spent = []
    for _ in range(3):
        before = time.process_time()
        placeholders(text)
        spent.append(time.process_time() - before)
    assert min(spent) < 0.5
