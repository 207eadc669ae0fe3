"""A web process of another release than the database: pages are read, nothing is accepted."""

import pytest
from django.db import DatabaseError
from django.utils import translation

from config import release_guard
from tests.catalog.test_release import NEWER, applied


@pytest.fixture
def newer(db):
    with applied(*NEWER):
        yield


def test_the_api_refuses_what_might_write(client, newer):
    answer = client.post("/api/v1/workflows/orders/publish", data="{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "release_mismatch", "30")
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_so_do_the_pages_in_the_readers_language(client, newer, manager, project):
    client.force_login(manager)
    before = project.mode
    answer = client.post(
        f"/catalog/project/{project.pk}/change/", {"mode": "off"}, headers={"Accept-Language": "zh-hans"}
    )
    assert answer.status_code == 503
    assert "正在升级" in answer.content.decode()
    translation.activate("en")
    project.refresh_from_db()
    assert project.mode == before


def test_reading_goes_on(client, newer, manager, project):
    client.force_login(manager)
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/workflows").status_code == 200


@pytest.mark.parametrize("address", ["/oidc/authenticate/", "/oidc/callback/?code=x&state=y"])
def test_signing_in_by_a_service_is_no_reading(client, newer, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_where_they_fit_nothing_is_in_the_way(client, db):
    answer = client.post("/api/v1/workflows/orders/publish", data="{}", content_type="application/json")
    assert answer.status_code == 401


def test_a_database_that_is_away_is_not_taken_for_another_release(client, db, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(release_guard, "fits", away)
    answer = client.post("/api/v1/nowhere")
    assert answer.status_code == 404
