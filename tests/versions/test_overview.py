"""The start page's figures and the list's filter: one truth for both, and only of what one may see."""

import pytest
from django.utils import timezone

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from snapshotter.choices import LiveState, Online, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import ContentQuarantine, Snapshot, WorkflowState
from snapshotter.publish import PublishRequest, publish
from snapshotter.work import run_due
from versions.overview import LATEST, QUARANTINED, STATES, choices, figures, halted, in_state, latest_versions

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def workflows(project, publisher, make_definition):
    """One in sync, one whose newest publish failed, one that a person must look at, and one of a project out of sight."""

    def go(key, script, **options):
        origin = Origin(trigger=Trigger.API, message="<b>why</b>")
        body = make_definition(script, name=key)
        publish(
            PublishRequest(workflow_key=key, definition=body, origin=origin, project=project, **options),
            actor=publisher,
        )
        run_due()

    go("good", "echo one")
    for code_of_another in ("bad", "stuck"):
        Workflow.objects.create(key=code_of_another, project=project, name=code_of_another)
    WorkflowState.objects.bulk_create(
        [
            WorkflowState(workflow=Workflow.objects.get(key="bad")),
            WorkflowState(workflow=Workflow.objects.get(key="stuck"), attention="look", live_state=LiveState.DRIFTED),
        ]
    )
    go("bad", "echo 😀", online=Online.ON)
    other = Project.objects.create(instance=project.instance, code=99, name="other", mode=Mode.RECORD)
    hidden = Workflow.objects.create(key="hidden", project=other, name="hidden")
    WorkflowState.objects.create(workflow=hidden, attention="look")


def counts(actor):
    return {figure.state or "all": figure.count for figure in figures(actor)}


def test_figures_and_filter_agree(workflows, viewer, django_assert_num_queries):
    found = counts(viewer)
    assert found == {"all": 3, "attention": 1, "drifted": 1, "failed": 1, "not_covered": 1, "in_sync": 1}
    for state in STATES:
        listed = in_state(Workflow.objects.visible_to(viewer), state)
        assert listed.count() == found.get(state, 0), state
    assert in_state(Workflow.objects.visible_to(viewer), "no such").count() == 3


def test_figures_cost_two_questions(workflows, root, django_assert_num_queries):
    with django_assert_num_queries(2):  # the second is what is in quarantine
        assert counts(root)["all"] == 4


def test_latest_versions_are_newest_first_and_visible(workflows, viewer, outsider):
    assert [str(snapshot) for snapshot in latest_versions(viewer)] == ["bad v1", "good v1"]
    assert list(latest_versions(outsider)) == []


def test_the_pages(workflows, viewer, outsider, client):
    client.force_login(viewer, backend=BACKEND)
    page = client.get("/").content.decode()
    assert 'href="/workflows/?state=failed"' in page and "<b>why</b>" not in page
    listed = client.get("/workflows/?state=failed").content.decode()
    assert 'href="/workflows/bad/"' in listed and 'href="/workflows/good/"' not in listed
    assert "No workflow fits" in client.get("/workflows/?state=missing").content.decode()
    client.force_login(outsider, backend=BACKEND)
    page = client.get("/").content.decode()
    assert "good" not in page and "nothing that you may see" in page


def test_the_newest_of_quiet_projects_are_found_under_a_million_of_others(workflows, project, viewer):
    """A bound that is too high would lose some."""
    first = Snapshot.objects.get(workflow="good")
    fields = {field.attname: getattr(first, field.attname) for field in Snapshot._meta.concrete_fields}
    other = Project.objects.get(name="other")
    for number in range(12):
        row = Workflow.objects.create(key=f"quiet{number}", name=f"quiet{number}", project=project)
        Snapshot.objects.create(**{**fields, "id": None, "workflow_id": row.key, "version": 1})
        WorkflowState.objects.create(workflow=row, published=Snapshot.objects.latest("id"))
        Snapshot.objects.create(
            **{**fields, "id": None, "workflow_id": "good", "version": 2 + number, "status": "failed"}
        )
    hidden = {**fields, "id": None, "workflow_id": "hidden", "project_id": other.pk}
    Snapshot.objects.bulk_create([Snapshot(**{**hidden, "version": number}) for number in range(1, 30)])
    mine = Snapshot.objects.filter(project=project).order_by("-id")[:LATEST]
    assert list(latest_versions(viewer)) == list(mine)


def test_few_published_ones_hide_nothing(workflows, project, viewer):
    WorkflowState.objects.update(published=None)
    assert len(latest_versions(viewer)) == 2


def test_an_instance_that_is_not_called_is_named_to_those_it_concerns(
    workflows, project, viewer, outsider, root, client
):
    assert list(halted(viewer)) == []
    Instance.objects.update(paused_because="The token is refused. Make a new one in DolphinScheduler and enter it.")
    assert [list(halted(actor)) for actor in (viewer, root, outsider)] == [[project.instance], [project.instance], []]
    client.force_login(viewer, backend=BACKEND)
    page = client.get("/").content.decode()
    assert "sandbox is not called" in page and "The token is refused" in page and "To the instance" not in page
    Instance.objects.update(paused_because="", enabled=False)
    assert "It is switched off" in client.get("/").content.decode()


def test_every_state_can_be_chosen():
    assert {state for state, _name in choices()} == {*STATES, QUARANTINED}


def test_a_published_version_in_quarantine_is_counted_and_found(workflows, viewer, client):
    state = WorkflowState.objects.filter(published__isnull=False).select_related("published__project").first()
    ContentQuarantine.objects.create(
        project=state.published.project, content_hash=state.published.content_hash, reason="bad", created_by_name="x"
    )
    same = WorkflowState.objects.filter(published__content_hash=state.published.content_hash)
    shown = {figure.state: figure.count for figure in figures(viewer)}
    assert shown["quarantined"] == same.count()
    assert set(in_state(Workflow.objects.all(), "quarantined")) == {row.workflow for row in same}
    client.force_login(viewer, backend=BACKEND)
    assert "⊘ quarantined version live" in client.get("/workflows/?state=quarantined").content.decode()
    ContentQuarantine.objects.update(ended_at=timezone.now())
    assert "quarantined" not in {figure.state for figure in figures(viewer)}


def test_what_a_publish_kept_is_not_among_the_latest(workflows, viewer):
    newest = latest_versions(viewer)[0]
    Snapshot.objects.filter(pk=newest.pk).update(trigger=Trigger.BEFORE_PUBLISH)
    assert newest not in latest_versions(viewer)
