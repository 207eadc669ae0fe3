"""Looking for a workflow elsewhere: only where we may call, and with the lease prolonged between two calls."""

import pytest

from catalog.choices import Mode
from catalog.clients import client_for
from catalog.models import Project
from drift.inspection.gone import Elsewhere
from snapshotter.claim import LeaseLost


@pytest.fixture
def others(instance, hands):
    modes = [Mode.RECORD, Mode.OFF, Mode.PUBLISH]
    return [
        Project.objects.create(instance=instance, code=hands.raw.create_project(), name=f"other {mode}", mode=mode)
        for mode in modes
    ]


def asked(dolphin, projects):
    return [project.mode for project in projects if any(f"/{project.code}/" in call.path for call in dolphin.log)]


def test_projects_that_are_off_are_not_called(sweep, hands, others, dolphin):
    sweep()
    hands.delete()
    dolphin.log.clear()
    sweep()
    assert asked(dolphin, others) == [Mode.RECORD, Mode.PUBLISH]


def test_the_lease_is_prolonged_before_each(orders, others, dolphin):
    """Whoever has lost it asks no more."""
    beats = []

    def beat():
        beats.append(len(asked(dolphin, others)))
        if len(beats) == 2:
            raise LeaseLost

    with client_for(orders.project.instance) as client, pytest.raises(LeaseLost):
        Elsewhere(client, orders.project.instance_id, beat).moved_to(orders)
    assert beats == [0, 1] and asked(dolphin, others) == [Mode.RECORD]
