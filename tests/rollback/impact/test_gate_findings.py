"""Freeze windows and the lock, shown before anybody runs into them."""

from datetime import timedelta

from django.utils import timezone

from rollback.impact.findings import Weight
from snapshotter.models import FreezeWindow
from tests.rollback.impact.conftest import codes, finding


def impose(project, begins, ends, **more):
    now = timezone.now()
    return FreezeWindow.objects.create(
        project=project,
        reason="quarter end",
        created_by_name="root",
        starts_at=now + timedelta(hours=begins),
        ends_at=now + timedelta(hours=ends),
        **more,
    )


def test_free_and_unfrozen(history, ask):
    found = ask()
    assert (found.freeze.is_allowed, found.freeze.begins, found.lock) == (True, None, None)
    assert not {"frozen", "freeze_ahead", "locked"} & set(codes(found))


def test_a_freeze_is_a_note_since_the_gate_refuses(history, ask, project):
    window = impose(project, -1, 2)
    found = ask()
    assert (found.freeze.is_allowed, found.freeze.until, found.freeze.reason) == (False, window.ends_at, "quarter end")
    row = finding(found, "frozen")
    assert row.weight == Weight.NOTE and "quarter end" in row.text


def test_the_next_freeze_within_a_day_is_told(history, ask, project):
    later = impose(project, 30, 31)
    assert ask().freeze.begins is None
    soon = impose(project, 2, 3)
    impose(project, 4, 5)
    impose(project, 1, 2, ended_at=timezone.now())
    found = ask()
    assert (found.freeze.is_allowed, found.freeze.begins) == (True, soon.starts_at)
    assert "quarter end" in finding(found, "freeze_ahead").text and later.pk


def test_who_holds_the_workflow_is_named(history, ask, request_publish, make_definition):
    accepted = request_publish(make_definition("echo three"))
    found = ask()
    assert (found.lock.holder, found.lock.sync, found.lock.kind) == ("publisher", accepted.sync.pk, "publish")
    assert found.lock.since is not None
    row = finding(found, "locked")
    assert row.weight == Weight.NOTE and row.text.startswith("publisher is changing the workflow (since 2")
