"""Settings of the tests: the real ones, on SQLite unless DATABASE_URL names another database."""

import os

for name, value in {
    "SECRET_KEY": "tests-only-" + "x" * 50,
    "DATABASE_URL": "sqlite:///:memory:",
    "SNAPSHOTTER_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
    "SNAPSHOTTER_AUDIT_KEYS": "tests-only-audit-key-of-32-letters-or-more",
    "SNAPSHOTTER_WORKER": "embedded",
    "SNAPSHOTTER_DEPLOYMENT_ID": "tests",
    "HTTPS": "false",
    "SNAPSHOTTER_LIVE_CACHE": "0",  # tests edit the sandbox behind our back and look at once
    "SNAPSHOTTER_INSPECT_EVERY": "0",  # no call that a test does not ask for
    "SNAPSHOTTER_PROBE_PAUSE": "0",  # the sandbox has ended a call when it has answered the next one
    "SNAPSHOTTER_METRICS_CACHE": "0",  # what a test has done is counted at once
    "SNAPSHOTTER_FIRE_GUARD": "0",  # a schedule of 3 o'clock is published at 3 o'clock as at any hour; `fire_guard` switches it on
}.items():
    os.environ.setdefault(name, value)

from config.settings import *  # noqa: E402, F403  the environment must be set first
from config.settings import DATABASES, MIDDLEWARE  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("mysql"):
    DATABASES["default"]["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in is not what is tested
# The live server of the tests serves static files itself, from where they are written.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
