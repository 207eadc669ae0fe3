"""Reads of where retention stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from operations.retention.models import RetentionMark  # noqa: F401  named as text in the base class


class RetentionQuerySet(models.QuerySet["RetentionMark"]):
    def due(self) -> RetentionQuerySet:
        return self.filter(due_at__lte=Now())
