"""The act itself; what it is for is tried on a real backup in test_backup.py."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from catalog.adopt_deployment import adopt_deployment
from catalog.deployment import is_ours
from catalog.errors import Conflict, NotAllowed
from catalog.models import Deployment
from operations.after_restore import after_restore
from operations.doctor import examine
from operations.heartbeat import beat, forget
from snapshotter.claim import claim
from snapshotter.models import Snapshot, Sync, WorkflowState


@pytest.fixture
def queued(request_publish, make_definition):
    return request_publish(make_definition()).sync


def test_nothing_is_written_and_what_was_queued_has_ended(queued, root):
    found = after_restore(actor=root, by="wang")
    assert not is_ours() and ([sync.pk for sync in found.ended], found.open, found.messages) == ([queued.pk], [], 0)
    sync = Sync.objects.get(pk=queued.pk)
    assert (sync.state, sync.error_code) == ("cancelled", "cancelled") and "in the backup" in sync.error_text
    version = Snapshot.objects.get(pk=sync.snapshot_id)
    assert (version.status, version.live_effect) == ("failed", "untouched")
    assert WorkflowState.objects.get(workflow=sync.workflow_id).lock_id is None
    entry = AuditEntry.objects.get(event="deployment.restored")
    assert (entry.actor_name, entry.reason, entry.changes["identity"][0]) == ("root", "by wang", "tests")
    assert found.newest is not None and found.newest < entry.timestamp


def test_a_worker_that_had_claimed_it_and_sent_nothing_is_gone(queued, root):
    claim(queued.pk)
    assert [sync.pk for sync in after_restore(actor=root).ended] == [queued.pk]
    assert Sync.objects.get(pk=queued.pk).state == "cancelled"


def test_once_more_changes_nothing_but_the_mark_and_adopting_ends_it(queued, root):
    after_restore(actor=root)
    assert after_restore(actor=root).ended == []
    assert "Z; nothing is written" in next(one.what for one in examine() if one.what.startswith("deployment"))
    adopt_deployment(actor=root)
    assert is_ours()


def test_it_is_for_superusers_and_not_while_a_worker_is_at_work(queued, publisher, root):
    with pytest.raises(NotAllowed):
        after_restore(actor=publisher)
    assert AuditEntry.objects.get(event="deployment.refused").actor_name == "publisher"
    forget()
    beat("work")
    with pytest.raises(Conflict):
        after_restore(actor=root)
    assert is_ours() and Sync.objects.get(pk=queued.pk).state == "queued"


def test_the_command_asks_first_and_says_what_comes_next(queued, capsys):
    with pytest.raises(CommandError) as error:
        call_command("after_restore")
    assert error.value.returncode == 2 and is_ours()
    call_command("after_restore", yes=True)
    said = capsys.readouterr().out
    assert f"ended, nothing had been sent: sync {queued.pk} publish orders" in said and "adopt_deployment" in said
    assert Deployment.objects.get().identity.startswith("restored ")
