"""`python -m tests.bench`, beside the servers of `python -m tests.services run`: print every goal, exit 1 where one is missed."""

import os
import sys

import django


def main() -> int:
    os.environ["DATABASE_URL"] = os.environ["SNAPSHOTTER_TEST_MYSQL"]
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection  # Django must be set up first

    from tests.bench import hooks, publishing, pure, storage
    from tests.services import seed
    from tests.services.raw_dolphin import RawDolphin

    connection.creation.create_test_db(verbosity=0, autoclobber=True)  # an interrupted run may have left one
    names = {"MySQL": "DOLPHIN311MYSQL", "H2": "DOLPHIN311"}
    servers = {
        name: RawDolphin(os.environ[f"SNAPSHOTTER_TEST_{variable}"], seed.TOKEN, seed.TENANT)
        for name, variable in names.items()
        if f"SNAPSHOTTER_TEST_{variable}" in os.environ
    }
    missed = 0
    for part in (pure.results(), storage.results(), hooks.results(), publishing.results(servers)):
        for result in part:
            print(result.line(), flush=True)
            missed += not result.met
    connection.creation.destroy_test_db("", verbosity=0)
    print(f"{missed} missed" if missed else "all met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
