"""What runs beside the embedded worker, each in a thread of its own: none of it may hold up a publish."""

import threading

from operations.alerts.run import start_alerts
from operations.embedded.derive import start_deriver
from operations.embedded.inspect import start_inspector
from operations.embedded.retain import start_retainer
from operations.embedded.seal import start_sealer
from operations.embedded.send import start_sender


def start_beside(stop: threading.Event) -> list[threading.Thread]:
    """Start all and return the threads, to be joined."""
    starts = (start_sender, start_deriver, start_sealer, start_inspector, start_retainer, start_alerts)
    return [start(stop) for start in starts]
