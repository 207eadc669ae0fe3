"""Signs of life: one row a kind, written seldom, by the database's clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from operations import heartbeat
from operations.heartbeat import beat, silence
from operations.metrics.models import WorkerBeat


@pytest.fixture(autouse=True)
def fresh(db):
    heartbeat.forget()
    yield
    heartbeat.forget()


def test_a_round_is_noted_once_in_a_while(django_assert_num_queries):
    beat("work")
    with django_assert_num_queries(0):
        beat("work")
    assert WorkerBeat.objects.get().name == "work"


def test_another_process_renews_the_row():
    beat("work")
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(hours=1), by="another:1")
    heartbeat.forget()  # as another process would begin
    beat("work")
    row = WorkerBeat.objects.get()
    assert row.by != "another:1"
    assert row.beat_at > timezone.now() - timedelta(minutes=30)


def test_kinds_are_apart():
    beat("work")
    beat("seal")
    assert set(WorkerBeat.objects.values_list("name", flat=True)) == {"work", "seal"}


def test_a_slow_sweep_or_call_is_no_silence(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "CONNECT_TIMEOUT": 3.0, "READ_TIMEOUT": 30.0}
    settings.SWEEP = 30.0
    assert silence() == timedelta(seconds=120)
    settings.SWEEP = 300.0
    assert silence() == timedelta(seconds=1200)
