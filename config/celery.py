"""The Celery application. Rows in the database are the truth; Celery only carries ids: of rows, and of the request that asked."""

import os
import time
from pathlib import Path
from typing import Any, Final

from celery import Celery, Task
from celery.signals import after_task_publish, before_task_publish, heartbeat_sent, task_prerun
from django.conf import settings

from audit.context import RequestContext, begin, current, new_request_id

HEADER: Final = "request_id"
REST: Final = (
    1.0  # seconds before a task is sent on, so that one which nobody can take does not keep the processor busy
)


class OwnTask(Task):
    """A task of ours: sent on, untouched, by a worker of another release than the database, until one that fits takes it.

    Sent anew rather than rejected: it goes behind what waits, and Celery logs each rejection with a traceback.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from operations.held import is_held  # this module is loaded before the models of any app

        if not self.request.called_directly and is_held():
            time.sleep(REST)
            self.apply_async(args, kwargs, expires=self.request.expires)
            return None
        return self.run(*args, **kwargs)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("snapshotter", task_cls=OwnTask)
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


@heartbeat_sent.connect
@after_task_publish.connect
def _say_alive(**_: Any) -> None:
    """Touch the file that a health check looks at: a worker every two seconds while it has its broker, beat with each task sent."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()
