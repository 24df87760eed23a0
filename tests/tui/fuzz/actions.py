"""What is done to the program: a list of small values that depends on the seed alone, so that it can be done again."""

import random
from collections.abc import Callable, Collection, Iterator
from typing import Literal

import msgspec

Kind = Literal["send", "resize", "pause", "outside", "stop"]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing done to the program. `data` are bytes to send; `size` is columns and rows; `name` says what happens
    outside; `number` is a free choice within it; `seconds` is how long to wait afterwards without sending."""

    kind: Kind
    data: tuple[bytes, ...] = ()
    """One write each."""
    size: tuple[int, int] = (0, 0)
    name: str = ""
    number: int = 0
    seconds: float = 0.0


ESC = b"\x1b"

CONTROL_KEYS = [bytes([code]) for code in range(0x20) if code not in (0x11, 0x1B)]
"""All but ^Q, which would end the program, and Escape."""

ALT_KEYS = [ESC + bytes([code]) for code in range(0x20, 0x7F) if code not in b"[O]P^_X"]

FUNCTION_KEYS = [
    *(ESC + b"O" + end for end in (b"P", b"Q", b"R", b"S")),
    *(ESC + b"[%d~" % code for code in (15, 17, 18, 19, 20, 21, 23, 24)),
]

MOVES = [
    *(ESC + b"[" + end for end in (b"A", b"B", b"C", b"D", b"F", b"H", b"Z")),
    *(ESC + b"[%d~" % code for code in (2, 3, 5, 6)),
    *(ESC + b"[1;%d" % modifier + end for modifier in (2, 3, 5, 6) for end in (b"A", b"B", b"C", b"D", b"F", b"H")),
    *(ESC + b"[%d;5~" % code for code in (3, 5, 6)),
]

OPENERS = [
    *(bytes([code]) for code in b"\x05\x0f\x19\x14\x12\x07\x10\x1f\r"),
    *(ESC + bytes([code]) for code in b"viutwnpr"),
    *FUNCTION_KEYS[1:4],
    *FUNCTION_KEYS[4:8],
]
"""Keys that open dialogs, the review and the palette."""

WORDS = [
    *[
        "denglu",
        "登录",
        "tuikuan",
        "退款",
        "dl",
        "refund",
        "王女士",
        "钱太太",
        "Zoe",
        "A20931",
        "20",
        "12.50",
        "１２",
        "+45m",
        "14:30",
        "SEV1",
        "3d",
        "*",
        "?",
        "？",
        "[/b]",
    ],
    *["👩\u200d👩\u200d👧\u200d👦", "é", "ｱｲｳ", "登录不上了怎么办，我的订单还在吗"],
    *("sign in", "明天 9:00", "{{ x }}", "a" * 70, "啊" * 40),
]

BAD = [
    *("王女士".encode("gbk"), "退款".encode("utf-16-le"), "登".encode()[:2], "录".encode()[1:], "é".encode("latin-1")),
    *(b"\xff", b"\xfe\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe1", b"\xf6"),
    *(b"\x00", b"\x80", "\x9b".encode(), b"\x9d52;c;eA==\x07"),
]
"""Bytes that are no UTF-8 (GBK, UTF-16, Latin-1, an Alt key of 8 bits, halves of characters), and controls."""

CUT_OFF = b"[ [999 [1; [<0;5 ]52;c; P O _ \x1b".split()
ODD = b"[<64;1;M [<0;99999;99999M [M!!! ]0;x\x07 P1$r0m [1;1;1;1;1A [201~ \x1b[A [27;5;13~ [97;5u [57441;5u".split()
ANSWERS = b"[1;1R [?2026;2$y [?1u [?64;1;2c [I [O".split()
BROKEN = [ESC + end for end in (*CUT_OFF, *ODD, *ANSWERS)]
"""Escape sequences that are cut off, unknown, too large, or answers to questions nobody asked."""

PASTES = [
    *("登录不上了\n怎么办", "line one\r\nline two\r\nline three", "\t\tindented\n", "20\n30\n", "a\rb\rc", "\n" * 50),
    *("\u202eevil\u202c", "王\u200b女士", "\ufeff", "e\u0301" * 30),
    *("\x07\x08\x7f", "\x9d52;c;eA==\x9c", "\x1b]52;c;eA==\x07"),
]

OUTSIDE = ["incident", "update", "resolve", "offer", "decide", "chat", "book", "break_book", "drop_book", "policy"]


def actions(seed: int, count: int, leave_out: Collection[str] = ()) -> Iterator[Action]:
    """The first `count` actions of this seed; `leave_out` names makers below that are not used."""
    chosen = random.Random(seed)
    made = 0
    while made < count:
        for action in _next(chosen, leave_out):
            yield action
            made += 1
            if made == count:
                return


def _next(chosen: random.Random, leave_out: Collection[str]) -> list[Action]:
    used = {maker: weight for maker, weight in WEIGHTS.items() if maker.__name__.strip("_") not in leave_out}
    return chosen.choices([*used], [*used.values()])[0](chosen)


def _send(*data: bytes) -> Action:
    return Action(kind="send", data=data)


def _any_key(chosen: random.Random) -> bytes:
    often = [b"\r", b"\t", b"\x7f", b"\x13", b" "]
    pools = (CONTROL_KEYS, ALT_KEYS, FUNCTION_KEYS, MOVES, OPENERS, often)
    return chosen.choice(chosen.choices(pools, (3, 2, 1, 5, 5, 6))[0])


def _letters(chosen: random.Random) -> bytes:
    if chosen.random() < 0.5:
        return chosen.choice(WORDS).encode()
    return "".join(chr(chosen.randint(0x20, 0x7E)) for _ in range(chosen.randint(1, 6))).encode()


def _key(chosen: random.Random) -> list[Action]:
    return [_send(_any_key(chosen))]


def _text(chosen: random.Random) -> list[Action]:
    return [_send(_letters(chosen))]


def _burst(chosen: random.Random) -> list[Action]:
    """Several keys in one write, as they arrive over a slow line."""
    keys = [chosen.choice([_any_key, _letters])(chosen) for _ in range(chosen.randint(2, 10))]
    return [_send(b"".join(keys))]


def _held(chosen: random.Random) -> list[Action]:
    """One key held down for a second or two."""
    return [_send(*[_any_key(chosen)] * chosen.randint(15, 60))]


def _escape(chosen: random.Random) -> list[Action]:
    return [Action(kind="send", data=(ESC,), seconds=0.03)] * chosen.randint(1, 4)


def _dialog(chosen: random.Random) -> list[Action]:
    """Open something and answer it, as a person would, now and then in one burst."""
    steps = [chosen.choice(OPENERS)]
    for _ in range(chosen.randint(1, 8)):
        steps += [_letters(chosen), chosen.choice([b"\r", b"\t", ESC + b"[B", b"\r\r"])]
    steps.append(chosen.choice([b"\x13", b"\r", ESC, b"\x13\x13", b"\r\r\r"]))
    if chosen.random() < 0.3:
        return [_send(b"".join(steps))]
    return [_send(step) for step in steps]


def _reply(chosen: random.Random) -> list[Action]:
    """Find a phrase, fill it and send it."""
    found = chosen.choice(["", "谢谢", "thanks", "denglu", "tuikuan", "优惠券", "coupon", "登录", "wait"]).encode()
    answers = [
        chosen.choice(["20", "14:30", "王女士", "三天", "+30m", "x"]).encode() for _ in range(chosen.randint(1, 5))
    ]
    steps = [b"\x15", found, b"\r", *(step for answer in answers for step in (answer, b"\r")), b"\x13", b"\r", b"\r"]
    return [*_escape(chosen), *(_send(step) for step in steps if step)]


def _review(chosen: random.Random) -> list[Action]:
    """Open the review and do something there."""
    keys = [bytes([key]) for key in b"admxeg\rfiptrsc o\tjk?/*"] + MOVES[:4]
    steps = [ESC + b"v", *(chosen.choice(keys) for _ in range(chosen.randint(1, 10)))]
    if chosen.random() < 0.5:
        steps += [_letters(chosen), b"\r", b"\r"]
    return [_send(step) for step in steps]


def _palette(chosen: random.Random) -> list[Action]:
    steps = [
        b"\x10",
        _letters(chosen).decode()[:6].encode(),
        chosen.choice([b"\r", ESC, ESC + b"[B"]),
        chosen.choice([b"\r", ESC]),
    ]
    return [_send(step) for step in steps]


def _bad(chosen: random.Random) -> list[Action]:
    data = chosen.choice(BAD)
    if chosen.random() < 0.3:
        data = bytes(chosen.randint(0x80, 0xFF) for _ in range(chosen.randint(1, 12)))
    return [_send(data) if chosen.random() < 0.7 else _send(_letters(chosen) + data + _letters(chosen))]


def _broken(chosen: random.Random) -> list[Action]:
    data = chosen.choice(BROKEN)
    return [_send(data) if chosen.random() < 0.5 else _send(data + _any_key(chosen) + _letters(chosen))]


def _paste(chosen: random.Random) -> list[Action]:
    text = chosen.choice(PASTES).encode() if chosen.random() < 0.7 else _letters(chosen) * chosen.randint(1, 200)
    if chosen.random() < 0.01:
        text = ("登录不上了，退款。\n" * 36_000).encode()
    if chosen.random() < 0.4:
        return [_send(text[:20_000].decode("utf-8", "ignore").encode())]  # a terminal without bracketed paste
    begin, end = ESC + b"[200~", ESC + b"[201~"
    whole = begin + text.replace(ESC, b"") + end
    if chosen.random() < 0.2:
        cut = chosen.randint(1, len(whole) - 1)
        return [_send(whole[:cut], whole[cut:])]
    return [_send(whole + (chosen.choice([b"\r", b"\x13", b""])))]


def _mouse(chosen: random.Random) -> list[Action]:
    column, row = chosen.randint(1, 140), chosen.randint(1, 39)
    at = b"%d;%d" % (column, row)
    match chosen.randint(0, 4):
        case 0:
            return [_send(*[ESC + b"[<%d;" % chosen.choice([64, 65, 66, 67]) + at + b"M"] * chosen.randint(1, 12))]
        case 1:
            there = b"%d;%d" % (chosen.randint(1, 140), chosen.randint(1, 39))
            return [_send(ESC + b"[<0;" + at + b"M" + ESC + b"[<32;" + there + b"M" + ESC + b"[<0;" + there + b"m")]
        case 2:
            return [_send(ESC + b"[<35;" + at + b"M")]
        case _:
            button = chosen.choice([0, 0, 0, 1, 2])
            click = ESC + b"[<%d;" % button + at + b"M" + ESC + b"[<%d;" % button + at + b"m"
            return [_send(click * chosen.choice([1, 1, 2, 3]))]


def _size(chosen: random.Random) -> tuple[int, int]:
    usual = [(140, 40), (80, 24), (60, 16), (100, 30), (120, 50)]
    odd = [(1, 1), (2, 2), (5, 5), (300, 80), (39, 10), (40, 9), (300, 2), (5, 40), (12, 3), (200, 1), (1, 60)]
    return chosen.choice(usual if chosen.random() < 0.7 else odd)


def _resize(chosen: random.Random) -> list[Action]:
    """A small or odd size does not stay: most of what can go wrong needs room."""
    size = _size(chosen)
    odd = [Action(kind="resize", size=size)]
    if min(size) < 16 and chosen.random() < 0.8:
        odd += [*_next_keys(chosen), Action(kind="resize", size=(140, 40))]
    return odd


def _next_keys(chosen: random.Random) -> list[Action]:
    return [_send(_any_key(chosen)) for _ in range(chosen.randint(0, 6))]


def _storm(chosen: random.Random) -> list[Action]:
    """Dragging the corner of the window."""
    sizes = [(chosen.randint(1, 160), chosen.randint(1, 50)) for _ in range(chosen.randint(5, 25))]
    return [
        *(Action(kind="resize", size=size, name="at once") for size in sizes),
        Action(kind="resize", size=(140, 40)),
    ]


def _outside(chosen: random.Random) -> list[Action]:
    return [Action(kind="outside", name=chosen.choice(OUTSIDE), number=chosen.randint(0, 1_000_000))]


def _pause(chosen: random.Random) -> list[Action]:
    return [Action(kind="pause", seconds=round(chosen.uniform(0.05, 0.4), 2))]


def _stop(_chosen: random.Random) -> list[Action]:
    return [Action(kind="stop")]


WEIGHTS: dict[Callable[[random.Random], list[Action]], int] = {
    _key: 300,
    _text: 180,
    _burst: 140,
    _held: 8,
    _escape: 60,
    _dialog: 60,
    _reply: 30,
    _review: 40,
    _palette: 20,
    _bad: 40,
    _broken: 30,
    _paste: 40,
    _mouse: 60,
    _resize: 35,
    _storm: 5,
    _outside: 90,
    _pause: 12,
    _stop: 1,
}
"""How often each kind of action is chosen."""
