"""HTTP to one DolphinScheduler: one call in, the envelope's data or one of our errors out."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import SSLError as TlsError
from urllib3.util import Retry

from definitions import strict_json
from definitions.errors import DefinitionError
from dolphin.clock import Clock
from dolphin.echo import readable
from dolphin.errors import (
    DolphinError,
    DolphinRejected,
    DolphinUnauthorized,
    DolphinUnavailable,
    DolphinUnexpected,
    DolphinUnknownOutcome,
)
from dolphin.form_body import CONTENT_TYPE, form_body

Form = Mapping[str, str | int]

# Codes an endpoint answers for any exception inside it, a failed database write included: they don't say whether it was done.
GENERIC_WRITE_CODES: Final = frozenset({10000, 10105, 10107, 10108, 10076, 10077, 10078, 10079})
MAX_DEPTH: Final = 1_000  # of an answer; the parser itself gives up a little deeper
_CHUNK: Final = 1 << 16

_slots: dict[tuple[str, int], threading.BoundedSemaphore] = {}
_slots_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Call:
    """One call as journals and benches see it: sizes and times, no bodies. Seconds by a monotonic clock."""

    method: str
    path: str
    sent_bytes: int
    sent_at: float
    answered_at: float
    status: int | None
    dolphin_code: int | None


Observer = Callable[[Call], None]


class _Retry(Retry):
    """urllib3 asks `allowed_methods` only where reading failed: where TLS broke it would send a write again, which the server may have."""

    def increment(self, method: str | None = None, *args: Any, **kwargs: Any) -> Self:
        left = self if method == "GET" else self.new(total=0)
        return super(_Retry, left).increment(method, *args, **kwargs)


class Transport:
    """A session with one base URL and token. Not shared between threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        connect_timeout: float = 3.0,
        read_timeout: float = 30.0,
        verify: bool | str = True,
        max_response_bytes: int = 100_000_000,
        max_concurrent: int = 4,
        observer: Observer | None = None,
        request_id: str = "",
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._token = token
        self._timeout = (connect_timeout, read_timeout)
        self._max_bytes = max_response_bytes
        self._observer = observer
        self.clock = Clock()
        self._slot = _slot(self.base_url, max_concurrent)
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc or proxy of the account we run under must not change who is asked
        self._session.verify = verify
        self._session.headers.update({"token": token, "Accept": "application/json"})
        if request_id:  # DolphinScheduler ignores it; a proxy before it may log it
            self._session.headers["X-Request-ID"] = request_id
        retry = _Retry(total=2, backoff_factor=0.2, allowed_methods={"GET"}, status=0, redirect=0)
        self._session.mount("http://", HTTPAdapter(max_retries=retry))
        self._session.mount("https://", HTTPAdapter(max_retries=retry))

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, **params: str | int) -> Any:
        """Read; safe to repeat. Raises any DolphinError but DolphinUnknownOutcome."""
        return self._call("GET", path, params=params, is_write=False)

    def ask(self, path: str, form: Form) -> Any:
        """Read through an endpoint that is a POST."""
        return self._call("POST", path, form=form, is_write=False)

    def write(self, method: str, path: str, form: Form) -> Any:
        """Write once, never repeated here. Raises DolphinUnknownOutcome where it may have been done."""
        return self._call(method, path, form=form, is_write=True)

    def _call(self, method: str, path: str, *, is_write: bool, params: Any = None, form: Form | None = None) -> Any:
        started = time.monotonic()
        status: int | None = None
        code: int | None = None
        request = self._prepared(method, path, params, form)
        try:
            with self._slot:
                status, content_type, body = self._send(request, is_write)
            code, message, data = _envelope(status, content_type, body, is_write)
        finally:
            if self._observer:
                size = len(request.body or b"")
                self._observer(Call(method, path, size, started, time.monotonic(), status, code))
        if code == 0:
            return data
        message = readable(message, token=self._token, form=form or {})
        if is_write and code in GENERIC_WRITE_CODES:
            raise DolphinUnknownOutcome(f"DolphinScheduler answered {code}: {message}", dolphin_code=code)
        raise DolphinRejected(code, message)

    def _prepared(self, method: str, path: str, params: Any, form: Form | None) -> requests.PreparedRequest:
        body, headers = (form_body(form), {"Content-Type": CONTENT_TYPE}) if form else (None, None)
        return self._session.prepare_request(
            requests.Request(method, self.base_url + path, params=params, data=body, headers=headers)
        )

    def _send(self, request: requests.PreparedRequest, is_write: bool) -> tuple[int, str, bytes]:
        sent_at = time.time()
        try:
            with self._session.send(
                request, timeout=self._timeout, allow_redirects=False, stream=True, verify=self._session.verify
            ) as response:
                self.clock.heard(response.headers.get("Date"), sent_at, time.time())
                return response.status_code, response.headers.get("Content-Type", ""), self._read(response, is_write)
        except (requests.RequestException, HTTPError) as error:
            raise _translated(error, is_write) from error

    def _read(self, response: requests.Response, is_write: bool) -> bytes:
        """Read at most the cap, and within the read time-out as a whole: a server that drips must not hold us."""
        body = bytearray()
        deadline = time.monotonic() + self._timeout[1]
        # read1 answers with what has come; a plain read would wait for a whole chunk, each byte within its own time-out.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                raise _doubtful(f"the answer is larger than {self._max_bytes} bytes", is_write)
            if time.monotonic() > deadline:
                raise _doubtful("the answer did not end in time", is_write)
        return bytes(body)


def _slot(base_url: str, size: int) -> threading.BoundedSemaphore:
    """At most so many calls at once to one server from this process."""
    with _slots_lock:
        return _slots.setdefault((base_url, size), threading.BoundedSemaphore(size))


def _translated(error: requests.RequestException | HTTPError, is_write: bool) -> DolphinError:
    text = f"DolphinScheduler can't be reached ({type(error).__name__})"
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never_sent = isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)
    if is_write and not never_sent and not _is_distrust(reason):
        return DolphinUnknownOutcome(f"the answer to a write never came ({type(error).__name__})")
    return DolphinUnavailable(text)


def _is_distrust(reason: object) -> bool:
    """Whether we hung up on a certificate, which comes before any request. TLS can break after one as well."""
    return isinstance(reason, TlsError) and isinstance(reason.args[0], ssl.SSLCertVerificationError)


def _doubtful(text: str, is_write: bool) -> DolphinError:
    return DolphinUnknownOutcome(text) if is_write else DolphinUnexpected(text)


def _envelope(status: int, content_type: str, body: bytes, is_write: bool) -> tuple[int, str, Any]:
    """Return (code, msg, data). Success is told by the body alone: errors come with 200 and 201 too."""
    if status == 401:
        raise DolphinUnauthorized("DolphinScheduler refuses the token (HTTP 401)")
    if status not in (200, 201) or "json" not in content_type:
        if status in (429, 502, 503, 504) and not is_write:
            raise DolphinUnavailable(f"DolphinScheduler answered HTTP {status}")
        raise _doubtful(f"HTTP {status} with {content_type.split(';')[0] or 'no content'} instead of JSON", is_write)
    try:
        answer = strict_json.loads(body, max_bytes=len(body), max_depth=MAX_DEPTH)
    except DefinitionError as error:
        raise _doubtful(f"an answer that can't be read: {error}", is_write) from error
    if not isinstance(answer, dict) or type(answer.get("code")) is not int:
        raise _doubtful("JSON that is not DolphinScheduler's envelope", is_write)
    return answer["code"], str(answer.get("msg")), answer.get("data")
