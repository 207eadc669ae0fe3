"""Writing to a release line that is not proven needs an operator's consent; recording does not."""

import pytest

from snapshotter.choices import SyncState
from snapshotter.errors import UnprovenFlavour
from snapshotter.models import Snapshot


def test_an_unproven_flavour_is_not_written(request_publish, make_definition, project, dolphin):
    project.instance.flavour = "3.4"
    with pytest.raises(UnprovenFlavour):
        request_publish(make_definition())
    assert (Snapshot.objects.count(), dolphin.log) == (0, [])


def test_an_operator_may_accept_the_risk(run_publish, make_definition, project):
    project.instance.flavour, project.instance.accepts_unproven = "3.0", True
    project.instance.save()
    sync = run_publish(make_definition())
    assert (sync.state, sync.snapshot.source_flavour) == (SyncState.SUCCEEDED, "3.0")
