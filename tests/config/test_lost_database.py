"""Which errors of a database pass by themselves, as the drivers raise them."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import DatabaseError, DataError

from config.lost_database import is_lost


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(2006, "Server has gone away"),
        OperationalError(2002, "Can't connect to server"),
        OperationalError(1040, "Too many connections"),
        OperationalError(1114, "The table is full"),
        OperationalError(1213, "Deadlock found"),
        OperationalError("database is locked"),
        OperationalError("database or disk is full"),
        InterfaceError(0, ""),
    ],
)
def test_what_passes(error):
    assert is_lost(error)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(1054, "Unknown column"),
        OperationalError(1142, "SELECT command denied"),
        OperationalError(3140, "Invalid JSON text"),
        OperationalError("no such column: x"),
        OperationalError(),
        DataError(1406, "Data too long"),
        ZeroDivisionError(),
        None,
    ],
)
def test_what_does_not(error):
    assert not is_lost(error)


def test_an_unknown_column_is_a_defect_of_ours(db):
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM django_session")
    assert not is_lost(caught.value)
