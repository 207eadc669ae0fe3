"""The page of a workflow that is gone: what happened, restore, rebind."""

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow
from snapshotter.choices import SyncState, Trigger
from snapshotter.lost import lost
from snapshotter.lost.restore import EXECUTE
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.readers import reading
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.pages.conftest import CANARY, MARKUP
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import delete


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def executor(publisher, project):
    assign_perm(EXECUTE, publisher, project)
    return publisher


@pytest.fixture
def gone(two_versions, raw, project, browse, executor, client):
    """`orders`, deleted in DolphinScheduler and found missing by a capture."""
    code = Workflow.objects.get().workflow_code
    raw.schedules(project.code, code)
    delete(raw, project.code, code)
    browse("/", executor)
    client.post("/workflows/orders/capture/")
    run_due()
    return Workflow.objects.get()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_happened_and_what_a_restore_does(
    gone, language, browse, viewer, executor, client, django_assert_max_num_queries
):
    client.cookies["django_language"] = language
    assert "/workflows/orders/restore/" in browse("/workflows/orders/", viewer).content.decode()
    text = browse("/workflows/orders/restore/", viewer).content.decode()
    assert "<select" not in text.split('id="content"')[1], "a viewer can't restore"
    browse("/healthz", executor)
    with django_assert_max_num_queries(25):
        text = client.get("/workflows/orders/restore/").content.decode()
    assert MARKUP not in text and CANARY not in text
    assert '<select name="version"' in text and "v2" in text
    assert ("恢复" in text) == (language == "zh-hans")
    assert Sync.objects.filter(kind="publish").count() == 2, "looking starts nothing"


def test_a_chosen_version_comes_back(gone, browse, executor, client, raw, project):
    published = gone.state.published
    number, label = (
        browse("/workflows/orders/restore/?version=99", executor).context["form"].fields["version"].choices[0]
    )
    assert number == published.version, "an address that names none that was live chooses the published one"
    assert " · published · " in label and label.endswith(f" · {published.message}")
    page = browse("/workflows/orders/restore/?version=1", executor)
    assert page.context["form"].fields["version"].choices[0][0] == 1
    form = {"version": 1, "online": "keep", "schedule": "keep", "reason": ""}
    assert client.post("/workflows/orders/restore/", form).status_code == 200
    said = client.post("/workflows/orders/restore/", {**form, "reason": "by mistake"})
    assert said.status_code == 302
    run_due()
    sync = Sync.objects.latest("pk")
    assert sync.state == SyncState.SUCCEEDED, sync.error_text
    assert said["Location"] == f"/syncs/{sync.pk}/"
    assert sync.snapshot.rollback_of == Snapshot.objects.get(version=1) and sync.snapshot.message == "by mistake"
    text = browse("/workflows/orders/restore/", executor).content.decode()
    assert "nothing to restore" in text and str(gone.workflow_code) in text


def test_one_made_by_hand_is_shown_and_bound(gone, browse, executor, client, raw, project):
    code = raw.create(project.code, raw.form(gone.name, {raw.task_codes(project.code, 1)[0]: "echo"}))
    page = browse("/workflows/orders/restore/", executor)
    text = page.content.decode()
    assert MARKUP not in text and str(code) in text
    form = {"workflow_code": code, "dolphin_version": 1}
    assert client.post("/workflows/orders/rebind/", form).status_code != 302
    assert client.post("/workflows/orders/rebind/", {**form, "reason": "it is ours"}).status_code == 302
    run_due()
    assert Workflow.objects.get().workflow_code == code


def test_who_names_it_and_who_may_know(gone, browse, executor, client, run_another):
    run_another(gone.workflow_code)
    text = browse("/workflows/orders/restore/", executor).content.decode()
    assert "the other" in text and "runs it" in text


@pytest.fixture
def run_another(raw, project, publisher):
    def run(code):
        (task,) = raw.task_codes(project.code, 1)
        definition = c1({task: ""}, name="the other")
        definition["definitions"]["tasks"][str(task)] |= {
            "taskType": "SUB_WORKFLOW",
            "taskParams": {"workflowDefinitionCode": code},
        }
        request = PublishRequest(
            workflow_key="other", definition=definition, origin=Origin(trigger=Trigger.API), project=project
        )
        publish(request, actor=publisher)
        Snapshot.objects.filter(workflow_id="other").update(status="published")
        WorkflowState.objects.filter(workflow__key="other").update(published=Snapshot.objects.get(workflow_id="other"))

    return run


def test_a_stranger_and_a_dolphinscheduler_that_is_away(gone, browse, outsider, executor, client, dolphin, monkeypatch):
    assert browse("/workflows/orders/restore/", outsider).status_code == 404
    assert client.post("/workflows/orders/rebind/", {"workflow_code": 1, "reason": "x"}).status_code == 404
    monkeypatch.setattr(dolphin.state, "tokens", {}, raising=False)
    gone.project.instance.__class__.objects.update(base_url="http://127.0.0.1:9/dolphinscheduler")
    text = browse("/workflows/orders/restore/", executor).content.decode()
    assert "be asked now" in text


def test_the_project_it_was_moved_to_is_named_to_who_may_see_it(
    two_versions, browse, executor, root, raw, dolphin, project
):
    secret_project = Project.objects.create(
        instance=project.instance, code=raw.create_project(), name="secret", mode=Mode.PUBLISH
    )
    dolphin.state.definitions[Workflow.objects.get().workflow_code][0]["projectCode"] = secret_project.code
    text = browse("/workflows/orders/restore/", executor).content.decode()
    assert "that you may not see has it now" in text and str(secret_project) not in text
    assert 'name="project"' not in text, "what can't be seen can't be bound to"
    assert f"the project {secret_project} has it now" in browse("/workflows/orders/restore/", root).content.decode()


def test_secrets_in_why_are_kept_nowhere(gone, browse, executor, client):
    browse("/workflows/orders/restore/", executor)
    form = {"version": 1, "online": "keep", "schedule": "keep", "reason": "PASSWORD=hunter2 was wrong"}
    assert client.post("/workflows/orders/restore/", form).status_code == 302
    entries = AuditEntry.objects.values_list("reason", "additional_data")
    assert "was wrong" in str(entries) and "hunter2" not in str(entries)


def test_few_look_at_once_and_what_was_found_is_kept_for_seconds(gone, browse, viewer, client, dolphin, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LIVE_CACHE": 600, "LIVE_READS": 1, "LIVE_WAIT": 0}
    lost._kept.clear()
    with reading(gone.project.instance_id):
        text = browse("/workflows/orders/restore/", viewer).content.decode()
    assert "Too many readers" in text
    client.get("/workflows/orders/restore/")
    calls = len(dolphin.log)
    assert "was deleted" in client.get("/workflows/orders/restore/").content.decode()
    assert len(dolphin.log) == calls, "the second look asks nobody"
    WorkflowState.objects.update(checked_at=timezone.now())
    client.get("/workflows/orders/restore/")
    assert len(dolphin.log) > calls, "what was looked at since makes it void"
    lost._kept.clear()
