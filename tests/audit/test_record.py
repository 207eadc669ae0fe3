"""Writing the trail: what a row says, what its log line says, and that an act that is rolled back leaves none."""

import logging

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from audit.actors import SYSTEM
from audit.context import RequestContext, request_context
from audit.models import AuditEntry
from audit.record import record, record_refusal


@pytest.fixture
def person(db):
    return User.objects.create_user("li.na")


def test_a_row_says_who_what_and_where(person):
    with request_context(RequestContext(request_id="req-12345678", address="192.0.2.7")):
        record(
            "thing.done",
            actor=person,
            target=person,
            scope="prod/warehouse",
            reason="because",
            changes={"mode": ("off", None)},
            detail={"n": 1},
        )
    row = AuditEntry.objects.get()
    assert (row.event, row.outcome, row.reason, row.scope) == ("thing.done", "ok", "because", "prod/warehouse")
    assert (row.actor, row.actor_name, row.target, row.object_id) == (person, "li.na", "li.na", person.pk)
    assert (row.request_id, row.remote_addr) == ("req-12345678", "192.0.2.7")
    assert (row.changes, row.additional_data) == ({"mode": ["off", "None"]}, {"n": 1})
    assert str(row) == "thing.done li.na (ok)"


def test_the_service_itself_is_no_user_even_inside_a_request(person):
    with request_context(RequestContext(request_id="req-12345678", actor_id=person.pk, actor_name="li.na")):
        record("thing.done", actor=SYSTEM, target=person)
    row = AuditEntry.objects.get()
    assert (row.actor, row.actor_name) == (None, "system")


def test_a_refusal_is_a_row_of_its_own_outcome(person):
    record_refusal("thing.refused", actor=person, target=person, reason="lacks a right")
    assert AuditEntry.objects.get().outcome == "refused"


def test_an_act_that_is_rolled_back_leaves_no_row(person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("thing.done", actor=person, target=person)
        raise ZeroDivisionError
    assert AuditEntry.objects.count() == 0


def test_every_row_has_its_log_line(person, caplog):
    with caplog.at_level(logging.INFO, "audit"):
        row = record("thing.done", actor=person, target=person)
    assert [line.getMessage() for line in caplog.records] == [
        f"event=thing.done outcome=ok actor=li.na target=li.na entry={row.pk}"
    ]


def test_long_words_are_cut_to_their_columns(person):
    person.username = "x" * 300
    row = record("thing.done", actor=SYSTEM, target=person, scope="s" * 300)
    row.refresh_from_db()
    assert (len(row.scope), len(row.target)) == (190, 255)
