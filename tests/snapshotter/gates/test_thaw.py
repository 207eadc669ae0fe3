"""Ending a freeze."""

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import NotAllowed
from snapshotter.gates.thaw import thaw
from snapshotter.models import FreezeWindow


def test_it_ends_once_and_stays_as_a_row(project, manager, publisher):
    now = timezone.now()
    window = FreezeWindow.objects.create(
        project=project, reason="x", created_by_name="a", starts_at=now, ends_at=now + timezone.timedelta(days=1)
    )
    with pytest.raises(NotAllowed):
        thaw(window, actor=publisher)
    assert (thaw(window, actor=manager), thaw(window, actor=manager)) == (True, False)
    window.refresh_from_db()
    assert (window.ended_by_name, FreezeWindow.objects.open().count()) == ("manager", 0)
    assert AuditEntry.objects.filter(event="freeze.lifted").count() == 1
    assert AuditEntry.objects.filter(event="freeze.refused").count() == 1
