"""The API's edges: other methods, pages beyond the last, numbers beyond any row, composed letters, the browser's session."""

import base64
import unicodedata
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection
from django.test import Client

from audit.models import AuditEntry
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due

BACKEND = "django.contrib.auth.backends.ModelBackend"
HUGE = 2**63


def _cursor(text):
    return quote(base64.b64encode(text.encode()).decode())


@pytest.fixture
def published(api, good_body):
    api("post", "workflows/orders/publish", body=good_body)
    run_due()
    return good_body


READS = ["workflows", "workflows/orders", "workflows/orders/versions", "workflows/orders/versions/1", "snapshots"]


@pytest.mark.parametrize("path", READS)
def test_head_answers_as_get_does_without_a_body(api, published, path):
    answer = api("head", path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", [*READS, "workflows/orders/publish", "syncs/1"])
def test_options_needs_a_caller_and_does_nothing(api, published, path):
    kept = Sync.objects.count(), Snapshot.objects.count()
    assert api("options", path, as_="").status_code == 401
    assert api("options", path).status_code == 200
    assert (Sync.objects.count(), Snapshot.objects.count()) == kept


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["workflows/orders", "workflows/orders/publish", "snapshots"])
def test_other_methods_are_refused(api, published, method, path):
    if method == "trace":
        answer = Client().generic("TRACE", f"/api/v1/{path}")
        assert answer.status_code in (401, 405)
    else:
        assert api(method, path).status_code == 405


@pytest.mark.parametrize(
    ("query", "status", "count"),
    [
        ("?page_size=1", 200, 1),
        ("?page_size=100000", 200, 2),
        ("?page_size=0", 400, None),
        ("?page_size=-1", 400, None),
        ("?page_size=many", 400, None),
        ("?cursor=rubbish", 400, None),
        (f"?cursor={_cursor('p=abc')}", 400, None),
        (f"?cursor={_cursor('p=')}", 400, None),
        (f"?cursor={_cursor('p=' + '9' * 18)}", 200, 2),
        (f"?cursor={_cursor(f'p={HUGE}')}", 400, None),
        (f"?cursor={_cursor('p=' + '9' * 40)}", 400, None),
        (f"?cursor={_cursor('p=' + '9' * 5_000)}", 400, None),
        (f"?cursor={_cursor('o=999999999999&p=1')}", 200, 0),
        ("?status=nonsense", 400, None),
        ("?since=yesterday", 400, None),
        ("?since=9999-12-31T23:59:59-14:00", 400, None),
        ("?until=0001-01-01T00:00:00%2B14:00", 400, None),
        ("?until=0999-01-01T00:00:00Z", 400, None),
        ("?since=1970-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", 200, 2),
        ("?text=%00", 400, None),
        ("?page_size=1e3", 400, None),
        ("?pagesize=10", 400, None),
        ("?status=published&status=failed", 400, None),
    ],
)
def test_pages_have_bounds(api, published, query, status, count):
    published["message"] = "again"
    published["definition"]["name"] = "orders two"
    api("post", "workflows/orders/publish", body=published)
    run_due()
    for path in ("workflows/orders/versions", "snapshots"):
        answer = api("get", f"{path}{query}")
        assert answer.status_code == status, answer.content
        if count is not None:
            assert len(answer.json()["results"]) == count
        else:
            assert answer.json().keys() == {"code", "message", "extra", "request_id"}


def test_the_next_page_goes_on_where_the_first_ended(api, published):
    for name in ("two", "three"):
        published["definition"]["name"] = name
        api("post", "workflows/orders/publish", body=published)
        run_due()
    first = api("get", "workflows/orders/versions?page_size=2").json()
    rest = api("get", first["next"].partition("/api/v1/")[2]).json()
    assert [row["version"] for row in first["results"] + rest["results"]] == [3, 2, 1]
    assert rest["next"] is None


@pytest.mark.parametrize("wait", ["9" * 5_000, "x", "-1"])
def test_a_wait_beyond_any_is_refused(api, good_body, wait):
    answer = api("post", f"workflows/orders/publish?wait={wait}", body=good_body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "path", [f"syncs/{HUGE}", f"snapshots/{HUGE}", "snapshots/0", f"workflows/orders/versions/{HUGE}"]
)
def test_numbers_beyond_any_row(api, published, path):
    answer = api("get", path)
    assert answer.status_code in (400, 404)
    assert answer.json()["code"] in ("not_found", "invalid_request")


def test_a_key_is_found_however_its_letters_are_composed(api, good_body):
    composed = unicodedata.normalize("NFC", "commandes-été-每日")
    parted = unicodedata.normalize("NFD", composed)
    assert composed != parted
    assert api("post", f"workflows/{parted}/publish", body=good_body).json()["workflow"] == composed
    run_due()
    for key in (composed, parted):
        assert api("get", f"workflows/{key}").json()["key"] == composed
        assert api("get", f"workflows/{key}/diff?left=1&right=live").json()["identical"] is True
        assert api("post", f"workflows/{key}/capture", body={}).status_code == 202
        run_due()


def test_case_makes_another_key(api, published):
    assert api("get", "workflows/ORDERS").status_code == 404


def test_a_session_needs_the_csrf_token(publisher, good_body):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(publisher, backend=BACKEND)
    path = "/api/v1/workflows/orders/publish"
    answer = browser.post(path, good_body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert Sync.objects.count() == 0
    browser.get("/workflows/")  # a page sets the cookie
    token = browser.cookies["csrftoken"].value
    answer = browser.post(path, good_body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 202
    assert AuditEntry.objects.get(event="publish.accepted").actor_name == "publisher"


def test_a_wrong_token_is_not_saved_by_a_session(publisher, good_body, client):
    client.force_login(publisher, backend=BACKEND)
    answer = client.get("/api/v1/workflows", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/"])
def test_the_schema_is_for_those_who_are_signed_in(client, publisher, path):
    assert client.get(path).status_code == 401
    client.force_login(publisher, backend=BACKEND)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["workflows/orders", "snapshots"])
def test_a_database_that_is_away_is_said_and_passing(api, published, path):
    def gone(execute, sql, params, many, context):
        raise OperationalError(2006, "secret inside: server has gone away")

    with connection.execute_wrapper(gone):
        answer = api("get", path)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer["Retry-After"] == "5" and "secret" not in answer.content.decode()
