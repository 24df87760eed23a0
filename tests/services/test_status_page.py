"""Fetching a status page: every way it can misbehave ends in a sentence, in bounded time, and changes nothing."""

import gzip
import json
import time

import pytest

from agent_assist.services import status_page
from agent_assist.services.status_page import PageUnreadable, fetch, summary_url
from tests.services.page_server import Behaviour, answer, cut_off, drip, endless, page_server

SUMMARY = json.dumps({"page": {"id": "p"}, "incidents": []}).encode()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://status.example.com", "https://status.example.com/api/v2/summary.json"),
        ("https://status.example.com/", "https://status.example.com/api/v2/summary.json"),
        ("http://example.com/cloud", "http://example.com/cloud/api/v2/summary.json"),
        ("https://example.com/api/v2/summary.json", "https://example.com/api/v2/summary.json"),
    ],
)
def test_the_summary_is_found_below_the_address_of_a_page(address: str, url: str) -> None:
    assert summary_url(address) == url


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.com", "status.example.com", "https://"])
def test_what_is_no_web_page_is_never_asked(address: str) -> None:
    with pytest.raises(PageUnreadable, match="not the address of a web page"):
        fetch(address)


def test_a_page_is_read_with_its_etag_and_not_again_while_it_is_unchanged() -> None:
    seen = []

    def behave(request):  # type: ignore[no-untyped-def]
        seen.append(request.headers.get("If-None-Match"))
        if request.headers.get("If-None-Match") == '"v1"':
            answer(b"", status=304, ETag='"v1"')(request)
        else:
            answer(SUMMARY, ETag='"v1"', Content_Type="application/json")(request)

    with page_server(behave) as address:
        first = fetch(address)
        assert json.loads(first.text or "") == json.loads(SUMMARY)
        assert fetch(address, first.etag) == (None, '"v1"')
    assert seen == [None, '"v1"']


@pytest.mark.parametrize(
    "behaviour",
    [
        answer(b"\xef\xbb\xbf" + SUMMARY),
        answer(json.dumps({"page": {"id": "页"}}).encode("utf-16"), Content_Type="application/json; charset=utf-16"),
        answer(json.dumps({"page": {"id": "页"}}, ensure_ascii=False).encode("gbk"), Content_Type='a/b; charset="GBK"'),
        answer(gzip.compress(SUMMARY), Content_Encoding="gzip"),
    ],
)
def test_a_page_in_another_encoding_is_read(behaviour: Behaviour) -> None:
    with page_server(behaviour) as address:
        assert "page" in json.loads(fetch(address).text or "")


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (answer(b"", status=500), "error 500"),
        (answer(b"no", status=404), "error 404"),
        (answer(b"<!DOCTYPE html><html></html>"), "a web page, not the summary"),
        (answer(b"\xff\xfe\x00garbage"), "not readable"),
        (answer(SUMMARY, Content_Type="a/b; charset=klingon"), "not readable"),
        (answer(b"", status=302, Location="file:///etc/passwd"), "no web page"),
        (answer(b"", status=302), "no web page"),
        (cut_off, "cut off"),
        (endless, "larger than"),
        (answer(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), "larger than"),
    ],
)
def test_a_page_that_misbehaves_is_named_and_nothing_is_read(behaviour: Behaviour, sentence: str) -> None:
    with page_server(behaviour) as address, pytest.raises(PageUnreadable, match=sentence):
        fetch(address)


def test_a_page_that_sends_a_byte_now_and_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_page, "TOTAL_TIMEOUT", 0.3)
    monkeypatch.setattr(status_page, "_CHUNK", 1)
    with page_server(drip) as address, pytest.raises(PageUnreadable, match="takes longer"):
        fetch(address)


def test_a_page_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_page, "READ_TIMEOUT", 0.2)
    with (
        page_server(lambda _request: time.sleep(1)) as address,
        pytest.raises(PageUnreadable, match="no answer in time"),
    ):
        fetch(address)


def test_too_many_requests_say_how_long_to_wait() -> None:
    behaviour = answer(b"", status=429, Retry_After="120")
    with page_server(behaviour) as address, pytest.raises(PageUnreadable) as refused:
        fetch(address)
    assert refused.value.retry_after == 120


def test_a_page_that_redirects_in_a_circle_is_given_up() -> None:
    behaviour = answer(b"", status=302, Location="/again.json")
    with page_server(behaviour) as address, pytest.raises(PageUnreadable, match="redirects too often"):
        fetch(address)


def test_a_page_that_nobody_serves_is_named() -> None:
    with page_server(answer(SUMMARY)) as address:
        pass
    with pytest.raises(PageUnreadable, match="no connection"):
        fetch(address)
