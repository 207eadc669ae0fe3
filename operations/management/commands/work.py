import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from operations.embedded.beside import start_beside
from operations.embedded.work import work


class Command(BaseCommand):
    help = (
        "Run the embedded worker, the sender of webhooks, the reader of lineage, the sealer of the trail, the inspector, the deleter of old"
        " rows and the alerts until told to stop (SIGTERM, Ctrl-C). For installations without Celery."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        beside = start_beside(stop)
        try:
            work(stop)
        finally:
            stop.set()
            for thread in beside:
                thread.join()
