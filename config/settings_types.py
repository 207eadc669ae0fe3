"""Settings for the type checker alone: the real ones with stand-ins for what the environment must give."""

import os

for name, value in {
    "SECRET_KEY": "types",
    "DATABASE_URL": "sqlite://:memory:",
    "SNAPSHOTTER_ENCRYPTION_KEYS": "A" * 43 + "=",
}.items():
    os.environ.setdefault(name, value)

from config.settings import *  # noqa: E402, F403  the environment must be set first
