"""A template is untrusted: it is filled within the limits, or refused with phrase, line and reason."""

import gc
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.replies import fill, template_problem, variables, warm_up
from tests.replies.desk import facts, filled, phrase


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("您好\n{{ customer.name | clok }}", 2, "There is no filter called “clok”"),
        ("{% if a %}\n{{ b | nope }}\n{% endif %}", 2, "no filter called “nope”"),  # also where it would not run
        ("{{ customer.name", 1, "“{{” is never closed"),
        ("a\nb {% if x", 2, "“{%” is never closed"),
        ("{% if customer.name %}您好", 1, "The closing tag “endif” is missing"),
        ("a\n{% endif %}", 2, "“endif” stands here without its opening tag"),
        ("{{ customer name }}", 1, "not written as it should be"),
        (
            "您好\n｛｛ 客户.姓名 ｝｝",
            2,
            "braces here are full-width",
        ),  # an input method's slip would be sent as it stands
        ("{{ }}", 1, "not written as it should be"),
        ("{{ [''] }}", 1, "not written as it should be"),  # a name nobody could be asked for
        ("{{ 'a' | append }}", 1, "wrong number of values"),
        ("{{ now | date: '%99999999d' }}", 1, "unknown date part"),
        ("{% include 'secret' %}", 1, "The tag “include” cannot be used"),
        ("{% render 'secret' %}", 1, "The tag “render” cannot be used"),
        ("{% for i in (1..9999999) %}x{% endfor %}", 1, "The tag “for” cannot be used"),
        ("{% tablerow i in (1..9999999) %}x{% endtablerow %}", 1, "The tag “tablerow” cannot be used"),
        ("{% raw %}{{ a }}{% endraw %}", 1, "The tag “raw” cannot be used"),
        ("{% if (1..1000000000000) contains 'z' %}y{% endif %}", 1, "A range such as (1..9) cannot be used"),
        ("a\n{{ 'x' | append: (1..2) }}", 2, "A range such as (1..9)"),
        ("{% assign a = (b..c) %}{{ a }}", 1, "A range such as (1..9)"),
        ("{% assign 量 = (数量..2) %}{{ 量.size }}", 1, "A range such as (1..9)"),
        ("{% case (1..9) %}{% when '(1..9)' %}x{% endcase %}", 1, "A range such as (1..9)"),
        ("{% unless a == ( １..９９９９９９９９９９９９ ) %}x{% endunless %}", 1, "A range such as (1..9)"),
        ("{% capture a %}x{% endcapture %}", 1, "The tag “capture” cannot be used"),
    ],
)
def test_a_mistake_is_refused_with_phrase_line_and_reason(template: str, line: int, reason: str) -> None:
    broken = phrase(template, id="login-apology", file="zh-en/login.toml", line=12)
    with pytest.raises(Refused) as refused:
        fill(broken, "zh", facts())
    assert reason in str(refused.value)
    assert "login-apology (zh-en/login.toml:12)" in str(refused.value)
    assert f"line {line}:" in str(refused.value)


def test_a_mistake_can_be_found_without_filling() -> None:
    mistake = template_problem("您好\n{{ a | nope }}")
    assert mistake is not None
    assert (mistake.line, mistake.column) == (2, 8)
    assert template_problem("{{ a }}") is None


