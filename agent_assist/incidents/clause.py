"""Wordings of one's own for a fact, made fit to stand inside a sentence.

A phrase says 目前{{ incident.scope }}。 or "Right now {{ incident.scope }}.", so that a full stop, a capital letter or
a second 目前 typed with the fact would break every reply.
"""

import re

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _

CLAUSE_FACTS = ("scope", "cause", "workaround", "action", "prevention")
"""Facts that phrases put inside a sentence."""

_END = re.compile(r"[\s.。．!！;；,，、:：]+$")
_ELLIPSIS = re.compile(r"(…|\.\.\.|。。。)+$")
_LEADS_ZH = re.compile(r"^(?:目前|现在|当前|眼下|现阶段)(?:是|的情况是)?[，,：:\s]*")
_LEADS_EN = re.compile(
    r"^(?:currently|right now|at the moment|at present|presently|as of now|now)\b[,:\s]*", re.IGNORECASE
)
_CAUSE_ZH = re.compile(r"^(?:由于|因为|是因为|是由于|原因是|原因为|原因[：:]|起因是)(?=\S)[，,：:\s]*")
_CAUSE_EN = re.compile(
    r"^(?:because of|due to|caused by|owing to|the cause is|the cause was|the reason is|because)\b[:\s]*", re.IGNORECASE
)
_ASK_ZH = re.compile(r"^(?:您可以|你可以|建议您?|临时办法[：:是]?|可以先)[，,：:\s]*")
_ASK_EN = re.compile(r"^(?:you can|customers can|as a workaround)\b[,:\s]*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_HAN = re.compile("[\u3400-\u9fff]")

_LOWER_FIRST = frozenset(
    [
        "a",
        "about",
        "all",
        "an",
        "and",
        "another",
        "any",
        "around",
        "as",
        "at",
        "because",
        "both",
        "by",
        "customers",
        "each",
        "every",
        "few",
        "for",
        "from",
        "half",
        "if",
        "in",
        "it",
        "its",
        "just",
        "many",
        "merchants",
        "more",
        "most",
        "my",
        "near",
        "nearly",
        "no",
        "none",
        "not",
        "on",
        "one",
        "only",
        "orders",
        "our",
        "over",
        "payments",
        "people",
        "please",
        "players",
        "please",
        "pages",
        "quite",
        "several",
        "shops",
        "sign-in",
        "signing",
        "sign",
        "since",
        "some",
        "somebody",
        "student",
        "students",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "those",
        "three",
        "to",
        "two",
        "under",
        "until",
        "up",
        "use",
        "users",
        "using",
        "verification",
        "we",
        "when",
        "where",
        "while",
        "with",
        "within",
        "you",
        "your",
        "use",
        "pay",
        "try",
        "wait",
        "keep",
        "restart",
        "reload",
        "clear",
        "update",
        "do",
        "log",
        "stay",
        "save",
        "call",
        "open",
        "close",
        "switch",
        "send",
        "failed",
        "failing",
        "slow",
        "delayed",
        "wrong",
        "broken",
        "missing",
        "search",
        "messages",
        "refunds",
        "transfers",
        "bookings",
    ]
)
"""English words that open a sentence with a capital letter and stand in the middle of one without."""

_PEOPLE_END_ZH = re.compile("(?:用户|客户|商家|商户|玩家|学员|学生|会员|人|人员|地区|省|市|机构|店铺|企业|账号|%|成)$")
"""A scope that ends with the people says nothing of what they notice."""

_NOTICE_ZH = re.compile(
    "无法|不能|不了|不上|不到|不出|不开|没有|没法|失败|异常|出错|报错|错误|慢|卡|延迟|超时|中断|断|掉线|丢失|重复|闪退|白屏"
    "|受影响|受到影响|不稳定|不正常|不正确|不可用|时好时坏|挂|崩|空白|排队|等|会|被|要|遇到|反映|影响"
)
_PEOPLE_EN = re.compile(
    r"(?:(?:about|around|some|all|most|many|a|few|several|nearly|over|up to|only|the|our|of|half|third|quarter|percent"
    r"|per cent|one|in|two|three|every|[\d.,~–-]+%?) )*"
    r"(?:users?|customers?|merchants?|players?|people|students?|accounts?|shops?|tenants?)"
    r"(?: (?:in|on|from|of|with) [\w .-]+)?",
    re.IGNORECASE,
)
_NOTICE_EN = re.compile(
    r"\b(?:cannot|can't|can|could|is|are|was|were|has|have|do|does|did|see|sees|get|gets|find|finds|fail|fails|affects?"
    r"|lose|loses|wait|waits|reports?|notices?|miss|misses|\w+ing)\b",
    re.IGNORECASE,
)


def tidy(fact: str, text: str) -> str:
    """Return a wording without what only a whole sentence has: its end, an opening 目前 or "currently", its capital.

    `fact` is one of `CLAUSE_FACTS`; the wording of another fact comes back cleaned and otherwise as it is.
    """
    text = clean_line(text)
    if fact not in CLAUSE_FACTS:
        return text
    before = ""
    while text != before:
        before = text
        text = _END.sub("", _ELLIPSIS.sub("", text)).strip()
        for lead in _leads(fact):
            text = lead.sub("", text).strip()
    return _without_capital(text)


def hold_to_clause(fact: str, text: str) -> None:
    """Raise Refused when a tidied wording cannot stand where phrases put it: several sentences, or people alone."""
    if fact not in CLAUSE_FACTS or not text:
        return
    if re.search(r"[。！？!?]|[.](?:\s+[A-Z]|$)", text):
        raise Refused(
            _("“{typed}” is more than one sentence.", typed=_short(text)),
            hint=_("Phrases put this inside a sentence. Say the rest in another fact, or join it with a comma."),
        )
    if fact == "scope" and _names_people_only(text):
        raise Refused(
            _("“{typed}” says who, but not what they notice.", typed=_short(text)),
            hint=_("For example: {example}", example=_("about 15% of users cannot sign in")),
        )


def _names_people_only(text: str) -> bool:
    if _HAN.search(text):
        return bool(_PEOPLE_END_ZH.search(text)) and not _NOTICE_ZH.search(text)
    return bool(_PEOPLE_EN.fullmatch(text)) and not _NOTICE_EN.search(text)


def _leads(fact: str) -> tuple[re.Pattern[str], ...]:
    common = (_LEADS_ZH, _LEADS_EN)
    if fact == "cause":
        return (*common, _CAUSE_ZH, _CAUSE_EN)
    if fact == "workaround":
        return (*common, _ASK_ZH, _ASK_EN)
    return common


def _without_capital(text: str) -> str:
    """Return a text without the capital of its first word, unless the word may be a name."""
    match = _WORD.match(text)
    if match is None or match[0].lower() not in _LOWER_FIRST or match[0][1:] != match[0][1:].lower():
        return text
    return match[0].lower() + text[match.end() :]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
