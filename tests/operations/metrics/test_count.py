"""Totals follow the sealed trail: each entry once, whoever counts and whatever is deleted later."""

from datetime import timedelta

import pytest
from django.db import transaction

from audit.record import record
from audit.seal import seal
from operations.metrics import count as counting
from operations.metrics.count import count
from operations.metrics.models import DurationTotal, EventTotal, MetricPlace
from snapshotter.models import Sync


def total(event, **more):
    return EventTotal.objects.get(event=event, **more).value


def test_each_sealed_entry_counts_once(root, counted):
    for _ in range(3):
        record("thing.done", actor=root, target=root, scope="sandbox/warehouse")
    record("thing.done", actor=root, target=root, outcome="refused")
    counted()
    counted()
    assert total("thing.done", outcome="ok", dolphin="sandbox") == 3
    assert total("thing.done", outcome="refused", dolphin="") == 1
    record("thing.done", actor=root, target=root, scope="sandbox/warehouse")
    assert count() == 0, "what has no seal yet waits"
    counted()
    assert total("thing.done", outcome="ok", dolphin="sandbox") == 4


def test_batch_by_batch_comes_to_the_same(root, monkeypatch):
    monkeypatch.setattr(counting, "BATCH", 2)
    for _ in range(5):
        record("thing.done", actor=root, target=root)
    while seal():
        pass
    rounds = []
    while done := count():
        rounds.append(done)
    assert sum(rounds) == MetricPlace.objects.get().sequence and max(rounds) == 2
    assert total("thing.done") == 5


def test_a_worker_that_dies_has_counted_nothing(root):
    record("thing.done", actor=root, target=root)
    while seal():
        pass
    with pytest.raises(RuntimeError), transaction.atomic():
        assert count()
        raise RuntimeError
    assert not EventTotal.objects.filter(event="thing.done").exists()
    assert count()
    assert total("thing.done") == 1


def test_how_long_syncs_took(run_publish, make_definition, counted):
    sync = run_publish(make_definition())
    Sync.objects.filter(pk=sync.pk).update(finished_at=sync.created_at + timedelta(seconds=7))
    counted()
    row = DurationTotal.objects.get(kind="publish")
    assert (row.state, row.dolphin, row.seconds) == ("succeeded", "sandbox", 7.0)
    assert row.counts == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    Sync.objects.filter(pk=sync.pk).update(result={})  # whatever becomes of the row
    counted()
    assert sum(DurationTotal.objects.get(kind="publish").counts) == 1


def test_longer_than_all_buckets(run_publish, make_definition, counted):
    sync = run_publish(make_definition())
    Sync.objects.filter(pk=sync.pk).update(finished_at=sync.created_at + timedelta(days=1))
    counted()
    assert DurationTotal.objects.get(kind="publish").counts[-1] == 1
