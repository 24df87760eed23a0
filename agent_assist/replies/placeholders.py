"""Placeholders of any program that were left in a text: braces, brackets, HTML, names between marks.

Word rules on the text as it would be sent, run on every keystroke: nothing is compiled before a text holds one of the
characters that a placeholder begins with. A match is what no customer should read; footnotes, stickers such as
`[图片]`, headings such as `【时间】`, prices, hashes, addresses and code of one's own are none.
"""

import functools
import re
from typing import NamedTuple

GAP_MARK = re.compile(r"\[([^\[\]\n]{1,60})\?\]")
"""How a field without a value stands in a text; the group is its label."""

GUIDANCE_PREFIXES = ("【坐席参考", "[For agents")
"""Begins what the agent reads and never sends."""

_MAX_PLACEHOLDER_LENGTH = 80
"""Characters of a placeholder; what is longer is a sentence in brackets."""

_OPENER = r"[�\u2400-\u2421{}｛｝\[［【<＜&#＃$@%％*_«×xX|尊亲dDhH]"
"""What each form begins with; most of a text is passed over by it."""
_OPENERS = re.compile(_OPENER)

_NAMES_ZH = (
    "姓名|昵称|称呼|名字|客户名|用户名|客户|用户|顾客|买家|卖家|会员|亲|客服|坐席|工号|订单|单号|时间|日期|时刻|日期时间|金额|数量|"
    "价格|优惠券|优惠码|券码|礼品|赠品|补偿|链接|网址|电话|手机号|邮箱|地址|公司|品牌|店铺|店名|产品|商品|服务|功能|原因|问题|故障|"
    "影响|范围|工单|验证码|部门|职位|城市"
)
_NAMES_EN = (
    "name|nick|nickname|first|last|first ?name|last ?name|full ?name|surname|user|username|customer|client|contact|"
    "agent|operator|recipient|sender|company|brand|store|shop|product|service|order|order ?(?:id|no|number)|ticket|"
    "case|date|time|day|eta|amount|price|sum|number|email|e-?mail|phone|address|link|url|code|coupon|gift|reason|"
    "issue|cause|subject|title|signature|team|department"
)
_ABOUT_ZH = r"您的|你的|我的|客户|用户|顾客|买家|卖家|会员|客服|坐席|收件人|填写|填入|请填|插入|输入|此处|这里|\w"
_ABOUT_EN = "your|the|our|my|insert|enter|add|fill in|type|put|customer|client|user|agent|order|ticket|contact|company"

_TAGS = (
    "p|br|hr|div|span|a|b|i|u|s|em|strong|small|big|sub|sup|ul|ol|li|dl|dt|dd|img|table|thead|tbody|tr|td|th|h[1-6]|"
    "font|center|blockquote|pre|code|html|head|body|meta|title|style|script|iframe|form|input|button|label|select|"
    "option|section|article|header|footer|nav|video|audio|source|svg|o:p"
)


class Placeholder(NamedTuple):
    """A placeholder in a text: its characters and where it begins."""

    text: str
    start: int


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return the placeholders in a text, in order; of two that overlap the one that begins first."""
    if not _OPENERS.search(text):
        return ()
    address_spans = [match.span() for match in _addresses().finditer(text)]
    result = []
    for match in _pattern().finditer(text):
        if match.lastgroup == "entity" and not _is_entity(match["entity"]):
            continue
        if match.lastgroup == "marked" and any(start <= match.start() < end for start, end in address_spans):
            continue
        result.append(Placeholder(match.group()[:_MAX_PLACEHOLDER_LENGTH], match.start()))
    return tuple(result)


def placeholders_in_template(template: str) -> tuple[Placeholder, ...]:
    """Return those of a Liquid template: outside its markup, and in the literals within it."""
    if not _OPENERS.search(template):
        return ()
    return placeholders(_OWN_MARKUP.sub(_literals, template))


def _literals(markup: re.Match[str]) -> str:
    """Return the markup with everything but its quoted texts blanked; offsets stay."""
    return _QUOTED.sub(lambda part: part[1] or " " * len(part.group()), markup.group())


_QUOTED = re.compile(r"date[ \t]*:[ \t]*(?:\"[^\"]*\"|'[^']*')|(\"[^\"]*\"|'[^']*')|.", re.DOTALL)
"""A literal, kept; the pattern of a date has percent signs of its own."""
_OWN_MARKUP = re.compile(r"(?<!\{)\{\{(?!\{)(?:(?!\}\}|\{\{).)*\}\}(?!\})|\{%(?:(?!%\}).)*%\}", re.DOTALL)


def _is_entity(written: str) -> bool:
    from html.entities import name2codepoint  # loaded with the first entity

    name = written[1:-1]
    return name.startswith("#") or name in name2codepoint or name == "apos"


@functools.cache
def _addresses() -> re.Pattern[str]:
    """Return a pattern of web and mail addresses, which hold percent signs, hashes and at signs of their own."""
    return re.compile(
        r"(?:https?://|www\.)[^\s<>\"'，。；）]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]+", re.ASCII
    )


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return all forms as one pattern.

    Two groups need a second check: `entity` of HTML, and `marked` by characters that addresses hold as well.
    """
    zh = rf"(?:(?:{_ABOUT_ZH}){{0,4}}的?(?:{_NAMES_ZH})(?:名称|姓名|名|号码|号|编号|内容|原因|范围|时间|日期|链接)?)"
    en = rf"(?i:(?:(?:{_ABOUT_EN})['’]?s?[ _.-]?){{0,3}}(?:{_NAMES_EN})(?:[ _.-](?:{_NAMES_EN}|here|id|no))*)"
    forms = (
        "[�\u2400-\u2421]",  # what a character became that no terminal and no customer may get
        *_braces(),
        *_square_brackets(zh, en),
        *_angle_brackets(zh, en),
        rf"(?:尊敬的|亲爱的|(?i:dear|hi|hello))[ \t]*(?:[【<＜](?:{zh}|{en})[】>＞]|[《〈(（]{zh}[》〉)）])",
        r"【(?:客户|用户|买家|会员|您的)?(?:姓名|昵称|称呼|名字|客户名|用户名)】"
        r"(?=[ \t]*(?:您好|你好|先生|女士|小姐|老师|[,，:：]))",
        r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});)",
        f"(?P<marked>{'|'.join(_between_marks(zh, en))})",
    )
    return re.compile(f"(?={_OPENER})(?:{'|'.join(f'(?:{form})' for form in forms)})")


