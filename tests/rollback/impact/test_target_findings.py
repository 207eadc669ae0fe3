"""What a version itself says about going back to it."""

from datetime import timedelta

from django.utils import timezone, translation

from rollback.impact.finding_words import WORDS, words
from rollback.impact.findings import Weight
from snapshotter.capture import capture
from snapshotter.choices import Status, Trigger
from snapshotter.gates.quarantine import quarantine
from snapshotter.gates.unquarantine import unquarantine
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin
from snapshotter.models import DefinitionBlob, Snapshot, WorkflowState
from snapshotter.store import piece_ids
from snapshotter.work import run_due
from tests.rollback.impact.conftest import codes, finding, workflow_of


def test_a_version_that_was_live_has_nothing_against_it(history, ask):
    assert codes(ask(), Weight.REFUSED, Weight.ACKNOWLEDGE) == []


def test_a_quarantined_content_is_refused(history, ask, manager):
    first = Snapshot.objects.get(version=1)
    for whole_project in (False, True):
        row = quarantine(first, reason="doubles rows", whole_project=whole_project, actor=manager)
        found = finding(ask(), "quarantined")
        assert (found.weight, found.values) == (Weight.REFUSED, {"reason": "doubles rows", "who": "manager"})
        assert "doubles rows (manager)" in found.text
        unquarantine(row, actor=manager)
        assert "quarantined" not in codes(ask())


def test_masked_values_are_refused_by_their_paths(history, ask, raw, project, publisher):
    """Pasted in DolphinScheduler from one of our pages, then captured."""
    workflow = workflow_of("orders")
    raw.edit(project.code, workflow.workflow_code, "export PASSWORD=secret:0123456789ab")
    capture(workflow, origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
    run_due()
    found = ask(3)
    assert codes(found, Weight.REFUSED) == ["masked_values"]
    (path,) = finding(found, "masked_values").values["names"]
    assert path.endswith("taskParams.rawScript")


def test_an_imported_version_was_never_live(history, ask, project, manager, make_definition):
    origin = Origin(trigger=Trigger.IMPORT)
    import_snapshot(make_definition("echo 3"), project=project, workflow_key="orders", origin=origin, actor=manager)
    assert finding(ask(3), "never_live").values == {"why": "import"}


def test_what_was_never_live_must_be_agreed_to(history, ask):
    said = set()
    for status in (Status.DRAFT, Status.FAILED, Status.UNCONFIRMED):
        Snapshot.objects.filter(version=1).update(status=status, live_from=None)
        found = finding(ask(), "never_live")
        assert (found.weight, found.values) == (Weight.ACKNOWLEDGE, {"why": status})
        said.add(found.text)
    Snapshot.objects.filter(version=1).update(status=Status.PUBLISHED)
    for trigger, why in ((Trigger.BACKFILL, "backfill"), (Trigger.CAPTURE, "unproven")):
        Snapshot.objects.filter(version=1).update(trigger=trigger)
        found = finding(ask(), "never_live")
        assert found.values == {"why": why}
        said.add(found.text)
    assert len(said) == 5


def test_age_counts_from_the_end_of_its_time(history, ask):
    long_ago = timezone.now() - timedelta(days=200)
    Snapshot.objects.filter(version=1).update(created_at=long_ago, live_from=long_ago)
    assert "old" not in codes(ask())
    Snapshot.objects.filter(version=1).update(live_to=long_ago + timedelta(days=1))
    found = finding(ask(), "old")
    assert (found.weight, found.values) == (Weight.NOTE, {"days": 199, "versions": 1})
    assert "old" not in codes(ask(2))  # the published one


def test_many_versions_back_is_old(history, ask):
    Snapshot.objects.filter(version=2).update(version=22)
    assert finding(ask(), "old").values == {"days": 0, "versions": 21}


def test_another_scheme_is_said(history, ask):
    Snapshot.objects.filter(version=1).update(scheme="c0")
    assert finding(ask(), "another_scheme").weight == Weight.NOTE


def test_another_name_stays_unless_it_is_asked_for(history, ask, run_publish, make_definition):
    run_publish(make_definition("echo three", name="orders"))
    assert finding(ask(), "name_stays").values == {"name": "orders_daily", "present": "orders"}
    renamed = ask(with_name=True)
    assert finding(renamed, "renamed").values == {"name": "orders_daily", "present": "orders"}
    assert "name_stays" not in codes(renamed)


def test_a_name_that_another_workflow_has_is_refused(history, ask, run_publish, make_definition, other):
    run_publish(make_definition("echo three", name="orders"))
    other("another", name="ORDERS_DAILY ")
    assert "name_taken" not in codes(ask())
    found = finding(ask(with_name=True), "name_taken")
    assert found.weight == Weight.REFUSED
    assert "orders_daily" in found.text


def test_a_damaged_version_is_refused_and_the_rest_is_told(history, ask):
    kept = WorkflowState.objects.get().published
    ids = set(DefinitionBlob.objects.values_list("pk", flat=True))
    DefinitionBlob.objects.exclude(pk__in=_pieces(kept)).update(data=b"spoilt")
    found = ask()
    assert ids and codes(found, Weight.REFUSED) == ["damaged"]
    assert found.fires is not None and found.running == []


def _pieces(snapshot):
    return {*piece_ids(snapshot.content_hash), snapshot.layout_id, snapshot.schedule_id}


def test_every_finding_has_its_chinese_and_survives_values_that_are_missing():
    with translation.override("zh-hans"):
        for code in WORDS:
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words(code, {})), code
    assert words("of_newer_code", {}) == "of_newer_code"
