"""Tokens of service accounts: when each was last used, and two alive while callers change from one to the next."""

from datetime import timedelta

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog import token_use
from catalog.errors import InvalidRequest, NotAllowed
from catalog.models import TokenUse
from catalog.service_accounts import issue_token, revoke_token, rotate_token, tokens_of


@pytest.fixture(autouse=True)
def another_process():
    token_use.forget()


@pytest.fixture
def token(project):
    return issue_token("platform", project=project, role="publish", days=5, actor=SYSTEM)


def call(token, **more):
    return APIClient().get("/api/v1/workflows", HTTP_AUTHORIZATION=f"Bearer {token}", **more)


def test_a_call_notes_the_token_and_from_where(token, project):
    assert not hasattr(tokens_of(project).get(), "use")
    assert call(token, REMOTE_ADDR="10.1.2.3").status_code == 200
    use = tokens_of(project).get().use
    assert use.address == "10.1.2.3" and use.used_at > use.token.created


def test_within_a_minute_it_costs_nothing_more(token, django_assert_num_queries):
    call(token)
    row = AuthToken.objects.get()
    with django_assert_num_queries(0):
        token_use.note_use(row, "10.1.2.3")
    TokenUse.objects.update(used_at=row.created - timedelta(days=9))
    token_use.forget()
    call(token)
    assert TokenUse.objects.get().used_at > row.created


def test_a_wrong_token_is_none_that_was_used(token):
    assert call(token[:-2] + "00").status_code == 401
    assert not TokenUse.objects.exists()


def test_the_next_one_lives_as_long_and_both_work(token, project, manager):
    row = tokens_of(project).get()
    fresh = rotate_token(row, project=project, actor=manager)
    assert [call(one).status_code for one in (token, fresh)] == [200, 200]
    young = AuthToken.objects.exclude(pk=row.pk).get()
    assert abs((young.expiry - young.created) - timedelta(days=5)) < timedelta(seconds=5)
    told = AuditEntry.objects.get(event="service_account.token_rotated")
    assert (told.target, told.additional_data["former"]) == ("svc-platform", row.token_key)
    revoke_token(row, project=project, actor=manager)
    assert [call(one).status_code for one in (token, fresh)] == [401, 200]


def test_a_third_one_is_refused_until_one_is_ended(token, project, manager):
    rotate_token(tokens_of(project).get(), project=project, actor=manager)
    with pytest.raises(InvalidRequest):
        rotate_token(tokens_of(project)[0], project=project, actor=manager)
    AuthToken.objects.filter(pk=tokens_of(project)[1].pk).update(expiry=AuthToken.objects.first().created)
    rotate_token(tokens_of(project)[0], project=project, actor=manager)


def test_it_needs_the_right(token, project, viewer):
    with pytest.raises(NotAllowed):
        rotate_token(tokens_of(project).get(), project=project, actor=viewer)
    assert AuditEntry.objects.filter(event="service_account.refused").exists()


def test_the_page_shows_the_next_one_once(token, project, manager, client):
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/projects/{project.pk}/service-accounts/"
    assert "never" in client.get(address).content.decode()
    answer = client.post(f"{address}{tokens_of(project).get().digest}/rotate/").content.decode()
    young = tokens_of(project)[0]
    assert young.token_key in answer and "Copy it now" in answer
    assert "Copy it now" not in client.get(address).content.decode()
    again = client.post(f"{address}{young.digest}/rotate/").content.decode()
    assert "two live tokens" in again and AuthToken.objects.count() == 2
