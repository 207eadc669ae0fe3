"""Imposing a freeze: who may, what is no window, and its audit row."""

from datetime import time

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed
from snapshotter.gates.freeze import freeze
from snapshotter.models import FreezeWindow

NOW = timezone.now()
DAY = timezone.timedelta(days=1)
ONCE = {"starts_at": NOW, "ends_at": NOW + DAY}
WEEKLY = {"start_weekday": 4, "start_time": time(18), "end_weekday": 0, "end_time": time(8), "time_zone": "UTC"}


@pytest.mark.parametrize("times", [ONCE, WEEKLY])
def test_a_manager_freezes_his_project(times, project, manager):
    window = freeze(FreezeWindow(project=project, reason="audit week", **times), actor=manager)
    entry = AuditEntry.objects.get(event="freeze.imposed")
    assert (entry.actor_name, entry.reason, entry.scope) == ("manager", "audit week", "sandbox/warehouse")
    assert FreezeWindow.objects.open().covering(project).get() == window
    assert window.is_weekly == (times is WEEKLY)


def test_wider_than_a_project_needs_a_superuser(project, manager, publisher, root):
    for wide in ({}, {"instance": project.instance}):
        with pytest.raises(NotAllowed):
            freeze(FreezeWindow(reason="x", **wide, **ONCE), actor=manager)
        freeze(FreezeWindow(reason="x", **wide, **ONCE), actor=root)
    with pytest.raises(NotAllowed):
        freeze(FreezeWindow(project=project, reason="x", **ONCE), actor=publisher)
    assert AuditEntry.objects.filter(event="freeze.refused", outcome="refused").count() == 3
    assert FreezeWindow.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**ONCE, **WEEKLY},
        {"starts_at": NOW},
        {"starts_at": NOW + DAY, "ends_at": NOW},
        {**ONCE, "reason": " "},
        {**WEEKLY, "time_zone": "Mars/Olympus"},
        {**WEEKLY, "time_zone": ""},
        {**WEEKLY, "end_weekday": 4, "end_time": time(18)},
        {**WEEKLY, "end_time": None},
    ],
)
def test_what_is_no_window(wrong, project, manager):
    with pytest.raises(InvalidRequest):
        freeze(FreezeWindow(project=project, **{"reason": "x", **wrong}), actor=manager)
    assert FreezeWindow.objects.count() == 0
