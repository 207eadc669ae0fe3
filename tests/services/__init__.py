"""Real servers for the tests: MySQL, MariaDB, Redis, Chromium, DolphinScheduler. `python -m tests.services --help`."""
