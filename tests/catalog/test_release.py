"""Does this release fit the database: as it is, behind it, ahead of it, squashed, and where nothing was ever migrated."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from catalog import release
from catalog.errors import ReleaseMismatch
from catalog.release import fit, fits, require_fit

NEWER = ("snapshotter", "9000_newer")


@contextmanager
def applied(*key: str) -> Iterator[None]:
    """A migration of a newer release was applied."""
    recorder = MigrationRecorder(connection)
    recorder.record_applied(*key)
    try:
        yield
    finally:
        recorder.record_unapplied(*key)


def test_they_fit_after_migrate_and_that_costs_one_query(db, django_assert_num_queries):
    fits()  # reads the files, once a process
    with django_assert_num_queries(1):
        assert fits()
    require_fit()


def test_the_database_is_ahead(db):
    with applied(*NEWER):
        assert fit().unknown == ("snapshotter.9000_newer",) and not fit().missing
        with pytest.raises(ReleaseMismatch) as error:
            require_fit()
    assert error.value.extra == {"missing": [], "unknown": ["snapshotter.9000_newer"]}
    assert fits()


def test_the_database_is_behind(db):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("rollback")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert fit().missing == (".".join(newest),) and not fits()


def test_rows_that_a_library_left_behind_are_not_ours_to_judge(db):
    with applied("axes", "0001_of_long_ago"), applied("gone", "0001_initial"):
        assert fits()


def test_all_our_apps_are_judged():
    former, _, ours = release._known()
    assert ours >= {"audit", "catalog", "snapshotter", "rollback", "drift", "operations"}
    assert not ours & {"auth", "knox", "guardian", "axes"}
    assert "catalog.0001_initial" in former and "auth.0001_initial" in former


def test_squashed_migrations_fit_with_their_former_rows_and_without(db, monkeypatch):
    former, _, ours = release._known()
    squashed = "catalog.0001_squashed"
    parts = frozenset({"catalog.0001_initial", "catalog.0002_instance_address"})
    of_files = {name: was for name, was in former.items() if name not in parts} | {squashed: parts}
    monkeypatch.setattr(release, "_known", lambda: (of_files, frozenset(of_files) | parts, ours))
    assert fits()  # the parts were applied one by one
    with applied("catalog", "0001_squashed"):
        assert fits()
    MigrationRecorder(connection).record_unapplied("catalog", "0001_initial")
    assert fit().missing == (squashed,)


def test_nothing_was_ever_migrated(transactional_db, monkeypatch):
    monkeypatch.setattr(MigrationRecorder, "has_table", lambda self: False)
    with connection.execute_wrapper(_no_such_table):
        found = fit()
    assert "auth.0001_initial" in found.missing and not found.unknown


def _no_such_table(execute, sql, params, many, context):
    return execute(sql.replace("django_migrations", "no_such_table"), params, many, context)
