"""Rows of the trail are final in the ORM, and read on when their people and things are gone."""

import pytest
from django.contrib.auth.models import User

from audit.actors import SYSTEM
from audit.context import RequestContext, request_context
from audit.models import AuditEntry, TrailIsFinal
from audit.record import record


@pytest.fixture
def row(db):
    return record("thing.done", actor=SYSTEM, target=User.objects.create_user("someone"))


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: AuditEntry.objects.all().update(reason="other"),
        lambda row: AuditEntry.objects.filter(pk=row.pk).delete(),
        lambda row: AuditEntry.objects.bulk_update([row], ["reason"]),
    ],
)
def test_nothing_changes_a_row(row, change):
    with pytest.raises(TrailIsFinal):
        change(row)
    assert AuditEntry.objects.get().reason == ""


def test_a_row_outlives_its_person_and_its_thing(db):
    person, thing = User.objects.create_user("li.na"), User.objects.create_user("thing")
    record("thing.done", actor=person, target=thing)
    left = person.pk
    person.delete()
    thing.delete()
    row = AuditEntry.objects.get(event="thing.done")
    assert (row.actor_id, row.actor_name, row.target) == (left, "li.na", "thing")


def test_changes_by_hand_take_caller_and_id_from_the_request(project, root):
    context = RequestContext(request_id="req-12345678", actor_id=root.pk, actor_name="root", address="192.0.2.7")
    with request_context(context):
        project.mode = "record"
        project.save()
    row = AuditEntry.objects.filter(event="object.changed").latest("pk")
    assert row.changes == {"mode": ["publish", "record"]}
    assert (row.actor_name, row.request_id, row.remote_addr) == ("root", "req-12345678", "192.0.2.7")


def test_a_changed_token_leaves_no_trace_of_itself(instance):
    instance.token_encrypted = "gAAAA-other"
    instance.save()
    assert not AuditEntry.objects.filter(changes__icontains="token").exists()
