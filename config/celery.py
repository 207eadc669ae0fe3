"""The Celery application. Rows in the database are the truth; Celery only carries ids: of rows, and of the request that asked."""

import os
from typing import Any, Final

from celery import Celery
from celery.signals import before_task_publish, task_prerun

from audit.context import RequestContext, begin, current, new_request_id

HEADER: Final = "request_id"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("snapshotter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """What is being served goes along, so that all lines of a task name the request that asked for it."""
    if headers is not None and current().request_id:
        headers[HEADER] = current().request_id


@task_prerun.connect
def _take_request_id(task: Any, **_: Any) -> None:
    """A worker's thread does one task after another: each begins with its own id, or none. A task that finds its row has the row's."""
    asked = str((getattr(task.request, "headers", None) or {}).get(HEADER) or getattr(task.request, HEADER, None) or "")
    begin(RequestContext(request_id=new_request_id(asked) if asked else ""))
