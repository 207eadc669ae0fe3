"""Who is of another release than the database takes nothing on, says so, and goes on by itself."""

import logging

import pytest
from django.core.management import CommandError, call_command

from config import celery as own_celery
from drift.choices import RunKind as InspectionKind
from drift.inspection.claim import begin
from drift.inspection.claim import claim as claim_inspection
from operations import claim as run_claim
from operations import held
from operations.choices import RunKind
from operations.embedded.work import _AFTER_ERROR, work
from operations.health import worker
from operations.heartbeat import beat, forget
from operations.metrics.models import WorkerBeat
from operations.start import start
from operations.tasks import beat as beat_task
from snapshotter.claim import claim
from snapshotter.models import Sync
from snapshotter.sync import run
from snapshotter.work import run_due
from tests.catalog.test_release import NEWER, applied
from tests.operations.rounds import Rounds


@pytest.fixture(autouse=True)
def _untold(monkeypatch):
    monkeypatch.setattr(held, "_told", -held._EVERY)
    monkeypatch.setattr(own_celery, "REST", 0.0)
    forget()


def test_nothing_is_claimed_and_nothing_is_lost(request_publish, make_definition, instance, root):
    sync = request_publish(make_definition()).sync
    bulk, _ = start(RunKind.INVENTORY, instance=instance, actor=root)
    inspection, _ = begin(instance, kind=InspectionKind.SCHEDULED)
    with applied(*NEWER):
        assert claim(sync.pk) is None and run_claim.claim(bulk.pk) is None
        assert claim_inspection(inspection.pk) is None
        run_due()
        assert Sync.objects.get(pk=sync.pk).attempt == 0
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == "succeeded"
    assert run_claim.claim(bulk.pk) and claim_inspection(inspection.pk)


def test_what_is_under_way_is_brought_to_its_end(request_publish, make_definition):
    sync = claim(request_publish(make_definition()).sync.pk)
    with applied(*NEWER):
        run(sync)
    assert Sync.objects.get(pk=sync.pk).state == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_an_embedded_worker_rests_says_so_and_goes_on(request_publish, make_definition, caplog):
    sync = request_publish(make_definition()).sync
    stop = Rounds(2)
    with applied(*NEWER), caplog.at_level(logging.WARNING, "operations.held"):
        work(stop)
        assert stop.waits == [_AFTER_ERROR, _AFTER_ERROR]
        assert [line.getMessage() for line in caplog.records if line.name == "operations.held"] == [
            "takes nothing on: the database is of a newer release (1 migrations); see docs/upgrade.md"
        ]
        assert set(WorkerBeat.objects.values_list("name", flat=True)) == {held.NAME}
    work(Rounds(1))
    assert Sync.objects.get(pk=sync.pk).state == "succeeded"


def test_health_says_so_beside_a_worker_that_fits(db):
    beat("work")
    assert worker().state == "ok"
    beat(held.NAME)
    assert worker().text == "one of another release takes nothing on"
    WorkerBeat.objects.filter(pk=held.NAME).update(beat_at="2026-01-01T00:00:00Z")
    assert worker().state == "ok"


def test_a_task_is_sent_on_untouched(db, monkeypatch):
    sent = []
    monkeypatch.setattr(own_celery.OwnTask, "apply_async", lambda self, *args, **options: sent.append((*args, options)))
    beat_task.push_request(called_directly=False, expires="2026-11-26T12:00:00+00:00")
    try:
        with applied(*NEWER):
            beat_task.__call__()
        assert sent == [((), {}, {"expires": "2026-11-26T12:00:00+00:00"})]
        assert not WorkerBeat.objects.filter(pk="work").exists()
        beat_task.__call__()
        assert len(sent) == 1
    finally:
        beat_task.pop_request()
    assert WorkerBeat.objects.filter(pk="work").exists()


@pytest.mark.parametrize("command", ["inventory", "baseline", "inspect"])
def test_commands_refuse(command, instance):
    with applied(*NEWER), pytest.raises(CommandError) as error:
        call_command(command, instance=instance.name)
    assert error.value.returncode == 2 and "being upgraded" in str(error.value)
