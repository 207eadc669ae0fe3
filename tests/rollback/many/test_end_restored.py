"""The database was restored from a backup with rollbacks in it that were ordered, asked for or waiting: none goes on by itself."""

import pytest

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.adopt_deployment import adopt_deployment
from catalog.models import Workflow
from operations.after_restore import after_restore
from rollback.choices import ItemState, State
from rollback.many.again import again
from rollback.many.end_restored import CODE, end_restored
from rollback.many.execute_many import execute_many
from rollback.models import BatchItem, RollbackPolicy, RollbackRequest
from rollback.submit import Ask, submit
from snapshotter.models import Snapshot
from tests.rollback.many.test_many import ask, stages  # noqa: F401  a fixture
from tests.services.raw_dolphin import RawDolphin

pytestmark = pytest.mark.database


def states() -> set[tuple[str, str]]:
    return set(BatchItem.objects.values_list("state", "code"))


def test_what_was_ordered_in_the_backup_is_not_executed(ask, incident, oncall, work):  # noqa: F811
    batch = ask()
    work()
    assert execute_many(batch, actor=oncall) == 4  # the backup is of this moment
    # It was carried out since, and undone on purpose: what it is bound to looks the same.
    raw = RawDolphin(incident.dolphin.url, incident.dolphin.token)
    now = incident.scripts("plain")
    for script in ("echo plain good", *now):
        raw.edit(incident.project.code, incident.codes["plain"], script, online=False)
    assert incident.scripts("plain") == now
    incident.dolphin.log.clear()
    ended = after_restore(actor=SYSTEM).rollbacks
    assert (len(ended.requests), len(ended.items)) == (4, 4)
    adopt_deployment(actor=SYSTEM)
    work()
    assert incident.written() == [] and states() == {(ItemState.REFUSED, CODE)}
    assert set(RollbackRequest.objects.values_list("state", "closed_code")) == {(State.VOIDED, CODE)}
    assert set(stages(batch).values()) == {"voided"}
    told = AuditEntry.objects.filter(event="rollback.many_cancelled").get()
    assert (told.actor_name, told.reason) == ("system", CODE)
    assert sorted(told.additional_data["workflows"]) == sorted(incident.codes)
    assert AuditEntry.objects.filter(event="rollback.voided", reason__startswith=CODE).count() == 4
    assert end_restored(actor=SYSTEM).items == []  # nothing is left


def test_what_was_to_be_asked_for_is_left_out_and_can_be_asked_for_again(ask, incident, oncall, work):  # noqa: F811
    batch = ask()
    end_restored(actor=SYSTEM)
    work()
    assert states() == {(ItemState.LEFT_OUT, CODE)} and not RollbackRequest.objects.exists()
    assert again(batch, actor=oncall) == 4
    work()
    assert set(stages(batch).values()) == {"approved"}


@pytest.mark.parametrize("needed", [0, 1])
def test_a_single_request_is_closed_and_frees_its_workflow(incident, oncall, needed):
    RollbackPolicy.objects.create(project=incident.project, approvals_needed=needed)
    plain = Workflow.objects.select_related("project__instance").get(key="plain")

    def submitted() -> RollbackRequest:
        return submit(
            Ask(workflow=plain, target=Snapshot.objects.get(workflow="plain", version=1), reason="bad"), actor=oncall
        )

    request = submitted()
    assert request.state == (State.PENDING if needed else State.APPROVED)
    assert [one.pk for one in end_restored(actor=SYSTEM).requests] == [request.pk]
    request.refresh_from_db()
    assert (request.state, request.closed_code) == (State.VOIDED, CODE)
    assert submitted().pk != request.pk
