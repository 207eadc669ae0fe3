"""A webhook channel to a real receiver, rules, and a trail that is sealed, followed and sent."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from audit.seal import seal
from operations.alerts.add_channel import add_channel
from operations.alerts.add_rule import add_rule
from operations.alerts.deliver import deliver_due
from operations.alerts.follow import follow_due
from operations.alerts.models import AlertChannel, AlertDelivery, AlertRule
from tests.operations.alerts.smtp import MailServer
from tests.pages.conftest import browse  # noqa: F401  signed-in people
from tests.rollback.conftest import (  # noqa: F401  rollbacks to tell of
    approver,
    ask,
    breaker,
    history,
    oncall,
    roll_back,
    rules,
)
from tests.snapshotter.conftest import (  # noqa: F401  publishes to tell of
    bring_back,
    executor,
    linked,
    linked_codes,
    open_draft,
    platform_create,
    raw,
    request_publish,
    run_publish,
)
from tests.snapshotter.receiver import Receiver

VALUES = {
    "name": "all",
    "kinds": [],
    "least": "low",
    "language": "en",
    "time_zone": "UTC",
    "quiet_from": None,
    "quiet_to": None,
    "high_passes": True,
    "enabled": True,
}


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "PUBLIC_URL": "https://snapshotter.example.com"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def robot() -> Iterator[Any]:
    """A robot's server: `say` is what it answers, as bytes; `got` is (path with query, JSON)."""

    class Server(ThreadingHTTPServer):
        say, status = b"{}", 200

    class Handler(BaseHTTPRequestHandler):
        server: Any

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.path, json.loads(body)))
            self.send_response(self.server.status)
            self.end_headers()
            self.wfile.write(self.server.say)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server: Any = Server(("127.0.0.1", 0), Handler)
    server.got = []
    server.url = f"http://127.0.0.1:{server.server_port}/send?access_token=t"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mails(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def make_channel(root: Any) -> Callable[..., AlertChannel]:
    """Return a maker of channels; a webhook's secret stands under `secret`."""

    def make(kind: str, address: str, secret: str = "", name: str = "ops") -> AlertChannel:
        row, made = add_channel(name, kind=kind, address=address, secret=secret, actor=root)
        row.secret = made  # type: ignore[attr-defined]
        return row

    return make


@pytest.fixture
def channel(make_channel: Callable[..., AlertChannel], receiver: Receiver) -> AlertChannel:
    return make_channel("webhook", f"{receiver.url}/hook")


@pytest.fixture
def make_rule(root: Any, channel: AlertChannel) -> Callable[..., AlertRule]:
    def make(project: Any = None, **values: Any) -> AlertRule:
        rule = add_rule(project, {"channel": channel, **VALUES, **values}, actor=root)
        _follow()  # what setting it up has left on the trail is none of the test's
        return rule

    return make


@pytest.fixture
def rule(make_rule: Callable[..., AlertRule]) -> AlertRule:
    """All events, of everything."""
    return make_rule()


def _follow() -> int:
    while seal():
        pass
    return follow_due(60.0)


@pytest.fixture
def follow(db: None) -> Callable[[], int]:
    """Seal what is committed and make alerts of it."""
    return _follow


@pytest.fixture
def told(receiver: Receiver, rule: AlertRule) -> Callable[..., list[dict[str, Any]]]:
    """Seal, follow and send; return what the webhook has got since the last time, as JSON."""
    seen = [0]

    def tell(*kinds: str) -> list[dict[str, Any]]:
        _follow()
        deliver_due(60.0)
        new = [json.loads(body) for _path, _headers, body in receiver.got[seen[0] :]]
        seen[0] = len(receiver.got)
        return [message for message in new if not kinds or message["kind"] in kinds]

    return tell


def make_due(**of: Any) -> None:
    """Let what waits be due, and channels that rest too."""
    past = timezone.now() - timezone.timedelta(seconds=1)
    AlertDelivery.objects.filter(state="pending", **of).update(due_at=past)
    AlertChannel.objects.update(due_at=None)
