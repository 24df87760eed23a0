"""Fetching a status page over the network: the only place that makes a request, and only to an address the user gave.

A page may be slow, broken or hostile: time, size and redirects are bounded, and every failure is a sentence.
"""

import time
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

import urllib3

from agent_assist import __version__
from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError
from agent_assist.locale import _

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
TOTAL_TIMEOUT = 30.0
"""Seconds; the last one also ends a page that sends a byte now and then."""

MAX_PAGE_SIZE = 4_000_000
"""Bytes after decompression. A large page has some hundred thousand."""

MAX_REDIRECTS = 3
SUMMARY_PATH = "/api/v2/summary.json"

_CHUNK = 65_536


class PageUnreadable(AgentAssistError):
    """A status page could not be fetched. `retry_after`: seconds that the page asks to wait, 0 if it does not."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Fetched(NamedTuple):
    """What a page sent. `text` is None when it has not changed since the `etag` that was sent along."""

    text: str | None
    etag: str


def summary_url(address: str) -> str:
    """Return the address of the summary of a page; an address that names a file stays. Raises PageUnreadable."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PageUnreadable(
            _("“{address}” is not the address of a web page.", address=clean_line(address)[:200]),
            hint=_("For example: {example}", example="https://status.example.com"),
        )
    path = parts.path if parts.path.endswith(".json") else parts.path.rstrip("/") + SUMMARY_PATH
    return urlunsplit(parts._replace(path=path, fragment=""))


def fetch(address: str, etag: str = "") -> Fetched:
    """Return what the page says. Blocks up to `TOTAL_TIMEOUT`. Raises PageUnreadable with the reason."""
    url, until = summary_url(address), time.monotonic() + TOTAL_TIMEOUT
    headers = {"Accept": "application/json", "User-Agent": f"agent-assist/{__version__}"}
    if etag:
        headers["If-None-Match"] = etag
    timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT)
    with urllib3.PoolManager(retries=False, timeout=timeout, headers=headers) as pool:
        try:
            for _turn in range(MAX_REDIRECTS + 1):
                response = pool.request("GET", url, preload_content=False, redirect=False)
                with response:
                    if response.status not in (301, 302, 303, 307, 308):
                        return _read(response, until)
                    url = _redirected(url, response.headers.get("Location", ""))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise PageUnreadable(
                _("The status page cannot be reached: {reason}.", reason=_reason(error)),
                hint=_("The facts stay as they are; try again later."),
            ) from error
    raise PageUnreadable(_("The status page redirects too often."))


def _redirected(url: str, location: str) -> str:
    """Return where a redirect leads. Raises PageUnreadable unless it is a page as safe as the first."""
    target = urljoin(url, location)
    parts = urlsplit(target)
    if not location or parts.scheme not in ("http", "https") or not parts.hostname:
        raise PageUnreadable(_("The status page redirects to something that is no web page."))
    if urlsplit(url).scheme == "https" and parts.scheme == "http":
        raise PageUnreadable(_("The status page redirects to an address without encryption."))
    return target


def _read(response: urllib3.BaseHTTPResponse, until: float) -> Fetched:
    if response.status == 304:
        return Fetched(None, response.headers.get("ETag", ""))
    if response.status != 200:
        raise PageUnreadable(
            _("The status page answers with error {status}.", status=response.status),
            hint=_("The facts stay as they are; try again later."),
            retry_after=_seconds(response.headers.get("Retry-After", "")),
        )
    body = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MAX_PAGE_SIZE:
            raise PageUnreadable(_("The status page is larger than {limit} MB.", limit=MAX_PAGE_SIZE // 1_000_000))
        if time.monotonic() > until:
            raise PageUnreadable(_("The status page takes longer than {limit} seconds.", limit=round(TOTAL_TIMEOUT)))
    charset = _charset(response.headers.get("Content-Type", ""))
    try:
        text = bytes(body).decode(charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise PageUnreadable(_("The text of the status page is not readable ({charset}).", charset=charset)) from error
    if text.lstrip()[:1] == "<":
        raise PageUnreadable(
            _("This address is a web page, not the summary of a status page."),
            hint=_("It is found below the page's address: /api/v2/summary.json"),
        )
    return Fetched(text, response.headers.get("ETag", ""))


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _sign, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip(" \"'"):
            return clean_line(value.strip(" \"'"))[:40]
    return "utf-8-sig"


def _seconds(text: str) -> float:
    return min(float(text), 3600.0) if text.strip().isdecimal() and len(text) < 8 else 0.0


def _reason(error: Exception) -> str:
    """Return a library's message on one line, without the objects that it names."""
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.NameResolutionError):
        return _("no connection")
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return _("no answer in time")
    if isinstance(error, urllib3.exceptions.SSLError):
        return _("its certificate cannot be trusted")
    if isinstance(error, urllib3.exceptions.IncompleteRead | urllib3.exceptions.ProtocolError):
        return _("the connection was cut off")
    return clean_line(str(error))[:120] or error.__class__.__name__
