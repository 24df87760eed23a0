"""How English replies take responsibility, say the scope, name the remedy, and how they stay vague."""

from agent_assist.replies.lexicon import Lexicon, rule, words

_IN = r"[^.!?;\n]"
_PEOPLE = words(
    r"users?|customers?|accounts?|orders?|merchants?|people|regions?|stores?|members|requests|payments",
)
_DOING = words(
    r"sign(?:ing)?[ -]?(?:in|up)|log(?:ging)?[ -]?in|pay\w*|check(?:ing)?[ -]?out|order\w*|refund\w*|transfer\w*",
    r"open\w*|load\w*|search\w*|upload\w*|download\w*|send\w*|receiv\w*|sync\w*|submit\w*|access\w*|us(?:e|ing)|see|view\w*",
    r"connect\w*|book\w*|buy\w*|withdraw\w*|reach\w*|play\w*",
)
_PART = words(
    r"sign[ -]?ins?|log[ -]?ins?|payments?|checkout|orders?|refunds?|transfers?|search|uploads?|downloads?|messages?",
    r"e-?mails?|codes?|website|site|app|api|service|server|system|page|dashboard|notifications?",
)
_BROKEN = words(
    r"fail\w*|down|unavailable|not working|not load\w*|errors?|slow\w*|delayed|interrupted|affected|broken|outage|lost",
    r"stopped working",
)
_WORK = words(
    r"rolling back|rolled (?:it |this )?back|fix(?:ing|ed)|repair(?:ing|ed)|restor(?:ing|ed)|investigating|tracing",
    r"restart(?:ing|ed)|switch(?:ing|ed)|replac(?:ing|ed)|rebuil(?:ding|t)|testing|verifying|checking|re-?sen(?:ding|t)",
    r"deploy(?:ing|ed)|adding capacity|isolat(?:ing|ed)|resolv(?:ing|ed)|refund(?:ing|ed)|extend(?:ing|ed)|reversed",
)
_GIFT = words(
    r"refund\w*|coupons?|vouchers?|credit\w*|discounts?|compensat\w+|gifts?|exten(?:d|sion)\w*|waive\w*|points",
    r"free (?:of charge|week|month|day|shipping|delivery)|replacement|reimburs\w+",
)
_TIME = words(r"\d|tomorrow|tonight|today|noon|the end of|half an hour|an hour|one|two|three")


