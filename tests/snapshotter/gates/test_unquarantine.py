"""Lifting a quarantine."""

import pytest

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from snapshotter.gates.quarantine import quarantine
from snapshotter.gates.unquarantine import unquarantine
from snapshotter.models import ContentQuarantine


def test_it_is_lifted_once_and_the_content_goes_through(
    run_publish, request_publish, make_definition, manager, publisher
):
    row = quarantine(run_publish(make_definition()).snapshot, reason="bad", actor=manager)
    run_publish(make_definition("echo good"))
    with pytest.raises(NotAllowed):
        unquarantine(row, actor=publisher)
    assert (unquarantine(row, actor=manager), unquarantine(row, actor=manager)) == (True, False)
    assert ContentQuarantine.objects.get().ended_by_name == "manager"
    assert AuditEntry.objects.filter(event="quarantine.lifted").count() == 1
    assert request_publish(make_definition()).sync is not None
