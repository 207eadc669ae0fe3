"""The round of a worker: what is due is begun and worked, lateness is told once, old rows go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Instance
from drift.choices import RunKind, RunState
from drift.inspection.freshness import freshness, tell_late
from drift.inspection.work import KEPT, forget_old, work_due
from drift.models import InspectionRun
from drift.tasks import inspect

EVERY = 300


@pytest.fixture
def every(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": EVERY, "BULK_RATE": 0}


def ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def ended(instance, seconds, state=RunState.DONE, *, began=None, **values):
    run = InspectionRun.objects.create(instance=instance, kind=RunKind.SCHEDULED, state=state, **values)
    InspectionRun.objects.filter(pk=run.pk).update(started_at=ago(began or seconds), finished_at=ago(seconds))
    return run


def told(event):
    return AuditEntry.objects.filter(event=f"inspection.{event}").count()


def test_a_round_inspects_what_is_due(instance, orders, every):
    assert work_due(60) == 2  # begun and worked
    assert InspectionRun.objects.get().state == RunState.DONE
    assert work_due(60) == 0


def test_the_task_does_the_same(instance, orders, every):
    inspect()
    assert InspectionRun.objects.get().looked_at == 1


def test_nothing_is_begun_where_it_is_off(instance, orders):
    assert work_due(60) == 0 and not InspectionRun.objects.exists()
    assert freshness(instance).why == "off" and not freshness(instance).is_late


def test_fresh_while_one_has_ended_within_three_intervals(instance, project, every):
    assert (freshness(instance).is_late, freshness(instance).why) == (False, "not_begun")
    run = ended(instance, 3 * EVERY - 60)
    run.refresh_from_db()
    found = freshness(instance)
    assert (found.is_late, found.last, found.why) == (False, run.finished_at, "")


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ({}, "not_begun"),
        ({"state": RunState.FAILED, "error_code": "dolphin_unavailable", "error_text": "away"}, "dolphin_unavailable"),
        ({"state": RunState.WORKING, "open_key": 1}, "at_work"),
    ],
)
def test_late_after_three_and_why(instance, project, every, later, why):
    run = ended(instance, 3 * EVERY + 60)
    if later:
        ended(instance, 20, began=2 * EVERY, **later)
    found = freshness(instance)
    run.refresh_from_db()
    assert (found.late_since, found.why) == (run.finished_at + timedelta(seconds=3 * EVERY), why)


def test_one_of_a_project_alone_makes_nothing_fresh(instance, project, every):
    ended(instance, 3 * EVERY + 60)
    ended(instance, 5, project=project)
    assert freshness(instance).is_late


def test_lateness_is_told_once_and_that_it_is_over_too(instance, orders, every):
    ended(instance, 3 * EVERY + 60)
    ended(instance, 20, began=2 * EVERY, state=RunState.FAILED, error_code="dolphin_unavailable", error_text="away")
    assert tell_late() == 1 and tell_late() == 0
    entry = AuditEntry.objects.get(event="inspection.late")
    assert (entry.outcome, entry.reason, entry.object_repr) == ("failed", "dolphin_unavailable: away", "sandbox")
    InspectionRun.objects.filter(state=RunState.FAILED).update(finished_at=ago(EVERY + 1))
    work_due(60)
    assert (told("late"), told("resumed")) == (1, 1)
    InspectionRun.objects.update(finished_at=ago(3 * EVERY + 60))
    assert tell_late() == 1 and (told("late"), told("resumed")) == (2, 1)


def test_an_instance_that_was_never_inspected_to_the_end_is_late_too(instance, project, every):
    ended(instance, 3 * EVERY + 60, state=RunState.FAILED, error_code="dolphin_unauthorized")
    Instance.objects.filter(pk=instance.pk).update(paused_because="DolphinScheduler refuses the token")
    assert tell_late() == 1
    assert AuditEntry.objects.get(event="inspection.late").reason == "paused: DolphinScheduler refuses the token"


def test_old_inspections_go_but_the_last_good_one(instance, project, every):
    old = KEPT.total_seconds() + 60
    first, last = ended(instance, old), ended(instance, old)
    failed = ended(instance, old, state=RunState.FAILED)
    fresh = ended(instance, 60, state=RunState.FAILED)
    assert forget_old() == 2 and forget_old() == 0
    left = set(InspectionRun.objects.values_list("pk", flat=True))
    assert left == {last.pk, fresh.pk} and not {first.pk, failed.pk} & left
