"""DolphinScheduler 3.1.1 on MySQL: what was changed there is put back, adopted, ignored or restored, and the next look finds nothing."""

import pytest

from audit.actors import SYSTEM
from catalog.models import Workflow
from drift.adopt import adopt
from drift.choices import ItemState
from drift.models import DriftItem
from drift.put_back import Order, put_back
from drift.rules.ignore import Field, ignore
from rollback.choices import Act, Category
from rollback.execute import execute
from rollback.submit import Ask, submit
from snapshotter.choices import ScheduleChoice
from snapshotter.models import WorkflowState
from snapshotter.work import run_due
from tests.drift.items import again
from tests.drift.test_on_the_real_one import Place, place

__all__ = ["place"]
pytestmark = [pytest.mark.dolphin_mysql, pytest.mark.django_db, pytest.mark.xdist_group("drift")]


def found(key: str) -> DriftItem:
    return again(DriftItem.objects.standing().get(workflow__key=key))


def test_each_way_out(place: Place) -> None:
    hands = {key: place.publish(key, "echo 1") for key in ("back", "adopted", "ignored", "restored")}
    place.inspect()
    assert not DriftItem.objects.standing().exists()
    hands["back"].edit("echo mine")
    hands["adopted"].cron("0 0 5 * * ? *")
    hands["ignored"].save(description="mine")
    hands["restored"].delete()
    place.inspect()
    items = {key: found(key) for key in hands}

    put_back(items["back"], Order(reason="not agreed", acknowledged=("schedule_on",)), actor=SYSTEM)
    adopt(items["adopted"], actor=SYSTEM, reason="agreed")
    ignored = items["ignored"].workflow
    ignore(place.project, Field(path="settings.description", reason="notes", workflow=ignored), actor=SYSTEM)
    _restore(items["restored"])
    run_due()

    ended = {key: again(item).state for key, item in items.items()}
    assert ended == {
        "back": ItemState.PUT_BACK,
        "adopted": ItemState.ADOPTED,
        "ignored": ItemState.IGNORED,
        "restored": ItemState.RESOLVED,
    }
    place.inspect()
    assert not DriftItem.objects.standing().exists()
    assert set(WorkflowState.objects.values_list("live_state", flat=True)) == {"in_sync"}
    versions = dict(WorkflowState.objects.values_list("workflow__key", "published__version"))
    assert versions == {"back": 1, "adopted": 2, "ignored": 1, "restored": 2}
    script = hands["back"].raw.definition(place.project.code, hands["back"].code)["taskDefinitionList"]
    assert "echo mine" not in str(script)


def _restore(item: DriftItem) -> None:
    workflow = Workflow.objects.select_related("project__instance", "state__published").get(pk=item.workflow_id)
    ask = Ask(
        workflow=workflow,
        target=item.published,
        act=Act.RESTORE,
        reason="deleted by mistake",
        category=Category.OTHER,
    )
    request = submit(ask, actor=SYSTEM)
    assert ScheduleChoice(request.schedule) == ScheduleChoice.KEEP
    execute(request, actor=SYSTEM)
