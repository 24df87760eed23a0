"""Finds sentences that no longer read as sentences: what filling a frame with the wrong piece leaves behind.

Word rules only, per language. `certain` marks what nobody writes on purpose, such as 。， or "the the"; the other rules
can meet a text that somebody meant so. Links, addresses and quoted words are not judged.
"""

import functools
import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

Slip = Literal["punctuation", "doubling", "brackets", "spacing", "capital", "number", "language", "grammar"]

_MAX_SHOWN = 24
_HIDDEN = "\ufffc"
"""Stands for a piece that is not judged, so that nothing around it comes together."""

_NOT_JUDGED = re.compile(
    r"https?://[^\s，。；！？、）”」]+|\b[\w.+-]+@[\w-]+\.[\w.-]+|\bwww\.[^\s，。；]+"
    r"|“[^”\n]{1,80}”|「[^」\n]{1,80}」|\"[^\"\n]{1,80}\"|\[[^\]\n]{1,60}\?\]"
)
_HAN = "\u3400-\u9fff"


class BrokenSentence(NamedTuple):
    """One finding: what kind of slip, and the words it was seen in."""

    slip: Slip
    words: str
    is_certain: bool


class _SlipRule(NamedTuple):
    slip: Slip
    is_certain: bool
    pattern: re.Pattern[str]
    is_house_style: bool = False
    """Held to in phrases only: agents type 约15%的用户 in a chat, and nobody minds."""


def broken_sentences(
    text: str, lang: str, names: Collection[str] = (), *, is_phrase: bool = False
) -> tuple[BrokenSentence, ...]:
    """Return the slips of a text in this language, each place once, the certain ones first.

    `names` may stand in either script: customer, agent, brand. `is_phrase` holds the text to the spacing of the books.
    """
    judged = _NOT_JUDGED.sub(_HIDDEN, text)
    for name in sorted(names, key=len, reverse=True):
        if name.strip():
            judged = judged.replace(name, _stand_in(name, lang))
    found = dict.fromkeys(
        BrokenSentence(rule.slip, _shown(judged, match), rule.is_certain)
        for rule, match in _matches(judged, lang)
        if is_phrase or not rule.is_house_style
    )
    return tuple(sorted(found, key=lambda slip: not slip.is_certain))


def _stand_in(name: str, lang: str) -> str:
    """Return letters in place of a name: no rule knows them, and the spaces around them are judged as before."""
    is_han = lang == "zh" and re.search(f"[{_HAN}]", name) is not None
    return ("王" if is_han else "X") * len(name)


def _matches(text: str, lang: str) -> Iterator[tuple[_SlipRule, re.Match[str]]]:
    for rule in _rules("zh" if lang == "zh" else "en"):
        for match in rule.pattern.finditer(text):
            yield rule, match


def _shown(text: str, match: re.Match[str]) -> str:
    """Return the match with a little of what is around it, on one line."""
    start, end = max(0, match.start() - 6), min(len(text), match.end() + 6)
    return " ".join(text[start:end].replace(_HIDDEN, "…").split())[: 2 * _MAX_SHOWN]


@functools.cache
def _rules(lang: str) -> tuple[_SlipRule, ...]:
    return (*_chinese_signs(), *_chinese_words()) if lang == "zh" else (*_english_signs(), *_english_words())


def _rule(slip: Slip, pattern: str, *, certain: bool = False, house: bool = False, flags: int = 0) -> _SlipRule:
    return _SlipRule(slip, certain, re.compile(pattern, flags), house)


