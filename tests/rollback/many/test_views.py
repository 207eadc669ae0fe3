"""The pages of a rollback of many, without JavaScript: from criteria to all of them back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audit.models import AuditEntry
from rollback.many.work import submit_due
from rollback.models import BatchItem, RollbackBatch, RollbackPolicy, RollbackRequest
from snapshotter.choices import LiveState
from snapshotter.models import Snapshot, WorkflowState

pytestmark = pytest.mark.database
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def browse(client):
    def as_(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_


def hidden(text):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def page_of(answer):
    return answer.content.decode()


@pytest.fixture
def sent(incident, oncall, browse):
    """What the form of the preview sends, all ticked."""
    since = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    text = page_of(browse(oncall).get("/rollbacks/many/", {"publisher": "mallory", "since": since}))
    picks = re.findall(r'name="pick" value="([^"]+)"', text)
    return {
        **hidden(text),
        "pick": picks,
        "acknowledge": ["others_since", "overwrites_edit"],
        "reason": f"broken {MARKUP}",
        "category": "bad_publish",
        "confirm": str(len(picks)),
    }


def test_from_the_incident_to_all_back(sent, oncall, browse, work, incident):
    assert len(sent["pick"]) == 4
    before = AuditEntry.objects.count()
    answer = browse(oncall).post("/rollbacks/many/", sent)
    batch = RollbackBatch.objects.get()
    assert answer.url == f"/rollbacks/many/{batch.pk}/"
    assert AuditEntry.objects.count() == before + 1
    assert browse(oncall).post("/rollbacks/many/", sent).url == answer.url  # sent twice
    other = page_of(browse(oncall).post("/rollbacks/many/", {**sent, "pick": sent["pick"][:1], "confirm": "1"}))
    assert "was sent before, with other choices" in other and RollbackBatch.objects.count() == 1
    waiting = browse(oncall).get(answer.url)
    assert waiting["Refresh"] and MARKUP not in page_of(waiting)
    work()
    assert "Refresh" not in browse(oncall).get(answer.url)
    browse(oncall).post(f"{answer.url}act/", {"act": "execute"})
    work()
    text = page_of(browse(oncall).get(answer.url))
    assert "4 rolled back" in text and "Execute all approved" not in text
    assert RollbackBatch.objects.count() == 1


def test_the_form_says_what_is_missing_and_keeps_what_was_ticked(sent, oncall, browse):
    some = {**sent, "pick": sent["pick"][:3]}
    text = page_of(browse(oncall).post("/rollbacks/many/", some))
    assert "3 workflows are ticked" in text and text.count(" checked") >= 3
    assert len(re.findall(r'name="pick" value="[^"]+" id="[^"]+" checked', text)) == 3
    nothing = {**sent, "pick": [], "confirm": "0", "reason": ""}
    assert browse(oncall).post("/rollbacks/many/", nothing).status_code == 200
    WorkflowState.objects.filter(workflow__key="plain").update(live_state=LiveState.DRIFTED)
    disagreed = {**sent, "acknowledge": []}
    assert "overwrites_edit" in page_of(browse(oncall).post("/rollbacks/many/", disagreed))
    for bad in (
        {"since": "x"},
        {"since": "9999-12-31T23:59:59+14:00"},
        {"project": "9"},
        {"schedule": "sometimes"},
        {"pick": ["~~", "a~~1", "plain~~1~x"]},
    ):
        assert browse(oncall).post("/rollbacks/many/", {**sent, **bad}).status_code == 200
    assert not RollbackBatch.objects.exists()


def test_pages_are_for_those_who_may_see(sent, oncall, asker, outsider, approver, client, browse, work, project):
    assert client.get("/rollbacks/many/", {"publisher": "mallory"}).status_code == 200
    client.logout()
    assert client.get("/rollbacks/many/").status_code == 302
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    address = browse(oncall).post("/rollbacks/many/", sent).url
    work()
    assert browse(outsider).get(address).status_code == 404
    assert "mallory" not in page_of(browse(outsider).get("/rollbacks/many/"))
    assert browse(outsider).post(f"{address}act/", {"act": "execute"}).status_code == 404
    assert browse(asker).post(f"{address}act/", {"act": "cancel"}).status_code == 403
    assert browse(asker).get(f"{address}act/").status_code == 405
    shown = hidden(page_of(browse(approver).get(address)))
    browse(approver).post(f"{address}act/", {"act": "approve", "comment": "seen", "seen": shown["seen"]})
    assert "Approve all I may" not in page_of(browse(approver).get(address))
    assert set(BatchItem.objects.values_list("request__state", flat=True)) == {"approved"}
    browse(oncall).post(f"{address}act/", {"act": "cancel", "reason": "enough"})
    assert set(BatchItem.objects.values_list("request__state", flat=True)) == {"cancelled"}


def test_what_came_after_one_looked_is_not_approved(sent, oncall, approver, browse, work, project):
    RollbackPolicy.objects.create(project=project, approvals_needed=1)
    address = browse(oncall).post("/rollbacks/many/", sent).url
    submit_due(0.0)  # one of them
    shown = hidden(page_of(browse(approver).get(address)))
    work()
    said = browse(approver).post(f"{address}act/", {"act": "approve", "seen": shown["seen"]}, follow=True)
    assert "3 more wait that were not on the page" in page_of(said)
    states = list(RollbackRequest.objects.order_by("id").values_list("state", flat=True))
    assert states == ["approved", "pending", "pending", "pending"]
    refused = browse(approver).post(f"{address}act/", {"act": "approve", "seen": "x 7: :b"})
    assert refused.status_code == 409
    assert RollbackRequest.objects.filter(state="pending").count() == 3


def test_looking_writes_nothing_and_costs_the_same_for_many(sent, oncall, browse, work):
    address = browse(oncall).post("/rollbacks/many/", sent).url
    work()
    rows = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as many:
        page_of(browse(oncall).get(address))
    with translation.override("zh-hans"):
        assert browse(oncall).get(address, headers={"accept-language": "zh-hans"}).status_code == 200
    first = RollbackBatch.objects.get()
    first.items.filter(position__gt=2).delete()
    with CaptureQueriesContext(connection) as few:
        page_of(browse(oncall).get(address))
    assert len(many) <= len(few) + 3
    assert AuditEntry.objects.count() == rows
    assert Snapshot.objects.filter(trigger="rollback").count() == 0
