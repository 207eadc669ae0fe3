"""A person, entries of all shapes, and raw SQL as somebody with the database but without the keys would use it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from audit.record import record
from audit.seal import seal


@pytest.fixture
def person(db):
    return User.objects.create_user("li.na")


@pytest.fixture
def write(person):
    """Return a maker of entries."""

    def write(number=1):
        return [
            record(
                f"thing.done_{index}",
                actor=person,
                target=person,
                scope="prod/warehouse",
                reason=f"because {index}",
                changes={"mode": ("off", index)},
                detail={"n": index, "b": [1, None, "二"]},
            )
            for index in range(number)
        ]

    return write


@pytest.fixture
def sealed(write):
    """Eight entries and their seals."""
    entries = write(8)
    assert seal() == 8
    return entries


@pytest.fixture
def sql(db):
    def run(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount

    return run


@pytest.fixture
def later(monkeypatch):
    """Move the clock of the product on."""

    def move(**span):
        now = timezone.now() + timedelta(**span)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return move
