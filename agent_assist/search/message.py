"""Finds what a pasted customer message is not about: greetings, complaints about waiting, numbers and names.

Nothing is cut out. Words of courtesy keep a small part of their weight, so that a query that is nothing but courtesy
still finds the phrase that says it. The patterns are the formulas that letters and chats open and close with in both
languages; they see folded text.
"""

import re
from functools import cache

MESSAGE_FROM_TOKENS = 8
"""Tokens from which a query is taken for a message."""
COURTESY_WEIGHT = 0.1
"""What is left of the weight of courtesy."""

_EN = (
    r"(?:hi|hello|hey|dear|greetings)(?: (?:there|all|team|guys|support|sir|madam|everyone|customer|service|or))*",
    r"good (?:morning|afternoon|evening|day)",
    r"(?:i )?hope (?:you|this|all|everything)(?: \w+){0,5}? (?:well|fine|good)",
    r"(?:just )?(?:a )?quick question",
    r"i (?:have )?(?:contacted|wrote to|emailed|called|messaged) (?:you|support)(?: \w+){0,3}?"
    r"(?: yesterday| today| before| already)?",
    r"(?:but )?(?:nobody|no one|noone) (?:has )?(?:replied|answered|responded|helped)(?: me)?(?: yet)?",
    r"(?:my |the )?(?:order|ticket|reference|ref|case|tracking|invoice|account|phone|customer)"
    r"(?: (?:number|no|id|code))?(?: is)?[ :#.]*\d{4,}",
    r"(?:many |so )?(?:thanks|thank you|thx|cheers)(?: (?:very|so) much| a lot| in advance"
    r"| for your (?:help|time|support))*(?:,? [a-z]+$)?",
    r"(?:kind|best|warm|many)(?:est)? (?:regards|wishes)(?:,?\s+[a-z]+\s*$)?",
    r"(?:yours )?(?:sincerely|faithfully|truly)(?:,?\s+[a-z]+\s*$)?",
    r"sent from my \w+",
    r"(?:please |pls |kindly )?(?:get back to me|reply|respond|answer)"
    r"(?: (?:to me|asap|soon|quickly|as soon as possible))*",
    r"as soon as possible|asap|urgent(?:ly)?",
    r"please|pls|kindly|sorry|excuse me",
    r"(?:can|could|would) (?:you|someone|anyone)(?: please)? help(?: me)?"
    r"(?: (?:out|please|with (?:this|that|it)))*",
    r"help me",
)
_ZH = (
    r"(?:[您你]们?好(?:[啊呀吗])?|哈喽|嗨|早上好|上午好|中午好|下午好|晚上好)",
    r"在(?:吗|不在|么|线吗)",
    r"亲(?:爱的)?(?=[，,。！!~～ ])|(?:人工)?客服(?:小姐姐|人员)?(?=[，,。！!~～ ])",
    r"打扰(?:一下|了|下)?",
    r"(?:想|我想|想要)?(?:请问|咨询|问|请教)(?:一下|下)?(?:一?个(?:事情|问题|事))?[:：]?",
    r"(?:麻烦|请|拜托|烦请)?(?:[您你]|帮忙|帮我)?(?:尽快|快点|赶紧|马上|及时)?"
    r"(?:帮忙|处理|回复|答复|解决|看)(?:一下|下)?(?=[，,。！!~～ ]|谢|$)",
    r"(?:非常|十分|多)?(?:感谢|谢谢|多谢|谢了)(?:[您你]了?|啦|了)?",
    r"急+|在线等|很?着急",
    r"(?:昨天|前天|今天|之前|刚才)?(?:联系|找|问)过?(?:[您你]们|客服)?(?:[一二两三几]次)?"
    r"(?:都)?没(?:有)?人(?:理我?|回复?我?|管)?",
    r"(?:已经|都)?等了(?:好久|很久|半天|[一二两三四五几半\d]+(?:个)?(?:天|小时|分钟|周|星期|月))了?",
    r"(?:我的)?(?:订单|单号|手机|电话|账号|尾号|卡号|运单)(?:号码?|尾号)?[是为:： ]*\d{4,}",
)


@cache
def _courtesy() -> re.Pattern[str]:
    return re.compile("|".join((*(rf"(?<![a-z]){p}(?![a-z])" for p in _EN), *_ZH, r"\d{5,}")))


def courtesy_spans(folded: str) -> list[tuple[int, int]]:
    """Return start and end of the stretches of a folded message that do not say what it is about."""
    return [match.span() for match in _courtesy().finditer(folded)]
