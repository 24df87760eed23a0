"""A file of facts is read whole or not at all, and a mistake is named with its line."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_assist.incidents.apply import parse_facts
from agent_assist.incidents.facts_file import read_incident
from tests.conftest import NOW, SHANGHAI

WHOLE = """\
# what the owner knows so far
title = "登录失败"
severity = 1
status = "已定位"
services = ["登录", "支付"]
scope = "约 15% 的用户无法登录"
eta = 14:30:00
next_update = "+10m"
started = 2026-11-20T13:35:00+08:00
rhythm = 20

[en]
scope = "about 15% of users cannot sign in"
"""


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "facts.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_facts_are_read_as_one_would_type_them(tmp_path: Path) -> None:
    facts = read_incident(written(tmp_path, WHOLE), NOW, SHANGHAI)
    assert facts.problems == ()
    typed = {
        "title": "登录失败",
        "severity": "1",
        "status": "已定位",
        "services": "登录, 支付",
        "scope": "约 15% 的用户无法登录",
        "eta": "14:30",
        "next_update": "+10m",
        "started": "2026-11-20T13:35:00+08:00",
        "rhythm": "20",
        "scope.en": "about 15% of users cannot sign in",
    }
    assert facts.changes.values == parse_facts(typed, NOW, SHANGHAI).values


@pytest.mark.parametrize(
    ("content", "line", "because"),
    [
        ('title = "a"\nscop = "b"\n', 2, "Did you mean “scope”"),
        ('title = "a"\n\neta = "soon"\n', 3, "is not a time"),
        ('title = "a"\neta = "13:00"\n', 2, "has already passed"),
        ('status = "burning"\n', 1, "not a status"),
        ('title = "a"\nscope = 15\n', 2, "should be text in quotes"),
        ('title = "a"\nrhythm = 0\n', 2, "from 1 to 1440"),
        ('title = "a"\nrhythm = true\n', 2, "should be text in quotes"),
        ('title = "  "\n', 1, "needs a title"),
        ('scope = "x"\n[en]\nscope = "y"\ncauze = "z"\n', 4, "Did you mean “cause”"),
        ('title = "a"\n[en]\ncause_internal = "x"\n', 3, "no fact called"),  # what is internal has no translation
        ('title = "a\n', 1, "Not valid TOML"),
        (b'title = "a"\nscope = "\xff"\n', 2, "not UTF-8"),
        pytest.param("severity = " + "9" * 5_000, 0, "Not valid TOML", id="a number too long for Python"),
        pytest.param("a" + ".a" * 30_000 + " = 1", 1, "nested too deeply", id="a key of many parts"),
        pytest.param("title = " + "[" * 5000, 0, "nested too deeply", id="deep"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, content: str | bytes, line: int, because: str) -> None:
    facts = read_incident(written(tmp_path, content), NOW, SHANGHAI)
    (problem,) = facts.problems
    assert because in problem.reason
    assert problem.line == line
    assert str(problem).startswith(str(tmp_path / "facts.toml"))
    assert facts.changes.values == {}


def test_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    facts = read_incident(written(tmp_path, 'severity = "9"\nstatus = "x"\nowner = "小李"\n'), NOW, SHANGHAI)
    assert [problem.place.rpartition(".toml:")[2] for problem in facts.problems] == ["1:1", "2:1"]
    assert facts.changes.values == {}


def test_the_wrong_file_is_not_complained_about_for_ever(tmp_path: Path) -> None:
    wrong = "\n".join(f"key{number} = 1" for number in range(4_000))
    assert len(read_incident(written(tmp_path, wrong), NOW, SHANGHAI).problems) == 20


def test_text_is_cleaned_on_the_way_in(tmp_path: Path) -> None:
    facts = read_incident(written(tmp_path, 'title = "a\\u001b[31m\\u202eb"\n'), NOW, SHANGHAI)
    assert facts.changes.values["title"] == "a␛[31m�b"


def test_a_mark_of_byte_order_is_no_mistake(tmp_path: Path) -> None:
    assert read_incident(written(tmp_path, b'\xef\xbb\xbftitle = "a"\n'), NOW, SHANGHAI).changes.values == {
        "title": "a"
    }


def test_what_is_not_a_file_of_facts_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    big = written(tmp_path, "#" * 300_000)
    reasons = [
        read_incident(path, NOW, SHANGHAI).problems[0].reason
        for path in (tmp_path / "none.toml", tmp_path, tmp_path / "pipe", big)
    ]
    assert reasons == [
        "There is no such file.",
        "This is not a regular file.",
        "This is not a regular file.",
        "This file is larger than 64 kB.",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_file_makes_it_fail(tmp_path: Path, content: bytes) -> None:
    facts = read_incident(written(tmp_path, content), NOW, SHANGHAI)
    assert not (facts.changes.values and facts.problems)
