"""Drift's pages: shown to who may see, escaped, bounded in queries; each act leads back; GET writes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from catalog.models import Project, Workflow
from catalog.permissions import MANAGE_POLICY, PUT_BACK, TRIAGE_DRIFT, VIEW
from drift.choices import RunState
from drift.models import DriftItem, IgnoreRule, InspectionRun
from drift.rules.ignore import Field, ignore
from rollback.models import RollbackRequest
from snapshotter.models import Sync
from snapshotter.work import run_due
from tests.conftest import _person as person
from tests.drift.conftest import bare_orders, go, hands, look_at, orders
from tests.drift.items import again, make_item, make_orders
from tests.pages.conftest import MARKUP

__all__ = ["bare_orders", "go", "hands", "look_at", "orders"]

RIGHTS = (TRIAGE_DRIFT, PUT_BACK, MANAGE_POLICY)


@pytest.fixture
def oncall(project):
    return person("oncall", project, VIEW, *RIGHTS)


@pytest.fixture(autouse=True)
def _inspected(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "INSPECT_EVERY": 300.0}


@pytest.fixture
def item(bare_orders):
    return make_item(bare_orders, actor_name=MARKUP)


@pytest.fixture
def post(client):
    def send(address, user, **data):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.post(address, data)

    return send


def test_the_list_the_worst_first(browse, item, project, viewer, outsider):
    make_item(make_orders(project, "stock", 7002), live_state="missing", severity="high", kinds=["deleted"])
    before = AuditEntry.objects.count()
    said = browse("/drift/", viewer).content.decode()
    assert said.index("stock") < said.index(">orders<") and "deleted in DolphinScheduler" in said
    assert MARKUP not in said and "&lt;img" in said
    assert "stock" not in browse("/drift/?severity=medium", viewer).content.decode()
    assert "No drift fits" in browse("/drift/?state=closed&q=nothing", viewer).content.decode()
    assert "stock" in browse("/drift/?severity=made-up&state=made-up&project=x", viewer).content.decode()
    assert ">orders<" not in browse("/drift/", outsider).content.decode()
    assert AuditEntry.objects.count() == before


def test_how_fresh_it_is_stands_on_the_list(browse, item, instance, viewer):
    def shown():
        return browse("/drift/", viewer).content.decode()

    assert "not inspected yet" in shown()
    now = timezone.now()
    run = InspectionRun.objects.create(instance=instance, kind="scheduled", state=RunState.DONE, finished_at=now)
    assert "in time" in shown() and '<li class="medium"' in shown()
    DriftItem.objects.update(open_key=None, state="resolved", closed_at=now - timedelta(days=40))
    InspectionRun.objects.filter(pk=run.pk).update(finished_at=now - timedelta(days=1))
    assert "late by" in shown() and '<li class="ok"' in shown()
    InspectionRun.objects.filter(pk=run.pk).update(
        started_at=now - timedelta(days=1), error_code="not_listed", error_text="payroll: away"
    )
    assert (
        "does not answer for one of its projects" in shown() and "payroll" not in shown()
    )  # which may be none of theirs


def test_what_differs_and_the_ways_out(browse, hands, look_at, viewer, oncall, outsider):
    hands.edit("echo theirs")
    item = look_at().item
    page = f"/drift/{item.pk}/"
    seen = browse(page, viewer).content.decode()
    assert "script changed" in seen or "SQL changed" in seen or "Task" in seen
    assert "You may not put the published version back" in seen and "You may not triage drift" in seen
    may = browse(page, oncall).content.decode()
    assert "workflows/orders/rollback/?version=published&amp;act=put_back" in may
    assert "You may not publish in this project." in may  # adopting is publishing
    assert browse(page, outsider).status_code == 404
    assert browse("/drift/999999/", viewer).status_code == 404


def test_the_acts(post, item, oncall, viewer, bare_orders):
    page = f"/drift/{item.pk}/"
    for act, data, state in (
        ("acknowledge", {}, "acknowledged"),
        ("assign", {"mine": "1"}, "acknowledged"),
        ("mute", {"hours": "2160", "reason": "known"}, "muted"),
        ("unmute", {}, "open"),
    ):
        assert post(f"{page}{act}/", viewer, **data).status_code == 403
        said = post(f"{page}{act}/", oncall, **data)
        assert (said.status_code, said["Location"]) == (302, page), said.content.decode()[-500:]
        assert again(item).state == state
    assert again(item).assignee == oncall
    assert post(f"{page}assign/", oncall, to="nobody").status_code == 400
    assert post(f"{page}assign/", oncall, to="").status_code == 302
    assert again(item).assignee is None
    bare = {"path": "tasks.*.taskParams.rawScript", "scope": "project", "reason": "tuned there", "until": "2999-01-01"}
    assert post(f"{page}ignore/", oncall, **bare)["Location"] == page
    assert again(item).state == "ignored"
    rule = IgnoreRule.objects.get()
    assert post(f"/ignored-fields/{rule.pk}/end/", viewer).status_code == 403
    assert post(f"/ignored-fields/{rule.pk}/end/", oncall).status_code == 302
    assert IgnoreRule.objects.in_force().count() == 0


def test_ignored_fields_are_listed(browse, item, project, bare_orders, viewer, oncall):
    IgnoreRule.objects.create(project=project, workflow=bare_orders, path="name", reason=MARKUP, created_by_name="x")
    said = browse("/ignored-fields/", viewer).content.decode()
    assert MARKUP not in said and 'disabled title="You may not end it."' in said
    assert "disabled" not in browse("/ignored-fields/", oncall).content.decode().partition("<tbody>")[2]


def test_adopting_leads_to_its_sync(post, hands, look_at, publisher):
    hands.edit("echo theirs")
    item = look_at().item
    said = post(f"/drift/{item.pk}/adopt/", publisher, reason="agreed", seen=item.found)
    assert said["Location"] == f"/syncs/{Sync.objects.latest('pk').pk}/"
    run_due()
    assert again(item).state == "adopted"


def test_putting_back_goes_by_the_rollback_page(client, browse, post, hands, look_at, oncall, publisher):
    hands.edit("echo theirs")
    item = look_at().item
    page = "/workflows/orders/rollback/?version=published&act=put_back"
    shown = browse(page, oncall).content.decode()
    assert "Put wf back to v2" in shown or "back to v2" in shown
    assert "Afterwards the workflow is" not in shown and 'name="acknowledged" value="schedule_on"' in shown
    data = {"reason": "not agreed", "category": "edited", "acknowledged": "schedule_on"}
    confirm = post(page, oncall, **data, step="confirm")
    seen = confirm.context["found"].seen
    done = post(page, oncall, **data, step="do", seen=seen, typed=item.workflow.name)
    asked = RollbackRequest.objects.get()
    assert done["Location"] == f"/rollbacks/{asked.pk}/" and asked.act == "put_back"
    run_due()
    shown = browse(f"/rollbacks/{asked.pk}/", oncall).content.decode()
    assert "Live again as published:" in shown and "New version" not in shown
    assert again(item).state == "put_back"


def test_the_project_it_went_on_to_is_told_to_nobody_who_may_not_see_it(browse, item, instance, viewer, root):
    other = Project.objects.create(instance=instance, code=99, name="a secret place")
    Workflow.objects.filter(pk=item.workflow_id).update(project=other, name="its secret name")
    for path in ("/drift/", f"/drift/{item.pk}/"):
        assert "secret " not in browse(path, viewer).content.decode()
        assert "its secret name" in browse(path, root).content.decode()
    assert 'id="ways"' not in browse(f"/drift/{item.pk}/", root).content.decode()


def test_checking_now(post, browse, hands, orders, viewer):
    assert post("/workflows/orders/check/", viewer)["Location"] == "/workflows/orders/"
    assert "as it was published" in browse("/workflows/orders/", viewer).content.decode()
    hands.edit("echo theirs")
    said = post("/workflows/orders/check/", viewer)
    assert said["Location"] == f"/drift/{DriftItem.objects.get().pk}/"


def test_the_workflow_and_the_start_page_say_it(browse, item, viewer, instance):
    at_workflow = browse("/workflows/orders/", viewer).content.decode()
    assert f'href="/drift/{item.pk}/"' in at_workflow and "newer in DS" in at_workflow
    start = browse("/", viewer).content.decode()
    assert "Oldest open drift:" in start and "?state=newer" in start
    InspectionRun.objects.create(
        instance=instance, kind="scheduled", state=RunState.DONE, finished_at=timezone.now() - timedelta(days=1)
    )
    assert "is not inspected in time" in browse("/", viewer).content.decode()
    assert ">orders<" in browse("/workflows/?state=newer", viewer).content.decode()


def test_the_list_costs_few_queries(browse, item, project, viewer, django_assert_max_num_queries):
    for number in range(5):
        make_item(make_orders(project, f"more{number}", 7100 + number))
    browse("/drift/", viewer)
    with django_assert_max_num_queries(28):
        browse("/drift/", viewer)


def test_a_name_in_a_project_that_the_reader_may_not_see_is_not_told(item, browse, oncall, root, project):
    ignore(project, Field(path="settings.description", reason="a remark", workflow=item.workflow), actor=oncall)
    there = Project.objects.create(instance=project.instance, code=99, name="there")
    Workflow.objects.filter(pk=item.workflow_id).update(project=there, name="payroll-2027")
    for address in ("/", "/ignored-fields/"):
        assert ">payroll-2027</a>" not in browse(address, oncall).content.decode(), address
        assert ">payroll-2027</a>" in browse(address, root).content.decode(), address
