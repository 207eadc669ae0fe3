"""Triggers on the trail: what a DBA runs, what an ordinary user is told, and that the service works on with them."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from audit.actors import SYSTEM
from audit.models import AuditEntry, AuditSeal
from audit.protect import CantProtect, apply, missing, names, removals, statements
from audit.record import record
from audit.seal import seal
from audit.verify_audit import verify

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
FILE = Path(__file__).resolve().parents[2] / "audit" / "sql" / "protect_mysql.sql"


def as_root(*lines):
    """Run SQL as the database's own root, where the tests' server has one."""
    import MySQLdb  # there only where the database tests run

    told = connection.settings_dict
    place = {"host": told["HOST"], "port": int(told["PORT"]), "database": told["NAME"]}
    root = MySQLdb.connect(user="root", password="", autocommit=True, **place)
    try:
        for statement in lines:
            root.cursor().execute(statement)
    finally:
        root.close()


def is_stock_mysql():
    return connection.vendor == "mysql" and not connection.mysql_is_mariadb


@pytest.fixture
def protected(transactional_db):
    User.objects.create_user("li.na")
    if is_stock_mysql():
        as_root(*statements("mysql"))
    else:
        apply()
    yield
    if is_stock_mysql():
        as_root(*removals())
        return
    with connection.cursor() as cursor:
        for statement in removals():
            cursor.execute(statement)


def test_rows_can_not_be_changed_or_deleted(protected, sql):
    person = User.objects.get()
    record("thing.done", actor=person, target=person)
    seal()
    for statement in (
        "UPDATE audit_entry SET reason = 'other'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET hash = 'other'",
        "DELETE FROM audit_seal WHERE sequence = 1",
    ):
        with pytest.raises(DatabaseError, match="are final"), transaction.atomic():
            sql(statement)
    assert missing() == []
    assert verify(actor=SYSTEM).found == 0


def test_the_service_works_on(protected):
    """Nothing of ours needs to change a row: sealing, verifying, and deleting a person whose entries there are."""
    person = User.objects.get()
    entry = record("thing.done", actor=person, target=person)
    assert seal() == 1 and verify(actor=SYSTEM).found == 0
    person.delete()
    assert AuditEntry.objects.get(pk=entry.pk).actor_name == "li.na"
    assert seal() > 0 and AuditSeal.objects.count() == AuditEntry.objects.count()


def test_it_can_be_run_again(protected):
    as_root(*statements("mysql")) if is_stock_mysql() else apply()
    assert missing() == []


def test_without_them_they_are_named(transactional_db, capsys):
    assert missing() == names()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_protect", "--check")
    assert ended.value.code == 1 and "missing: audit_seal_no_delete" in capsys.readouterr().out


@pytest.mark.skipif(connection.vendor != "mysql", reason="asks no privileges")
def test_an_ordinary_user_of_a_stock_mysql_is_told_what_to_do(transactional_db):
    if connection.mysql_is_mariadb:
        pytest.skip("MariaDB without a binary log lets the owner of a table do it")
    with pytest.raises(CantProtect, match=r"1419.*SUPER.*DBA"):
        apply()
    with pytest.raises(CommandError) as error:
        call_command("audit_protect", "--apply")
    assert error.value.returncode == 2
    assert missing() == names()


def test_the_command_prints_what_the_file_holds(transactional_db, capsys):
    kept = [line for line in FILE.read_text().splitlines() if not line.startswith("--")]
    assert kept == [f"{statement};" for statement in statements("mysql")]
    call_command("audit_protect")
    assert capsys.readouterr().out.splitlines() == [f"{statement};" for statement in statements(connection.vendor)]


def test_an_unknown_database_is_refused():
    with pytest.raises(CantProtect):
        statements("oracle")
