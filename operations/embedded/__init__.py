"""The embedded worker and what runs beside it, each in a thread of its own: what Celery does elsewhere, for small installations."""
