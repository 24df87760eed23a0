"""Whom an outage touches and how, chosen instead of written: services × effect × share × who, worded per language.

What is chosen is kept as short codes (`15%`, `region:east-china`), so that a version of the facts needs no catalogue to
be read; the catalogue is needed to compose the clause.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.catalogue import EFFECTS, Audience, Catalogue, Effect, Service
from agent_assist.incidents.incident import listed
from agent_assist.incidents.times import joined_zh, plain
from agent_assist.locale import N_, _

ShareKind = Literal["percent", "range", "number", "some", "most", "all", "unknown"]

MAX_WHO_LENGTH = 40
"""Characters of a region or version in one's own words."""

EFFECT_LABELS: dict[Effect, str] = {
    "down": N_("cannot be used"),
    "slow": N_("slow"),
    "partly": N_("works only sometimes"),
    "wrong": N_("wrong results"),
    "delayed": N_("delayed"),
}

SHARE_LABELS: dict[str, str] = {
    "some": N_("some"),
    "most": N_("most"),
    "all": N_("all"),
    "unknown": N_("unknown"),
}
"""Shares that are neither a number nor a percentage."""

_EFFECT_WORDS: dict[Effect, tuple[str, ...]] = {
    "down": ("cannot", "outage", "无法使用", "不可用", "用不了", "宕机", "中断", "挂了"),
    "slow": ("很慢", "慢", "缓慢", "卡", "卡顿", "lag"),
    "partly": ("unstable", "sometimes", "时好时坏", "不稳定", "部分失败", "断断续续", "works only sometimes"),
    "wrong": ("errors", "结果不正确", "异常", "显示错误", "报错", "数据不对", "wrong results"),
    "delayed": ("late", "延迟", "迟", "晚到"),
}
SHARE_WORDS: dict[str, tuple[str, ...]] = {
    "some": ("一些", "部分", "少数", "少量", "a few", "few"),
    "most": ("大部分", "大多数", "多数", "绝大部分", "majority"),
    "all": ("全部", "所有", "全体", "everybody", "everyone", "每个人"),
    "unknown": ("未知", "不清楚", "不知道", "还不清楚", "?", "？"),
}
_HAN_TENTHS = {word: tenth for tenth, word in enumerate("一二三四五六七八九", 1)} | {"半": 5, "两": 2}
_PERCENT = re.compile(r"(?:约|大约|about|~|≈)?\s*(\d{1,3})\s*(?:%|percent|per cent)", re.IGNORECASE)
_PERCENT_RANGE = re.compile(
    r"(?:约|大约|about|~)?\s*(\d{1,3})\s*%?\s*(?:-|–|—|~|到|至|to)\s*(\d{1,3})\s*(?:%|percent)", re.IGNORECASE
)
_TENTHS = re.compile(r"(?:约|大约)?([一二两三四五六七八九半])成")
_NUMBER = re.compile(
    r"(?:约|大约|about|~)?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})\s*(万)?\s*(?:人|名|位|家|个|users?|people|customers?|merchants?)?",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:version|ver|v|版本)?\s*[:：]?\s*v?(\d+(?:\.\d+){0,3}(?:[a-z.-][a-z0-9.-]*)?)\s*(?:版本|版)?", re.IGNORECASE
)
_EXACT_UP_TO = 20
"""A smaller number of people was counted, a larger one is about so many."""
_HAN = re.compile("[\u3400-\u9fff]")


class Share(NamedTuple):
    """How many are affected. `low` and `high` are percents of a range; `low` alone a percent or a number of people."""

    kind: ShareKind
    low: int = 0
    high: int = 0

    @property
    def code(self) -> str:
        """How it is kept: 15%, 30-40%, 1200, some."""
        match self.kind:
            case "percent":
                return f"{self.low}%"
            case "range":
                return f"{self.low}-{self.high}%"
            case "number":
                return str(self.low)
        return self.kind


def parse_effect(text: str) -> str:
    """Return the effect that was typed, in either language; "" for nothing. Raises Refused with the choices."""
    typed = plain(text).casefold()
    if not typed:
        return ""
    for effect in EFFECTS:
        if typed == effect or typed in _EFFECT_WORDS[effect] or typed == _(EFFECT_LABELS[effect]).casefold():
            return effect
    choices = _(", ").join(f"{effect} ({_(EFFECT_LABELS[effect])})" for effect in EFFECTS)
    raise Refused(
        _("“{typed}” is not an effect.", typed=clean_line(text)[:60]),
        hint=_("Choose one of: {choices}.", choices=choices),
    )


def parse_share(text: str) -> str:
    """Return the code of the share that was typed: 15%, 三成, 30-40%, 1200 人, some. "" for nothing. Raises Refused."""
    typed = plain(text).casefold()
    return _share_of(typed, text).code if typed else ""


def read_share(code: str) -> Share:
    """Return the share of a code; an unknown one for "" and for what no version of the program wrote."""
    try:
        return _share_of(code, code) if code else Share("unknown")
    except Refused:
        return Share("unknown")


