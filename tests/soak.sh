#!/bin/sh
# The long tests, one at a time: what they measure must not be disturbed. $1: the Python to run.
set -e
DATABASE_URL="$SNAPSHOTTER_TEST_MYSQL" "$1" -m pytest -m soak
