"""The product's own settings, `settings.SNAPSHOTTER`: names, units and defaults. `docs/settings.md` says what they are for."""

from typing import Any

import environ


def own_settings(env: environ.Env) -> dict[str, Any]:
    """Read them from the environment."""
    return {
        # Fernet keys, newest first; the first encrypts, all decrypt.
        "ENCRYPTION_KEYS": env.list("SNAPSHOTTER_ENCRYPTION_KEYS"),
        # Keys that seal the audit trail, newest first; the first seals, all verify. Empty: derived from the encryption keys.
        "AUDIT_KEYS": env.list("SNAPSHOTTER_AUDIT_KEYS", default=[]),
        # Who runs queued work: "celery" workers, or "embedded" (`manage.py work`).
        "WORKER": env.str("SNAPSHOTTER_WORKER", default="celery"),
        # Seconds.
        "CONNECT_TIMEOUT": env.float("SNAPSHOTTER_CONNECT_TIMEOUT", default=3.0),
        "READ_TIMEOUT": env.float("SNAPSHOTTER_READ_TIMEOUT", default=30.0),
        "LEASE": env.float("SNAPSHOTTER_LEASE", default=120.0),
        "WRITE_SETTLE": env.float("SNAPSHOTTER_WRITE_SETTLE", default=120.0),
        "PROBE_PAUSE": env.float("SNAPSHOTTER_PROBE_PAUSE", default=5.0),
        "CONFIRM_DEADLINE": env.float("SNAPSHOTTER_CONFIRM_DEADLINE", default=900.0),
        # Which deployment this is; empty: told by where the database is.
        "DEPLOYMENT_ID": env.str("SNAPSHOTTER_DEPLOYMENT_ID", default=""),
        # Hosts (or host:port) that webhooks may go to without a superuser's approval.
        "WEBHOOK_HOSTS": env.list("SNAPSHOTTER_WEBHOOK_HOSTS", default=[]),
        # A fire due within so many seconds is waited for before a publish takes its schedule off; 0: never.
        "FIRE_GUARD": env.float("SNAPSHOTTER_FIRE_GUARD", default=60.0),
        # The site's address as people reach it, for links in alerts; empty: alerts have no links.
        "PUBLIC_URL": env.str("SNAPSHOTTER_PUBLIC_URL", default=""),
        # A workflow that is held for so many seconds is an alert; 0: never.
        "LOCK_STUCK": env.float("SNAPSHOTTER_LOCK_STUCK", default=3600.0),
        # Bytes and counts.
        "MAX_BODY_BYTES": env.int("SNAPSHOTTER_MAX_BODY_BYTES", default=8_000_000),
        "MAX_CALLS_PER_INSTANCE": env.int("SNAPSHOTTER_MAX_CALLS_PER_INSTANCE", default=4),
        # Calls a second to one DolphinScheduler by inventory, baseline and back-fill together; 0: as fast as it answers.
        "BULK_RATE": env.float("SNAPSHOTTER_BULK_RATE", default=20.0),
        # Seconds between two inspections of an instance (0: none), and until a workflow is read whole whatever the lists say.
        "INSPECT_EVERY": env.float("SNAPSHOTTER_INSPECT_EVERY", default=300.0),
        "INSPECT_FULL": env.float("SNAPSHOTTER_INSPECT_FULL", default=86_400.0),
        # What readers see of DolphinScheduler: kept so many seconds, by so many readers of one instance at once, waiting so many seconds.
        "LIVE_CACHE": env.float("SNAPSHOTTER_LIVE_CACHE", default=5.0),
        "LIVE_READS": env.int("SNAPSHOTTER_LIVE_READS", default=2),
        "LIVE_WAIT": env.float("SNAPSHOTTER_LIVE_WAIT", default=10.0),
        # Bytes of one export of a comparison.
        "MAX_EXPORT_BYTES": env.int("SNAPSHOTTER_MAX_EXPORT_BYTES", default=5_000_000),
        # Certificate check of DolphinScheduler's address; a path names a CA bundle.
        "CA_BUNDLE": env.str("SNAPSHOTTER_CA_BUNDLE", default=""),
        # How many proxies in front of us may write X-Forwarded-For.
        "TRUSTED_PROXIES": env.int("SNAPSHOTTER_TRUSTED_PROXIES", default=0),
        # Who may read /metrics and the details of /readyz: a bearer token; empty: callers on this host alone.
        "METRICS_TOKEN": env.str("SNAPSHOTTER_METRICS_TOKEN", default=""),
        "METRICS_CACHE": env.float("SNAPSHOTTER_METRICS_CACHE", default=10.0),
        # Days for which rows are kept that nothing needs any more; 0: for ever.
        "RETAIN_JOURNALS": env.int("SNAPSHOTTER_RETAIN_JOURNALS", default=400),
        "RETAIN_FAILED_JOURNALS": env.int("SNAPSHOTTER_RETAIN_FAILED_JOURNALS", default=1200),
        "RETAIN_DELIVERIES": env.int("SNAPSHOTTER_RETAIN_DELIVERIES", default=90),
        "RETAIN_INVENTORIES": env.int("SNAPSHOTTER_RETAIN_INVENTORIES", default=400),
        "RETAIN_KEYS": env.int("SNAPSHOTTER_RETAIN_KEYS", default=30),
        "RETAIN_SIGN_INS": env.int("SNAPSHOTTER_RETAIN_SIGN_INS", default=180),
    }