def _chinese_signs() -> tuple[_SlipRule, ...]:
    return (
        _rule("punctuation", r"[。，、；：][\s]*[。，、；：]|[！？][。，、；：]|[。，、；：][！？]", certain=True),
        _rule("punctuation", rf"(?<=[{_HAN}])[.,;](?=\s|$|[。，；：])|[。，；][.,;](?!\d)", certain=True),
        _rule("punctuation", r"(?m)^[ \t]*[，。；、：！？]|[（“「【《][，。；、：！？]", certain=True),
        _rule("punctuation", rf"[{_HAN}\w%）”] +[，。；：！？、]", certain=True),
        _rule("brackets", r"（\s*）|【\s*】|《\s*》|「\s*」|“\s*”|(?<![\w\]])\(\s*\)", certain=True),
        _rule(
            "doubling",
            "(目前|现在|正在|已经|预计|由于|因为|原因|工程师|大约|之前|左右|故障|恢复|仍然|用户|分钟|小时)\\1"
            "|[\\d天时钟日点] ?前之?前|约约|约大约|大约约|原因是(?:原因|由于|因为)|由于(?:因为|由于)"
            "|是是因为|目前(?:现在|当前|仍目前)"
            "|为为|于于|将将(?=[在于会])|(?:会|将)(?:会|将)(?=[在于])",
            certain=True,
        ),
        _rule("doubling", "(?:目前|现在|眼下)[^。！？；\n]{1,40}[，；](?:[^。！？；\n]{0,12})目前"),
        _rule(
            "doubling", r"(工程师正在[^，。；\n]{2,16})[，。；][^\n]{0,40}\1|(预计[^，。；\n]{2,16}前恢复)[^\n]{0,40}\2"
        ),
        _rule("doubling", "(修复已经上线，我们正在观察|服务已经恢复)[，。；][^\n]{0,30}\\1"),
        _rule("doubling", r"\d(?:\.\d+)?%\s*%|¥\s*[\d.,]+\s*元|元元|分钟分|天天(?=[，。])", certain=True),
    )


def _chinese_words() -> tuple[_SlipRule, ...]:
    return (
        _rule(
            "grammar",
            "(?:原因|起因|办法|影响|状态|进展)(?:是|为)[，。；！？]|(?:由于|因为|关于|对于)[，。；]",
            certain=True,
        ),
        _rule(
            "grammar",
            r"从[^，。；\n]{1,20}(?:开始|起)，(?:[^，。；\n]{0,3}(?:工程师|同事|技术|团队)[^，。；\n]{0,4}|我们)正在",
        ),
        _rule(
            "grammar",
            "(?:仍|还|依旧)?有有(?=用户|客户|商家|玩家|学员)|(?:出现|存在|发生)(?:了)?[^，。；\n]{2,30}(?:无法|很慢|反映)[^，。；\n]{2,20}的情况",
        ),
        _rule("grammar", "(?:尊敬的|亲爱的)(?:[：:，]|您好)|(?:我是|我叫)[，。]"),
        _rule("language", r"[A-Za-z][A-Za-z'’-]+(?: [A-Za-z][A-Za-z'’-]*){3,}"),
        _rule(
            "spacing",
            rf"[{_HAN}](?<![年月])[0-9A-Za-z]|[0-9A-Za-z%][{_HAN}](?<!\d[年月日])|[{_HAN}] +[{_HAN}]",
            house=True,
        ),
        _rule("spacing", rf"[，。；：！？、（）“”【】] +[{_HAN}\d]| +[（”】]", house=True),
        _rule("spacing", rf"(?<=[{_HAN}]) {{2,}}(?=\S)"),
    )


_SMALL = "about|some|most|all|the|our|we|engineers|please|users|customers|currently|right|there|it|payments|they|you"
_RAISED = "|".join(word.capitalize() for word in _SMALL.split("|"))
_NO_ABBREVIATION = "".join(
    rf"(?<!\b{short})" for short in (r"etc\.", r"e\.g\.", r"i\.e\.", r"a\.m\.", r"p\.m\.", r"Inc\.", r"Ltd\.", r"Co\.")
)
_COUNTED = "minute|hour|day|week|user|customer|merchant|player|student|order|message|payment"
_NOW = r"right now|at the moment|currently"
_FACT_CLAUSES = "our engineers are|we expect to|we cannot give|we said|service is back|the repair is in"
_SUBORDINATE = "If|When|While|As |Although|Because|Once|Until|After|Since|For |Right now|At |Now|Meanwhile|In "


