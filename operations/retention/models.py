"""Where the deletion of old rows stands."""

from django.db import models

from operations.retention.managers import RetentionQuerySet


class RetentionMark(models.Model):
    """One row. Whoever moves `due_at` ahead deletes until then; the others leave it alone."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, db_comment="always 1")
    due_at = models.DateTimeField(db_comment="when somebody may go on, by the database's clock")
    place = models.BigIntegerField(default=0, db_comment="last sync whose journal was looked at in this pass")
    day = models.DateField(null=True, db_comment="day that `counts` are of, UTC")
    counts = models.JSONField(
        default=dict, db_comment="rows deleted on that day, by kind; told in the trail the day after"
    )
    done_at = models.DateTimeField(null=True, db_comment="when a pass last came to its end")

    objects = RetentionQuerySet.as_manager()

    class Meta:
        db_table = "retention_mark"
        db_table_comment = "Where the deletion of old rows stands, one row"

    def __str__(self) -> str:
        return "retention"
