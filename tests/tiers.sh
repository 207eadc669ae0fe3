#!/bin/sh
# All tests on MySQL; what touches SQL again on MariaDB and on SQLite. $1: the Python to run.
# Three at once on two cores: some wait for a schedule to fire, or for a browser.
set -e
DATABASE_URL="$SNAPSHOTTER_TEST_MYSQL" "$1" -m pytest -n 3 --dist loadgroup
DATABASE_URL="$SNAPSHOTTER_TEST_MARIADB" "$1" -m pytest -n 2 -m database
"$1" -m pytest -n 2 -m database
