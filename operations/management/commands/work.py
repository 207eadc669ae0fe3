import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from operations.derive import start_deriver
from operations.inspect import start_inspector
from operations.seal import start_sealer
from operations.send import start_sender
from operations.work import work


class Command(BaseCommand):
    help = (
        "Run the embedded worker, the sender of webhooks, the reader of lineage, the sealer of the trail and the inspector "
        "until told to stop (SIGTERM, Ctrl-C). For installations without Celery."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        beside = [start_sender(stop), start_deriver(stop), start_sealer(stop), start_inspector(stop)]
        try:
            work(stop)
        finally:
            stop.set()
            for thread in beside:
                thread.join()
