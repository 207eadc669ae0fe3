"""Django's LOGGING: standard error, as lines for people or JSON for machines."""

from typing import Any


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """A form that is neither "line" nor "json" is told by the checks; the log itself must not fail for it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_context": {"()": "audit.logs.RequestContextFilter"}},
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} request_id={request_id} {message}", "style": "{"},
            "json": {"()": "audit.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if form == "json" else "line",
                "filters": ["request_context"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # urllib3 logs whole addresses at DEBUG, and a robot's address is a secret.
        "loggers": {"axes": {"level": "WARNING"}, "urllib3": {"level": "INFO"}},
    }
