"""Derive references: note which workflows a content runs or waits for, so that who depends on a workflow is a look into an index.

By the worker that derives lineage, beside it: a content whose SQL can't be read has its references all the same.
"""

import json
import logging
import time
from typing import Final

from django.db import transaction

from definitions.references import calls
from snapshotter.errors import ContentDamaged
from snapshotter.models import ContentLineage, ContentReference
from snapshotter.store import get_content

logger = logging.getLogger(__name__)

_BATCH: Final = 100  # contents a look
_NAME: Final = 200  # characters of a task's name


def derive_references(row: ContentLineage) -> bool:
    """Note what a content refers to; False where another worker has. Safe to call twice."""
    try:
        found = _references(row.content_hash)
    except ContentDamaged:
        logger.error("references of content=%s can't be read", row.content_hash)
        return _note(row, has_references=False)
    with transaction.atomic():
        if not _note(row, has_references=True):
            return False
        # An older parser's reading of the same content may have noted them before.
        ContentReference.objects.bulk_create(found, batch_size=500, ignore_conflicts=True)
    return True


def derive_due_references(until: float) -> int:
    """Derive what is missing until a moment of the monotonic clock; return how many contents were done."""
    done = 0
    for row in ContentLineage.objects.without_references()[:_BATCH]:
        done += derive_references(row)
        if time.monotonic() > until:
            break
    return done


def _references(content_hash: str) -> list[ContentReference]:
    tasks = {code: json.loads(task) for code, task in get_content(content_hash).tasks.items()}
    found = {(code, call.kind.value, call.workflow, call.named_task) for code in tasks for call in calls(tasks[code])}
    return [
        ContentReference(
            content_hash=content_hash,
            task=task,
            task_name=str(tasks[task].get("name", ""))[:_NAME],
            kind=kind,
            workflow=workflow,
            named_task=named,
        )
        for task, kind, workflow, named in sorted(found)
    ]


def _note(row: ContentLineage, *, has_references: bool) -> bool:
    return ContentLineage.objects.filter(pk=row.pk, has_references=None).update(has_references=has_references) == 1
