"""Keeping a content out."""

import pytest

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from snapshotter.gates.quarantine import quarantine
from snapshotter.models import ContentQuarantine


@pytest.fixture
def snapshot(run_publish, make_definition):
    return run_publish(make_definition()).snapshot


def test_a_manager_quarantines_once(snapshot, manager):
    row = quarantine(snapshot, reason="doubles rows", actor=manager)
    assert quarantine(snapshot, reason="again", actor=manager).pk == row.pk
    wide = quarantine(snapshot, reason="everywhere", whole_project=True, actor=manager)
    assert (row.workflow, wide.workflow, ContentQuarantine.objects.count()) == (snapshot.workflow, None, 2)
    entry = AuditEntry.objects.filter(event="quarantine.imposed").earliest("pk")
    assert (entry.reason, entry.additional_data["content_hash"]) == ("doubles rows", snapshot.content_hash)


def test_who_may_not_and_without_a_reason(snapshot, publisher, manager):
    with pytest.raises(NotAllowed):
        quarantine(snapshot, reason="x", actor=publisher)
    assert AuditEntry.objects.filter(event="quarantine.refused").count() == 1
    with pytest.raises(InvalidRequest):
        quarantine(snapshot, reason=" ", actor=manager)
    assert ContentQuarantine.objects.count() == 0
