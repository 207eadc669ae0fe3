"""The shell of the project: settings, URLs, Celery, admin site, health, the API's error shape. Nothing of the domain."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
