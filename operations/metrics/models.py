"""Totals that outlive what they were counted from, and signs of life.

A process that counts for itself forgets when it ends, and many of them would each tell a part. So events are counted from the sealed
trail, place by place, each once: totals never fall, whatever is deleted later.
"""

from django.db import models


class WorkerBeat(models.Model):
    """When a kind of worker last did a round, whichever process it was."""

    name = models.CharField(
        max_length=20, primary_key=True, db_comment="what was done: work, send, derive, seal, sweep"
    )
    beat_at = models.DateTimeField(db_comment="latest round, by the database's clock")
    by = models.CharField(max_length=100, db_comment="host and process that did it")

    class Meta:
        db_table = "worker_beat"
        db_table_comment = "Signs of life of workers, one row a kind"

    def __str__(self) -> str:
        return self.name


class MetricPlace(models.Model):
    """Up to which seal of the trail the totals are counted, one row. Whoever counts holds it locked."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, db_comment="always 1")
    sequence = models.BigIntegerField(default=0, db_comment="of the last seal counted")

    class Meta:
        db_table = "metric_place"
        db_table_comment = "How far the audit trail is counted, one row"

    def __str__(self) -> str:
        return str(self.sequence)


class EventTotal(models.Model):
    """How often something was done since counting began."""

    event = models.CharField(max_length=64, db_comment="as in the trail")
    outcome = models.CharField(max_length=8, db_comment="ok, refused or failed")
    dolphin = models.CharField(max_length=40, blank=True, default="", db_comment="name of the instance; empty: none")
    value = models.BigIntegerField(default=0, db_comment="how often; never falls")

    class Meta:
        db_table = "metric_event_total"
        db_table_comment = "Entries of the audit trail, counted"
        ordering = ["event", "outcome", "dolphin"]
        constraints = [models.UniqueConstraint(fields=["event", "outcome", "dolphin"], name="metric_event_total_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.outcome} {self.value}"


class DurationTotal(models.Model):
    """How long syncs took from their acceptance to their end, since counting began."""

    kind = models.CharField(max_length=8, db_comment="of the sync")
    state = models.CharField(max_length=10, db_comment="its end")
    dolphin = models.CharField(max_length=40, db_comment="name of the instance")
    counts = models.JSONField(
        default=list, db_comment="how many fell into each bucket alone, the last one without a bound"
    )
    seconds = models.FloatField(default=0, db_comment="all of them together; never falls")

    class Meta:
        db_table = "metric_duration_total"
        db_table_comment = "Durations of syncs, counted by buckets"
        ordering = ["kind", "state", "dolphin"]
        constraints = [models.UniqueConstraint(fields=["kind", "state", "dolphin"], name="metric_duration_total_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {sum(self.counts)}"