def _braces() -> tuple[str, ...]:
    """`{{ name }}`, `{name}`, `%{name}`, `{formtext: name}`, full-width too; what JSON and smileys hold is no name."""
    inside = r"[{｛][ \t]*[-!$#@~+=^&/*?%:]?[ \t]*_{0,2}[^\W_][^{}｛｝\n]{0,80}[}｝]"
    return (
        r"\{{2,3}[^{}\n]{0,80}\}{2,3}|\{%[^{}\n]{0,80}%\}",
        r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|[｛{]%|%[｝}]",
        rf"[%#$@!]?{inside}",
    )


def _square_brackets(zh: str, en: str) -> tuple[str, ...]:
    """`[[name]]`, `[姓名]`, `[coupon/gift]`, `[insert date]`; not `[1]`, `[图片]`, `[OK]`, `[and/or]`."""
    return (
        r"\[\[[ \t]*[+$#!~*]?[^\W\d][^\[\]\n]{0,80}\]\]|\[%[^\[\]\n]{1,80}%\]|\[\$[^\[\]\n]{1,40}\]",
        rf"[\[［][ \t]*(?:{zh}|{en})(?:[ \t]*[/／、|或][ \t]*[^\[\]［］\n/／、|]{{1,12}}){{0,4}}[ \t]*[\]］]",
        r"[\[［][ \t]*[\u4e00-\u9fff]{2,8}(?:[/／|][\u4e00-\u9fff]{2,8}){1,4}[ \t]*[\]］]",
        r"\[(?!and/or\])[a-z]{3,20}(?: [a-z]{2,20})?(?:/[a-z]{2,20}(?: [a-z]{2,20})?){1,4}\]",
        r"(?i:\[(?:insert|enter|fill in|your|customer|placeholder)[ _][^\[\]\n]{1,60}\])",
    )


def _angle_brackets(zh: str, en: str) -> tuple[str, ...]:
    """`<<name>>`, `<first_name>`, `<% name %>` and HTML; not `a < b`, `<Enter>`, `<a@example.com>`."""
    known = f"(?:{zh}|{en})"
    return (
        r"(?<!<)<<[ \t]*[^\W\d][^<>\n]{0,60}>>(?!>)",
        rf"«[ \t]*(?:{known}|\w+[_.]\w+)[ \t]*»",
        rf"[＜<][ \t]*(?:{known}|[A-Za-z]\w*[_.]\w+)[ \t]*[＞>]",
        rf"(?i:</?(?:{_TAGS})(?:\s{{1,8}}[\w:-]{{1,40}}=[^<>]{{0,300}})?\s{{0,8}}/?>)",
        r"<!--|<!\[|(?i:<!doctype)[^<>]{0,80}>|<[%?#][^<>\n]{0,80}[%?]?>",
    )


def _between_marks(zh: str, en: str) -> tuple[str, ...]:
    """`%name%`, `##亲##`, `$name$`, `@name@`, `%s`, `*|NAME|*`, `XX 先生`; not `50%`, `#1`, `$AAPL`, `@all`, `XXL`."""
    known = f"(?:{zh}|{en})"
    return (
        r"##[^\s#]{1,20}##|＃＃[^\s＃]{1,20}＃＃",
        rf"(?<![\w#])[#＃]{known}[#＃](?!#)",
        r"(?<!%)%%[^\W\d][\w.-]{0,40}%%",
        rf"(?<![\w%％])[%％](?:[A-Za-z_][\w.-]{{1,40}}|{zh})[%％](?![A-Za-z0-9])",
        r"(?<![\w%])%(?:\d{1,2}\$)?[sd@](?![A-Za-z0-9])",
        rf"(?<![\w@])@(?:[A-Za-z]\w*_\w+|{known})@(?![A-Za-z0-9@])",
        r"(?<![\w$])\$(?:\|\$|[a-z][\w.]{1,40}\$|\([A-Za-z_][\w.]{1,40}\)|[a-z]+(?:[_.][a-z]\w*)+|[A-Z]+_[A-Z_]+)",
        rf"(?<![\w$])\${en}(?![A-Za-z0-9])",
        r"\*\|[A-Za-z_:][\w:.-]{0,40}\|\*",
        rf"(?<!_)__{known}__(?!_)",
        rf"(?<!\|)\|\|{known}\|\|(?!\|)",
        r"(?<![A-Za-z0-9])(?:[Xx]{2,6}|×{2,6})"
        r"(?=[ \t]*(?:先生|女士|小姐|老师|元|分钟|小时|点|月|日|天|号|[:：][ \t]*(?:[Xx×]{2}|\d{2})))",
    )
