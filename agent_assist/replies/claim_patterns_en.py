"""How English replies take responsibility, say the scope, name the remedy, and how they stay vague."""

from agent_assist.replies.patterns import Claims, Lexicon, rule, words

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

_IS = r"(?:\b(?:is|are|was|were|ha(?:s|ve)(?: (?!not\b|never\b)\w+)? been|ha(?:s|ve))\b|['’](?:s|re|ve)\b(?: been)?)"
_ADVERB = r"(?:(?:\w+ly|now|all|already|both|just|back|again|up and|once more)\s+){0,3}"
_MENDED = words(
    r"restored|resolved|fixed(?! at (?:[$€£¥]|\d+ (?:euro|dollar|yuan|pound)))|repaired|solved|sorted(?: out)?",
    "mended|remedied|squashed",
)
_BACK = words(
    r"back (?:to normal|online|up|in service|in operation|again|now)|back(?=\s*(?:[.,;!:]|$| for ))",
    r"operational|recovered|running(?: again| normally)?(?! late| behind| low| on)",
    r"(?:working|functioning|operating) (?:again|normally|properly|fine|as (?:usual|before|normal))",
    r"working now(?! (?:on|to|with|hard))",
    r"good to go|behind us|live again|taken care of",
    r"up again|up and running|available again|normal again|over(?=\s*(?:[.,;!]|$| now))|ended|cleared up|gone away",
)
_MENDING = words(
    r"repairing|fixing|restoring|investigating|tracing|looking into|rolling back|troubleshooting|on it\b",
    r"at work\b|busy|working (?:on|to|hard|flat out|at|around the clock|as fast)",
)
_CREW = words(r"engineers?|developers?|technicians?|specialists?|teams?|colleagues?|staff|people|we|they|crew")
_OTHER = (
    r"\byour? (?:own )?"
    r"(?:order|data|records?|files?|points|refund|case|balance|parcel|coupon|claim|request|details|account|device"
    r"|(?:billing )?question|invoice)"
)
"""What is mended for one customer says nothing about the incident."""

_IF = words(
    r"once|when|whenever|if|as soon as|until|till|unless|whether|by the time|in case|provided",
    r"the (?:very )?(?:moment|minute|second|instant)",
    r"(?:after|before) (?:it|this|that|we|they|everything|(?:the )?services?|sign-?in|payments?)",
)
_FREE = rf"(?:(?!\b{_IF}\b|\b(?:that|what|how)\b)[^.,!?;\n]){{0,40}}?"