def _english_signs() -> tuple[_SlipRule, ...]:
    return (
        _rule(
            "punctuation",
            r"[,;:.](?:(?<=[,;:])\s*[.,;:](?![)(\w])"
            rf"|(?<=\.){_NO_ABBREVIATION}(?<!\.\.)(?:\s*[,;](?=\s|$)|\s?\.(?!\.)))|[!?][,;.](?=\s|$)",
            certain=True,
        ),
        _rule("punctuation", r" [,;.!?](?=\s|$)(?<=[\w%)] .)", certain=True),
        _rule("punctuation", r"(?m)^[ \t]*[,.;:!?](?=\s)|[(“][,.;:]", certain=True),
        _rule("brackets", r"\(\s*\)(?<![\w\]]\(\))|“\s*”", certain=True),
        _rule(
            "doubling",
            r"\b(the|an?|our|we|are|and|of|at|about|by|currently|please|because|due|some|users|engineers) \1\b"
            r"|\b(?:the our|our the|an? the|the an?)\b|\babout (?:around|approximately|roughly)\b"
            rf"|\b(?:because of|due to|caused by) (?:because|due to)\b|\b(?:{_NOW}) (?:{_NOW})\b"
            r"|\bat (?:tomorrow|yesterday|on \d)\b|\bby at \d|\bsince (?:on|at) |\bplease, please\b",
            certain=True,
            flags=re.IGNORECASE,
        ),
        _rule("doubling", rf"\b(?:{_NOW})\b[^.!?\n]{{1,80}}\b(?:{_NOW})\b", flags=re.IGNORECASE),
        _rule(
            "doubling",
            r"(our engineers are [^,.;\n]{4,40})[,.;][^\n]{0,60}\1|(we expect to be back to normal)[^\n]{0,120}\2"
            r"|(the repair is in place and we are watching it|service is back to normal)[,.;][^\n]{0,40}\3",
            flags=re.IGNORECASE,
        ),
        _rule("capital", rf" (?:(?<=[a-z] )|(?<=[a-z][,;] ))(?:{_RAISED})\b(?!,| [A-Z])"),
        _rule("capital", r"(?:\A|(?<=[a-z]{2}[.!?] )|(?<=[.!?]\n)|(?<=\n\n))(?<!\betc\. )(?<!\bvs\. )[a-z]+(?=[ ,'’])"),
    )


def _english_words() -> tuple[_SlipRule, ...]:
    return (
        _rule("number", rf"(?<![\d.,:–-])1 (?:{_COUNTED})s\b", certain=True),
        _rule("number", rf"\b(?:[2-9]|[1-9]\d+) (?:{_COUNTED})(?=[.,;!?]|$| ago\b| long\b)"),
        _rule("number", rf"\b(?:one (?:{_COUNTED})s|1 (?:{_COUNTED}) (?:are|have|report))\b|\d%%"),
        _rule("grammar", r"\ban (?!hour|honest|honou?r|heir)[b-df-hj-np-tv-z][a-z]"),
        _rule("grammar", r"\ba (?!one\b|once|eu|ew|us|uni|uti|ubi|url)[aeiou][a-z]{2}"),
        _rule("grammar", r"\b(?:[Tt]he cause (?:is|was)|because of|due to|caused by|the|an?|and)[.,;!?](?=\s|$)"),
        _rule(
            "grammar",
            rf"(?:(?<=[.!?] )|(?<=\n)|\A)(?!{_SUBORDINATE})[A-Z][^.!?;:,\n]*"
            rf"\b(?:is|are|cannot|fails?|has|have|report)\b[^.!?;:,\n]*, (?:{_FACT_CLAUSES})",
        ),
        _rule("grammar", r"\b(?:has lasted since|it lasts since|I are)\b|\b[Ss]ince [^.,;\n]{1,24} (?:on|onwards),"),
        _rule("language", rf"[{_HAN}，。；：！？、]"),
        _rule(
            "spacing",
            r"[,;](?=[A-Za-z]{2})(?<=[a-z]{2}.)|\.(?=[A-Z][a-z]+ )(?<=[a-z]{2}.)| {2,}(?=[A-Za-z])(?<=[\w,.;]  )",
        ),
    )
