"""gunicorn's settings: `gunicorn config.wsgi --config deploy/gunicorn.py`. docs/production.md says how to choose the figures."""

import os

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
worker_class = (
    "gthread"  # a publish may wait a minute for its end, an export takes minutes: a thread each, and nobody is cut off
)
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60  # seconds without a sign of life of a process, not of a request
graceful_timeout = int(os.environ.get("WEB_GRACE", "75"))  # seconds that requests under way have when it ends
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  signs of life must not wait for a disk
control_socket_disable = True  # nothing is steered from outside, and the root may be read-only
limit_request_line = 8190  # cursors and filters stand in the address
accesslog = os.environ.get("WEB_ACCESS_LOG") or None  # "-" for one line a request beside the service's own
