"""Errors outside the API's views: a page in the reader's language or JSON, the request id, nothing of the inside."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

BACKEND = "django.contrib.auth.backends.ModelBackend"


def fail(request, kind):
    if kind == "database":
        raise OperationalError(2006, "secret inside")
    raise {"refused": PermissionDenied, "strange": SuspiciousOperation, "broken": ZeroDivisionError}[kind](
        "secret inside"
    )


def fine(request):
    return HttpResponse("fine")


urlpatterns = [
    path("fail/<str:kind>", fail),
    path("api/fail/<str:kind>", fail),
    path("fine", fine),
    path("", include("config.urls")),
]
handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"


@pytest.fixture
def visitor(settings, root):
    settings.ROOT_URLCONF = __name__
    visitor = Client(raise_request_exception=False)
    visitor.force_login(root, backend=BACKEND)
    return visitor


CASES = [("fail/refused", 403), ("fail/strange", 400), ("fail/broken", 500), ("fail/database", 503), ("nothing/", 404)]


@pytest.mark.parametrize(("address", "status"), CASES)
def test_a_page_says_what_to_do(visitor, address, status):
    answer = visitor.get(f"/{address}", headers={"Accept-Language": "zh-CN", "X-Request-ID": "from-the-caller"})
    text = answer.content.decode()
    assert answer.status_code == status
    assert "from-the-caller" in text and "返回工作流" in text
    assert "secret inside" not in text and "Traceback" not in text and "style=" not in text


@pytest.mark.parametrize(("address", "status"), CASES)
def test_the_api_answers_in_its_one_shape(visitor, address, status):
    answer = visitor.get(f"/api/{address}", headers={"X-Request-ID": "from-the-caller"})
    assert answer.status_code == status
    assert answer.json().keys() == {"code", "message", "extra", "request_id"}
    assert answer.json()["request_id"] == "from-the-caller"
    assert "secret inside" not in answer.content.decode()


def test_a_lost_database_still_has_its_page(visitor):
    def gone(execute, sql, params, many, context):
        raise OperationalError(2013, "lost connection")

    with connection.execute_wrapper(gone):
        answer = visitor.get("/fail/database")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "request id" in answer.content.decode().lower()


def test_a_form_without_its_token_is_refused_in_words(root, project):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(root, backend=BACKEND)
    answer = visitor.post(f"/catalog/project/{project.pk}/change/", {"mode": "off"})
    assert answer.status_code == 403
    assert "Nothing was done" in answer.content.decode()
    project.refresh_from_db()
    assert project.mode == "publish"