HOSTILE = {
    "many names": "{{a}}" * 4_000,
    "as many names as allowed": "{{a|append:'x'}}" * 59,
    "openings": "{{" * 10_000,
    "tags never closed": "{%" * 10_000,
    "raw never closed": "{%raw%}" * 2_800,
    "comments never closed": "{%comment%}" * 1_800,
    "a wide space": "{{" + " " * 19_900 + "}}",
    "braces": "{" * 20_000,
    "nesting": "{% if a %}" * 1_900,
    "deep lookups": "{{ a" + "[a" * 6_000 + "]" * 6_000 + "}}",
    "a long chain": "{{ a" + "|upcase" * 2_800 + "}}",
    "doubling": "{% assign a = '0123456789' %}" + "{% assign a = a | append: a %}" * 40 + "{{ a }}",
    "amplified": "{{ '" + "x" * 90 + "' | replace: 'x', '" + "y" * 150 + "'}}",
    "amplified twice": "{% assign a = '"
    + "x" * 200
    + "' %}{% assign b = a | replace: 'x', a %}{{ b | replace: 'x', b }}",
    "a huge number": "{{ " + "9" * 280 + " }}",
    "a huge range": "{{ (1..99999999999999) }}",
    "a range asked for a word": "{% if (1..1000000000000) contains 'z' %}y{% endif %}",
    "a range between names": "{% assign a = 9999999999999 %}{% if (now..a) contains now %}y{% endif %}",
    "a range within a lookup": "{{ a[(1..99999999999)] }}",
    "a time with a wide gap": "{% assign a = ' ' %}"
    + "{% assign a = a | append: a %}" * 13
    + "{{ '-' | append: a | append: 'x' | clock }}",
    "times without end": "{% assign a = '1 ' %}"
    + "{% assign a = a | append: a %}" * 13
    + "{{ a | clock }}{{ a | money }}",
    "wide letters": "{% assign a = 'ﷺ' %}" + "{% assign a = a | append: a %}" * 12 + "{{ a | clock }}",
    "logic": "{% if a == b or b == c or c contains d %}x{% endif %}" * 28,
    "a long text": "x" * 20_001,
    "a long text in Chinese": "字" * 19_000,
    "only text": "x" * 19_999,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_over_quickly_and_stays_small(name: str) -> None:
    """The promise is 10 ms on the reference machine; the bound here allows for a busy one, an attack takes seconds."""
    warm_up()
    seconds, size = cost(HOSTILE[name])
    assert seconds < 0.1
    assert size <= 20_000


def cost(template: str, values: dict[str, str] | None = None) -> tuple[float, int]:
    """Processor time of filling in seconds, and bytes of what came out; nothing when it was refused."""
    gc.disable()  # what other tests left behind is not this template's
    started = time.process_time()
    try:
        text = filled(template, values=values or {}).text
    except Refused:
        text = ""
    seconds = time.process_time() - started
    gc.enable()
    return seconds, len(text.encode())


def test_a_busy_machine_refuses_no_phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 1_000_000, 1_000))
    for clock in ("thread_time", "process_time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, clock, lambda: float(next(seconds)))
    assert filled("{{ customer.name }}{{ customer.name }}").text


VALUE_NAMES = "customer.name 客户.姓名 incident.eta 故障.预计 now a 量 'z' '字' 9999999999 -1 1.5 true nil empty blank"
SIGNS = "[ ] . .. | : , = == != < > <= contains and or not size first ( ) (1..999999999999) (a..量) (1..a)"
VALUES, TOKENS = VALUE_NAMES.split(" "), [*VALUE_NAMES.split(" "), *SIGNS.split(" ")]
FILTERS = [
    "clock",
    "squish",
    "strip",
    "upcase",
    "downcase",
    "capitalize",
    "upfirst",
    "append: a",
    "prepend: 量",
    "date: a",
    "replace: 'x', a",
    "replace: a, a",
    "remove: 'x'",
    "truncate: 9999",
    "date: '%Y%Y'",
    "money: 'JPY'",
    "money: a",
    "default: a",
]
NO_FILTERS = ["slice: 0, 9", "join: a", "split: ''", "times: 9", "repeat: 9", "sort", "size"]
GROWN = (" ", "1", "x", "字", "ﷺ", "1:", "下午", "- ", "0.", "1e9", "%d", "<b>", "9月")


def hostile(draw: random.Random) -> str:
    """A template as somebody would write it to take a desk down: grown values, long chains, deep nesting, ranges. Most
    are well written, so that they get past the parser."""
    is_sound, pieces = draw.random() < 0.7, []
    for _turn in range(draw.randint(1, 7 if is_sound else 20)):
        one, other = draw.choice(VALUES), draw.choice(VALUES)
        match draw.randrange(4 if is_sound else 6):
            case 0:
                name, unit = draw.choice(["a", "量"]), draw.choice(GROWN)
                grow = f"{{% assign {name} = {name} | append: {name} %}}"
                pieces.append(f"{{% assign {name} = '{unit}' %}}" + grow * draw.randint(1, 15))
            case 1:
                filters = draw.choices(FILTERS if is_sound else FILTERS + NO_FILTERS, k=draw.randint(1, 12))
                pieces.append(f"{{{{ {one} | {' | '.join(filters)} }}}}")
            case 2:
                test = draw.choice(["==", "!=", "contains", "and", "or"])
                pieces.append(
                    f"{{% if {one} {test} {other} %}}" + draw.choice(GROWN) * draw.randint(0, 5000) + "{% endif %}"
                )
            case 3:
                pieces.append(f"{{% case {one} %}}{{% when {other} %}}字{{% endcase %}}")
            case 4:
                pieces.append(f"{{{{ {' '.join(draw.choices(TOKENS, k=draw.randint(1, 12)))} }}}}")
            case _:
                pieces.append(
                    draw.choice(["字", " ", "{", "}", "{{", "%}", "\n", "{% comment %}"]) * draw.randint(1, 999)
                )
    return "".join(pieces)[:20_000]


def hostile_values(draw: random.Random) -> dict[str, str]:
    return {"a": draw.choice(GROWN) * draw.randint(0, 9_999), "量": draw.choice(GROWN) * draw.randint(0, 9_999)}


@pytest.mark.parametrize(
    ("seed", "count"), [(2026, 300), pytest.param(11, 6_000, marks=pytest.mark.slow, id="slow-6000")]
)
def test_thousands_of_hostile_templates_are_over_at_once_and_stay_small(
    seed: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 ms for 20 kB on the reference machine is the promise. A busy machine is allowed a slow run of one template,
    not three. No range is ever made, whatever the template says."""
    from liquid.builtin.expressions.primitive import RangeLiteral

    made: list[object] = []

    def evaluate(*_args: object) -> range:
        made.append(1)
        return range(3)

    monkeypatch.setattr(RangeLiteral, "evaluate", evaluate)
    warm_up()
    draw = random.Random(seed)
    for number in range(count):
        template, values = hostile(draw), hostile_values(draw)
        seconds, size = cost(template, values)
        if seconds > 0.01:
            seconds = min(seconds, *(cost(template, values)[0] for _again in range(3)))
        assert seconds <= 0.01, f"seed {seed}, template {number}: {seconds:.3f} s"
        assert size <= 20_000, f"seed {seed}, template {number}"
    assert not made


def test_a_long_value_cannot_make_a_long_reply() -> None:
    with pytest.raises(Refused, match="longer than 20000 bytes"):
        filled("{{ 备注 }}", values={"备注": "字" * 7_000})


WORDS = (
    "{{ }} {% %} | : ' \" . , [ ] ( ) == != if endif else unless case when assign = comment endcomment raw for in "
    "customer.name incident.eta 客户.姓名 优惠券 clock default append replace date money upfirst truncate (1..9) "
    "nil true 1.5 -3 contains and or not # - \n"
)
PIECES = st.lists(st.sampled_from(WORDS.split(" ")) | st.text(max_size=5), max_size=30)


@settings(deadline=None, max_examples=150)
@given(PIECES.map(" ".join) | st.text(max_size=80).map(lambda text: f"{{{{ {text} }}}}"))
def test_any_template_is_filled_or_refused(template: str) -> None:
    try:
        reply = filled(template)
    except Refused:
        return
    assert all(0 <= mark.start <= mark.end <= len(reply.text) for mark in reply.marks)
    shown = {reply.text[mark.start : mark.end] for mark in reply.marks if mark.kind == "gap"}
    assert shown == {f"[{gap.label}?]" for gap in reply.gaps}  # no gap in the text without one to fill, and none hidden


def test_names_are_listed_in_order_canonical_and_once() -> None:
    text = "{{ 客户.姓名 }}{% if incident.workaround %}{{ 优惠券 | default: gift }}{% endif %}{{ customer.name }}"
    assert variables(text) == ("customer.name", "incident.workaround", "优惠券", "gift")
    assert variables("{% assign a = agent.name %}{{ a }}") == ("agent.name",)
    assert variables("{{ broken") == ()
