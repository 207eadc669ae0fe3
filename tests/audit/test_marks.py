"""Every row that the service writes has its mark, whoever writes it, and the mark fits what the database gives back."""

import importlib
import json
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from audit.actors import SYSTEM
from audit.canonical import COLUMNS, type_names
from audit.context import RequestContext, request_context
from audit.keys import keys
from audit.marks import is_marked
from audit.models import AuditEntry
from audit.record import record

pytestmark = pytest.mark.database


def marked(**change):
    known = {key.id: key for key in keys()}
    types = type_names()
    return [
        is_marked({**row, **change}, types[row["content_type_id"]], known)
        for row in AuditEntry.objects.values(*COLUMNS)
    ]


def test_rows_of_record_and_of_changed_objects(person, project):
    with request_context(RequestContext(request_id="req-12345678", actor_id=person.pk, address="2001:DB8::7")):
        record("thing.done", actor=person, target=person, scope="s" * 300, changes={"a": (1, None)}, detail={"n": [1]})
        project.mode = "record"
        project.save()
    assert AuditEntry.objects.filter(event="object.changed").exists()
    assert all(marked())
    assert not any(marked(reason="other")) and not any(marked(mark=None)) and not any(marked(mark="x.y.z"))


@pytest.mark.parametrize(
    "value",
    [0.1, 1 / 3, 12.345678901234567, 1e-7, 123456789.12345679, -2.5e300, 2**53 + 1, 2**63 - 1, 2**70, -(2**80)],
)
def test_numbers_as_any_database_keeps_them(person, value):
    record("thing.done", actor=person, target=person, detail={"n": value, "deep": [{"n": value}]})
    assert marked() == [True]


def test_a_row_from_a_batch_of_others_has_none(person):
    row = record("thing.done", actor=person, target=person)
    copy = AuditEntry(**{name: getattr(row, name) for name in COLUMNS if name not in ("id", "mark")})
    AuditEntry.objects.bulk_create([copy])
    assert marked() == [False, True] or marked() == [True, False]


def test_a_mark_serves_once(person):
    row = record("thing.done", actor=person, target=person)
    copy = AuditEntry(**{name: getattr(row, name) for name in COLUMNS if name != "id"})
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.bulk_create([copy])


def test_entries_older_than_marks_get_theirs_by_the_migration(person, sql):
    for number in range(3):
        record("thing.done", actor=person, target=person, detail={"n": number / 7})
    kept = AuditEntry.objects.latest("id").mark
    sql("UPDATE audit_entry SET mark = NULL WHERE mark <> %s", kept)
    migration = importlib.import_module("audit.migrations.0004_marks_of_former_entries")
    then = MigrationLoader(connection).project_state(("audit", "0003_seal_and_marks")).apps
    migration.mark(then, SimpleNamespace(connection=connection))
    assert marked() == [True] * 3
    assert AuditEntry.objects.latest("id").mark == kept


def test_nothing_of_a_key_stands_in_it(person, settings):
    record("thing.done", actor=SYSTEM, target=person)
    text = json.dumps(list(AuditEntry.objects.values("mark")))
    assert not [key for key in keys() if key.secret.hex() in text]
    assert not [key for key in settings.SNAPSHOTTER["AUDIT_KEYS"] if key in text]