def parse_who(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return codes for who is affected: "商家, 华东" is ("merchants", "region:east-china"). Raises Refused.

    What the catalogue does not list is named with its kind and, for English, its wording: `region:德州/in Texas`.
    """
    codes: list[str] = []
    for part in re.split(r"[,，、;；\n]", clean_line(text)):
        if part.strip():
            codes.append(_who_code(part.strip(), catalogue))
    kinds = [code.partition(":")[0] if ":" in code else "audience" for code in codes]
    if len(set(kinds)) < len(kinds):
        raise Refused(
            _("Only one group, region, platform and version each."),
            hint=_("For example: {example}", example="merchants, region:华东, platform:iOS"),
        )
    return tuple(codes)


def scope_clause(
    services: Sequence[str], effect: str, share: str, who: Sequence[str], catalogue: Catalogue, lang: str
) -> str:
    """Return who cannot do what, as a clause: 华东地区约 15% 的用户无法登录 / about 15% of users in East China cannot
    sign in. "" when nothing is chosen, or a name is not known in this language."""
    if not services or effect not in EFFECTS:
        return ""
    affected = [catalogue.service(name) or Service(id=name, name=_own_name(name)) for name in services]
    clauses = [service.clause(effect, lang) for service in affected]
    limits = _limits(who, catalogue, lang)
    audience = next((found for code in who if (found := catalogue.audience(code))), None)
    audience = audience or catalogue.audience("users") or Audience("users", {"zh": "用户", "en": "users"}, "user")
    if not all(clauses) or limits is None or lang not in audience.name:
        return ""
    clauses = list(dict.fromkeys(clauses))
    if lang == "zh":
        return _zh_clause(clauses, read_share(share), audience, limits)
    return _en_clause(clauses, effect == "down", read_share(share), audience, limits)


def who_words(who: Sequence[str], catalogue: Catalogue, lang: str) -> str:
    """Return the groups, places and versions of the codes as a list: 商家、华东地区 / merchants, in East China."""
    words = []
    for code in who:
        _kind, separator, name = code.partition(":")
        if not separator:
            audience = catalogue.audience(code)
            words.append(audience.name.get(lang, "") if audience else code)
        else:
            limits = _limits([code], catalogue, lang)
            words.append((limits.before or limits.after) if limits else name)
    return ("、" if lang == "zh" else ", ").join(filter(None, words))


def service_names(services: Sequence[str], catalogue: Catalogue, lang: str) -> tuple[str, ...]:
    """Return the services' names in this language; none when one of them is not known in it."""
    names = []
    for name in services:
        service = catalogue.service(name)
        is_own = service is None or (lang == "zh" and bool(_HAN.search(name)))
        names.append((_own_name(name) if service is None or is_own else service.name).get(lang, ""))
    return tuple(dict.fromkeys(names)) if all(names) else ()


def incident_title(services: Sequence[str], effect: str, catalogue: Catalogue, lang: str) -> str:
    """Return a title: 登录故障 / Sign-in outage. "" without services or their names in this language."""
    names = service_names(services, catalogue, lang)
    if not names:
        return ""
    kind = effect if effect in EFFECTS else "down"
    if lang == "zh":
        first = names[0] if len(names) == 1 else "、".join(names[:2]) + ("等" if len(names) > 2 else "")
        suffix = {"down": "故障", "slow": "缓慢", "partly": "不稳定", "wrong": "异常", "delayed": "延迟"}[kind]
        return joined_zh(first, suffix)
    bare = names if kind == "wrong" else [name.removeprefix("the ").removeprefix("our ") for name in names]
    first = bare[0] if len(bare) == 1 else f"{bare[0]} and {bare[1] if len(bare) == 2 else 'other services'}"
    pattern = {
        "down": "{names} outage",
        "slow": "slow {names}",
        "partly": "unstable {names}",
        "wrong": "problems with {names}",
        "delayed": "delayed {names}",
    }[kind]
    title = pattern.format(names=first)
    return title[:1].upper() + title[1:]


def _share_of(typed: str, text: str) -> Share:
    for kind, words in SHARE_WORDS.items():
        if typed == kind or typed in words:
            return Share(kind)  # type: ignore[arg-type]
    if match := _PERCENT_RANGE.fullmatch(typed):
        low, high = int(match[1]), int(match[2])
        if 0 < low < high <= 100:
            return Share("range", low, high)
    elif match := _PERCENT.fullmatch(typed):
        if 0 < int(match[1]) <= 100:
            return Share("all") if int(match[1]) == 100 else Share("percent", int(match[1]))
    elif match := _TENTHS.fullmatch(typed):
        return Share("percent", 10 * _HAN_TENTHS[match[1]])
    elif typed == "一半" or typed == "half":
        return Share("percent", 50)
    elif match := _NUMBER.fullmatch(typed):
        number = int(match[1].replace(",", "")) * (10_000 if match[2] else 1)
        if number:
            return Share("number", number)
    raise Refused(
        _("“{typed}” is not a share.", typed=clean_line(text)[:60]),
        hint=_("For example: {example}", example=_("15%, 30-40%, 1200, some, most, all, unknown")),
    )


def _who_code(part: str, catalogue: Catalogue) -> str:
    kind, separator, name = part.partition(":") if ":" in part else part.partition("：")
    kind, name = (kind.strip().lower(), name.strip()) if separator else ("", part)
    if kind in ("", "who", "用户群") and (audience := catalogue.audience(name)):
        return audience.id
    if kind in ("", "platform", "平台") and (platform := catalogue.platform(name)):
        return f"platform:{platform.id}"
    if kind in ("", "region", "地区") and (region := catalogue.region(name)):
        return f"region:{region.id}"
    if kind in ("", "version", "版本") and (match := _VERSION.fullmatch(plain(name))):
        return f"version:{match[1]}"
    if kind in ("region", "地区", "platform", "平台") and name:
        kind = "region" if kind in ("region", "地区") else "platform"
        return f"{kind}:{name[:MAX_WHO_LENGTH]}"
    groups = _(", ").join(audience.id for audience in catalogue.audiences)
    raise Refused(
        _("“{typed}” is not a group, region, platform or version that is listed.", typed=clean_line(part)[:60]),
        hint=_("Groups: {groups}. A place of your own: {example}", groups=groups, example="region:德州/in Texas"),
    )


class _Limits(NamedTuple):
    """What limits the audience, worded in one language."""

    before: str
    after: str


def _limits(who: Sequence[str], catalogue: Catalogue, lang: str) -> _Limits | None:
    """Return region, platform and version in the order of the sentence; None when one is not known in this language."""
    words: dict[str, str] = {}
    for code in who:
        kind, separator, name = code.partition(":")
        if not separator:
            continue
        if kind == "version":
            words[kind] = f"{name} 版本" if lang == "zh" else f"on version {name}"
            continue
        place = catalogue.region(name) if kind == "region" else catalogue.platform(name)
        words[kind] = (place.name if place else _own_place(name, kind)).get(lang, "")
        if not words[kind]:
            return None
    if lang == "zh":
        return _Limits(joined_zh(*(words.get(kind, "") for kind in ("region", "platform", "version"))), "")
    return _Limits("", " ".join(filter(None, (words.get(kind, "") for kind in ("platform", "version", "region")))))


def _own_place(name: str, kind: str) -> dict[str, str]:
    zh, _slash, en = (part.strip() for part in name.partition("/"))
    if not _HAN.search(zh):
        en = en or (zh if zh.startswith(("in ", "on ")) else f"{'in' if kind == 'region' else 'on'} {zh}")
    elif kind == "region" and not zh.endswith(("地区", "省", "市", "区", "县", "国", "州")):
        zh += "地区"
    return {"zh": zh.removeprefix("in ").removeprefix("on "), "en": en}


def _own_name(name: str) -> dict[str, str]:
    """Return the names of a service that the catalogue does not list: a Latin one is the same in both languages."""
    return {"zh": name} if _HAN.search(name) else {"zh": name, "en": name}


def _zh_clause(clauses: Sequence[str], share: Share, audience: Audience, limits: _Limits) -> str:
    people, count = audience.name["zh"], share.low
    match share.kind:
        case "percent":
            subject = f"约 {count}% 的{people}"
        case "range":
            subject = f"约 {count}% 到 {share.high}% 的{people}"
        case "number":
            about = "" if count < _EXACT_UP_TO else "约"
            subject = joined_zh(about, f"{count} {audience.measure}{people}")
        case "some" | "most" | "all":
            subject = {"some": "部分", "most": "大部分", "all": "所有"}[share.kind] + people
        case _:
            subject = f"有{people}反映"
    return joined_zh(limits.before, subject, "、".join(clauses))


def _en_clause(clauses: Sequence[str], is_down: bool, share: Share, audience: Audience, limits: _Limits) -> str:
    people, count = audience.name["en"], share.low
    match share.kind:
        case "percent":
            subject = f"about {count}% of {people}"
        case "range":
            subject = f"about {count}% to {share.high}% of {people}"
        case "number" if count == 1:
            subject = f"one {audience.one or people}"
        case "number":
            subject = f"{'' if count < _EXACT_UP_TO else 'about '}{count:,} {people}"
        case "some" | "most" | "all":
            subject = f"{share.kind} {people}"
        case _:
            subject = f"some {people}"
    if limits.after:
        subject += f" {limits.after}"
    if share.kind == "unknown":
        they = "they " if is_down else ""
        return f"{subject} report that {they}{_en_predicate(clauses, is_down)}"
    if is_down:
        return f"{subject} {_en_predicate(clauses, is_down)}"
    return f"{_en_predicate(clauses, is_down)} for {subject}"


def _en_predicate(clauses: Sequence[str], is_down: bool) -> str:
    if not is_down:
        return listed(clauses, "en")
    verbs = [clause.removeprefix("cannot ") for clause in clauses]
    return "cannot " + (verbs[0] if len(verbs) == 1 else f"{', '.join(verbs[:-1])} or {verbs[-1]}")
