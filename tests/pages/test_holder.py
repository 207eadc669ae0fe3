"""The workflow's page names who holds it, and lets its managers free it."""

import json

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from snapshotter.choices import SyncState
from snapshotter.claim import claim
from snapshotter.models import Sync, WorkflowState

PAGE = "/workflows/orders/"
FREE = "Free the workflow…"
AGO, AHEAD = -3600, 3600


@pytest.fixture
def held(request_publish, make_definition):
    return request_publish(make_definition()).sync


@pytest.mark.parametrize(
    ("fields", "said", "free"),
    [
        ({}, "It waits for a free worker.", True),
        ({"state": SyncState.RUNNING, "lease_until": AHEAD}, "Its worker is alive.", False),
        ({"state": SyncState.RUNNING, "lease_until": AGO}, "has died or is cut off", True),
        ({"state": SyncState.WAITING, "due_at": AHEAD, "attempt": 1}, "It waits, and goes on at", True),
        ({"state": SyncState.ATTENTION}, "It stays until a person", True),
        ({"state": SyncState.ATTENTION, "due_at": AHEAD}, "is asked again at", True),
        ({"state": SyncState.FAILED}, "It has ended without letting go", True),
    ],
    ids=["queued", "alive", "dead", "waiting", "attention", "asked-again", "ended"],
)
def test_each_way_a_holder_stands_is_said(held, fields, said, free, browse, manager, viewer, client):
    times = {name for name in ("lease_until", "due_at") if name in fields}
    now = timezone.now()
    fields = {n: now + timezone.timedelta(seconds=v) if n in times else v for n, v in fields.items()}
    Sync.objects.filter(pk=held.pk).update(**fields)
    text = browse(PAGE, manager).content.decode()
    assert "publisher holds this workflow" in text and said in text
    assert (FREE in text) == free
    text = browse(PAGE, viewer).content.decode()
    assert said in text and FREE not in text and "freed by hand" not in text
    client.cookies["django_language"] = "zh-hans"
    assert "publisher 正占用该工作流" in client.get(PAGE).content.decode()


def test_a_manager_frees_it(held, browse, manager, client):
    browse(PAGE, manager)
    answer = client.post(f"{PAGE}unlock/", {"reason": "left over"}, follow=True)
    assert "The workflow is free." in answer.content.decode()
    assert WorkflowState.objects.get().lock_id is None
    assert client.get(f"{PAGE}unlock/").status_code == 405


def test_a_refusal_says_until_when(held, browse, manager, client):
    claim(held.pk)
    browse(PAGE, manager)
    answer = client.post(
        f"{PAGE}unlock/", {"reason": "slow"}, headers={"Referer": "http://testserver" + PAGE}, follow=True
    )
    assert "A write may be on its way" in answer.content.decode()
    assert AuditEntry.objects.get(event="lock.refused").actor_name == "manager"


def test_who_may_not(held, browse, publisher, outsider, client):
    browse(PAGE, publisher)
    assert client.post(f"{PAGE}unlock/", {"reason": "mine"}).status_code == 403
    browse("/", outsider)
    assert client.post(f"{PAGE}unlock/", {"reason": "mine"}).status_code == 404
    assert WorkflowState.objects.get().lock_id == held.pk


def test_a_second_publisher_is_told_in_words(held, browse, publisher, client, make_definition):
    browse(PAGE, publisher)
    data = {"message": "mine", "base": 0, "online": "keep", "schedule": "keep"}
    answer = client.post(f"{PAGE}publish/", {**data, "definition": json.dumps(make_definition("echo next"))})
    assert "publisher holds this workflow since" in answer.content.decode()


def test_a_free_workflow_names_nobody(run_publish, make_definition, browse, viewer):
    run_publish(make_definition())
    assert 'id="holder"' not in browse(PAGE, viewer).content.decode()