def _claims() -> Claims:
    return Claims(
        recovered=rule(
            rf"{_IS}\s+{_ADVERB}(?:{_MENDED}|{_BACK})",
            r"(?<!\bcan )(?<!\bto )\b(?:works?|loads?|runs?) (?:\w+ ){0,2}?"
            r"(?:again|normally|as (?:usual|before|normal))",
            rf"\bwe(?: have|['’]ve)? (?:\w+ly |now |just |already )*{_MENDED}\b",
            r"\b(?:can|may) (?:\w+ly |now |all |again )*(?:use|sign|log|pay|order|open|access|check|send|receive)\b"
            r"[^.!?;,\n]{0,25}?\b(?:again|as (?:usual|before|normal)|normally)\b",
            r"\b(?:works?|loads?|runs?) (?:fine |well |properly |ok |okay )?now\b(?! on)|\b(?:\w+ )now works?\b",
            r"\bshould (?:now |all )*be able to [^.!?;,\n]{0,25}?\b(?:now|again|normally)\b",
            r"\bcan (?:sign|log) (?:back )?in (?:now|fine|without)\b|\bcan now (?:sign|log|pay|order|access)\b",
            r"\ball (?:is )?(?:good|fine|well|clear)(?: now| again)\b",
            r"\bno longer (?:occurs?|happens?|fails?|failing|down|an issue|a problem)\b",
            rf"(?:\b(?:have|has)|['’](?:ve|s)) got(?:ten)? (?:it|this|that|everything|the \w+) {_MENDED}\b",
            r"\b(?:(?:were|was|been) able|managed) to (?:fix|resolve|repair|restore|solve)\b",
            r"\b(?:went|came|ha(?:s|ve) (?:come|gone)) back(?: to normal| online| up|(?=\s*(?:[.,;!]|$)))",
            r"\b(?:team|engineers?|technicians?|colleagues?|developers?) (?:\w+ly |just |now )?"
            r"(?:restored|resolved|fixed|repaired|solved)\b",
            r"\beverything (?:is |looks |works )(?:\w+ )?(?:fine|okay|ok|good|normal|well)\b",
            r"\b(?:fix|repair|update|patch) (?:is|has been|was|went) (?:now )?"
            r"(?:live|out|in place|deployed|released|rolled out|complete)",
            rf"(?:^|\n)(?:now |all |fully )*{_MENDED}\b|: (?:now |all |fully )+{_MENDED}\b",
            r"\bcan be used (?:\w+ )?again",
            r"\b(?:service|access|sign-?in|payments?) (?:has |have )?(?:returned|resumed|recovered)\b",
        ),
        repairing=rule(
            rf"\b{_CREW}\b{_IN}{{0,40}}?(?:\b(?:are|is|still|keep)\b|['’]re\b)\s+(?:\w+\s+){{0,3}}?{_MENDING}",
            r"\b(?:being|under) (?:repair(?:ed)?|fixed|investigat(?:ed|ion)|looked into)\b",
            r"\b(?:repairs?|fix|investigation|work(?: on (?:the|a) (?:fix|repair))?) "
            r"(?:continues?\b|(?:is|are|goes?)(?: still| now)? (?:on|under ?way|in progress|ongoing)\b)",
            r"\b(?:carrying out the repair|hands? is on the repair|repairs? ha(?:s|ve) (?:begun|started|not paused))",
            r"\bstarted (?:to look into|looking into|to (?:repair|fix|investigate)|repairing|fixing|investigating)\b",
            r"\bfix will be (?:ready|out|live|deployed)\b|\bin the middle of the repairs?\b",
            r"\bwork to (?:restore|fix|repair|resolve)\b[^.!?;,\n]{0,25}? (?:continues|goes on)\b",
            rf"(?:\bwill|['’]ll) (?:get|have) (?:it|this|everything|(?:the )?\w+) "
            rf"(?:working|back|up|running|{_MENDED})\b",
            r"(?:\bwill|['’]ll) take\b[^.!?;,\n]{0,25}? to (?:fix|repair|restore|resolve)\b",
            r"\bfix (?:is|will be) (?:coming|on (?:its|the) way)\b|\bwhile we (?:fix|repair|resolve|restore|sort)\b",
            r"\bdoing (?:our best|everything|all)\b[^.!?;\n]{0,20}? to (?:get|bring|fix|restore|resolve|repair)\b",
            r"\beta (?:for|is)\b|\beta:|\b(?:estimated|expected) (?:time of )?(?:recovery|repair|restoration)\b",
            r"\bstill (?:repairing|fixing|working on|investigating|looking into)\b",
            rf"(?<!\bi )\b(?:expect\w*|should|will|(?<!\bi)['’]ll|estimat\w*|aim\w*|hop(?:e|ing)|plan\w*|likely|due)\b"
            rf"{_FREE}\b(?:be (?:\w+ly |all )?(?:back(?! (?:with|in touch|to you|here))|up|over"
            rf"|working|normal|{_MENDED})|{_MENDED}|back to normal|back online)\b",
        ),
        recovering=rule(
            r"\b(?:is|are) (?:slowly |gradually |now )*(?:coming back|recovering|being restored)\b",
            r"\bstill (?:down|out|failing|unavailable|broken|ongoing|experiencing|having (?:problems|trouble|issues)"
            r"|not (?:back|working|fixed))\b",
            r"(?:n['’]t|\bnot) (?:\w+ ){0,2}?(?:work\w*|load\w*|back|available|up|fixed|restored)(?: \w+)? yet\b",
            r"\b(?:outage|incident|problem|issue) (?:is ongoing|continues|goes on|persists)\b",
            r"\bcurrently (?:unavailable|down|failing|not working)\b"
            r"|\b(?:unavailable|down|failing|not working) (?:at the moment|right now|currently)\b",
            rf"\bnot yet (?:been )?(?:{_MENDED}|back)\b",
        ),
        found=rule(
            r"\b(?:found|identified|located|pinpointed|traced|isolated) (?:out )?(?:the |its )(?:\w+ )?"
            r"(?:cause|problem|fault|issue|source|bug|reason)\b",
            r"\b(?:cause|problem|fault|issue|bug) (?:is|was|has been) (?:(?!not\b|never\b)\w+ )?"
            r"(?:found|identified|known|located|pinpointed)\b",
            r"\bknow (?:the cause|what caused|why it)\b",
        ),
        sought=rule(
            r"\bno (?:findings?|word|clarity|conclusions?)(?: yet)? (?:on|about|as to) (?:the |what )?caus\w+",
            r"\b(?:cause|reason) (?:is|remains|are) (?:still |as yet |currently |yet )*"
            r"(?:not (?:yet )?(?:known|clear|found|identified)|unknown|unclear|to be found)",
            r"\b(?:do|does|have|has)(?: not|n['’]t) (?:yet )?(?:know|known|found|find|identified|established|located)"
            r" (?:out )?(?:the (?:cause|reason)|what (?:caused|is causing)|why)\b",
            r"\b(?:have |has |['’]ve )?(?:only )?(?:just )?started to (?:look into|investigate)\b",
        ),
        still=rule(
            r"\bstill (?:down|out|failing|unavailable|broken|not (?:back|working|fixed)|being (?:fixed|repaired))\b",
            r"\bgoes on\b|\b(?:is|are) not (?:back|fixed|restored)\b|\b(?:is|are)n['’]t (?:back|fixed|restored)\b",
        ),
        not_before=rule(
            rf"\b(?:not|never|nothing|nobody|only|rather|hardly|cannot|nor|without|yet to|far from|\w+n['’]t)\b"
            rf"{_IN}{{0,30}}$",
            rf"\b{_IF}\b",
            r"\b(?:said|thought|believed|announced|wrote|claimed|assumed|hopefully|you say|you mention|what)\b",
            r"\bi ?$|\b(?:told|saying|says|message|notice|wish|(?:could|like to|love to) (?:say|tell))\b",
            r"\blast (?:week|month|night|time)|\b(?:previous|earlier) (?:outage|incident)|\byesterday['’]s\b",
            r"\bphone\b|\bhotline\b|\bcall cent",
            r"\b(?:some|half|part|parts|partly|partially|most|one in)\b|\d\s*(?:%|per ?cent)",
        ),
        others=rule(_OTHER),
        not_after=rule(
            r" (?:or not|for (?:some|part|half|most|many)|in the meantime|meanwhile|for now)\b",
            r" (?:by|within|soon|shortly|later|tonight|tomorrow|in (?:a|an|about|\d))\b",
            rf" {_OTHER}",
        ),
        planned=rule(rf"\b(?:will|should|hope|expect\w*|plan\w*|aim\w*|want|to make sure)\b{_IN}{{0,20}}$"),
        done=rule(r"\b(?:has|have) been\b|\bnow\b|\balready\b|['’]ve\b"),
        conditional=rule(
            r"\b(?:once|when|as soon as|if|until|the moment)\b[^,]*\b(?:is|are|has|have|can|works?|get|gets)\b"
        ),
        earlier=rule(
            r"\b(?:was|were|had|then|earlier|originally|yesterday|at the time|during|once|when|if|until|whether)\b",
            r"\b(?:not|no longer|never|\w+n['’]t)\b",
            r"\b(?:charge|refund|invoice|coupon|parcel|process|better|alerts?|improv\w*)\b",
            r"\b(?:prevent\w*|review|report|post-?mortem|repeat|similar|from happening|caused?|why)\b",
            _OTHER,
        ),
        asks=rule(r"\bwhether\b"),
    )


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
            r"\b(?:ha(?:s|ve) passed|missed|did ?n[o'’]t|did not keep|could ?n[o'’]t|originally|earlier|first gave)\b",
            r"\bpreviously\b|\band (?:it was|were) not\b",
            r"\b(?:no longer|instead of|later than|moved to)\b",
        ),
        claims=_claims(),
    )