def build() -> Lexicon:
    """The English patterns."""
    return Lexicon(
        not_ours=rule(
            rf"\b(?:not|never|no|isn['’]t|wasn['’]t)\b{_IN}{{0,12}}\bours?\b{_IN}{{0,12}}"
            r"\b(?:fault|mistake|responsib\w+|error|doing|problem)",
            rf"\b(?:not|aren['’]t|cannot be held)\b{_IN}{{0,10}}\b(?:responsible|to blame|liable)\b",
        ),
        owns=rule(
            rf"\bour\b{_IN}{{0,12}}\b(?:fault|mistake|responsibility|error|failure|oversight)\b",
            rf"\b(?:fault|mistake|responsibility|error|failure|problem)\b{_IN}{{0,8}}\b(?:is|was|lies|lay)\b{_IN}{{0,12}}"
            r"\b(?:ours|with us|on our (?:side|end))\b",
            r"\b(?:on our (?:side|end|part)|(?:that|this)(?: one)?(?:['’]s| is) on us)\b",
            rf"\bwe\b{_IN}{{0,12}}\b(?:take|accept|bear|own)\b{_IN}{{0,16}}\b(?:responsib\w+|blame|fault|this|it)\b",
            rf"\bwe(?: are|['’]re)\b{_IN}{{0,8}}\b(?:responsible|to blame)\b",
            rf"\bwe\b{_IN}{{0,10}}\b(?:let you down|got (?:this|it|that) wrong|should have|ought to have|failed|"
            r"fell short|made a mistake|caused|broke|did ?n[o'’]t do)\b",
        ),
        sorry=rule(r"\b(?:sorry|apolog\w+|regret)\b"),
        failed=rule(
            r"\b(?:outage|fail\w*|fault|down|errors?|problems?|issues?|unable|cannot|can['’]t|could not|couldn['’]t)\b",
            r"\b(?:disrupt\w*|interrupt\w*|not work\w*|stopped working|broken?|delay\w*|slow\w*)\b",
            r"\b(?:unavailable|incident|wrong)\b",
        ),
        vague=rule(
            r"\b(?:any|the|this|all)\s+(?:inconvenience|trouble|disruption|bother)\b",
            r"\binconvenience[sd]?\b",
            r"\bbear with us\b",
        ),
        scope=rule(
            rf"\d\s*(?:%|per ?cent)\s+(?:of\s+)?(?:\w+\s+){{0,2}}{_PEOPLE}\b",
            r"\b(?:one|two|three) in (?:three|four|five|six|ten)\b",
            r"\b(?:half|a third|a quarter|most|some|many|all|every|few|\d[\d,]*)\s+(?:of\s+)?"
            rf"(?:\w+\s+){{0,2}}{_PEOPLE}\b",
            r"(?<!\bwe )(?<!\bi )\b(?:cannot|can['’]t|could not|couldn['’]t|unable to|not able to|fail(?:ed|ing)? to"
            r"|trouble|problems?)"
            rf"\s+(?:\w+\s+){{0,2}}{_DOING}\b",
            rf"\b{_PART}\b{_IN}{{0,30}}?\b{_BROKEN}\b",
            r"\b(?:since|from|starting at|began at|started at)\s+(?:about\s+|around\s+)?"
            r"(?:\d{1,2}(?:[:.]\d\d|\s*[ap]\.?m)|yesterday|this morning|last night|noon|midnight)",
        ),
        remedy=rule(
            r"(?:\b(?:we|i|team|engineers?|developers?|technicians?)\b|['’](?:re|ve)\b)"
            rf"{_IN}{{0,30}}?\b{_WORK}\b",
            r"\b(?:is|are|was|were|been|now)\s+(?:\w+\s+)?(?:back to normal|back online|up again|working again)\b",
            rf"\b(?:is|are|was|were|been|being|now)\s+(?:\w+\s+)?{_WORK}\b",
            r"\b(?:repair|fix|update) is (?:live|out|in place)\b|\bbeing \w+ again\b",
            rf"\bas soon as\b{_IN}{{0,30}}?\bback\b",
            rf"\b(?:expect\w*|should|will|estimate\w*|aim\w*|plan\w*|due)\b{_IN}{{0,80}}?"
            rf"\b(?:by|before|within|in|between|at)\s+(?:about\s+|around\s+|the next\s+)?{_TIME}",
            rf"\b(?:we|you|i)\b{_IN}{{0,30}}?\b{_GIFT}\b",
            r"\b(?:please|you can|meanwhile|in the meantime|for now)\b,?\s+(?:\w+\s+){0,3}?"
            r"(?:use|try|keep|stay|do not|don['’]t|switch|open|pay|call|sign|log|avoid|restart|refresh|clear|leave)\b",
        ),
        no_remedy=rule(
            r"\b(?:no|not|never|cannot|without|unable to|yet to|\w+n['’]t)\s+(?:\w+\s+){0,4}?"
            rf"(?:{_GIFT}|{_WORK}|fix|restore|resolve|repair|back to normal|back online)\b"
        ),
        empty_address=rule(
            r"(?:^|\n)[ \t]*[,:](?!\))",
            r"\b(?:dear|hi|hello|hey)[ \t]+[,!:]",
            r"\bdear[,!:]",
            r"\b(?:dear|hi|hello|hey) (?:mr|mrs|ms|miss|dr)\.?[ \t]*[,!:]",
        ),
        admits_passed=rule(
            r"\b(?:ha(?:s|ve) passed|missed|did ?n[o'’]t|could ?n[o'’]t|originally|earlier|first gave|previously)\b",
            r"\b(?:no longer|instead of|later than|moved to)\b",
        ),
    )
