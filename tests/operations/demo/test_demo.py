"""The demo: settings of its own that nobody else reads, a story told on the sandbox, and people to sign in as."""

import socket
import stat

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from catalog.models import Instance, Project, Workflow
from dolphin.sandbox import Sandbox
from dolphin.sandbox.examples import WORKFLOWS
from drift.models import DriftItem
from operations.demo.demo import PEOPLE, prepare
from operations.demo.env import write
from rollback.many.criteria import criteria_of
from rollback.many.order import children_first
from rollback.many.preview import preview
from rollback.models import RollbackRequest
from snapshotter.models import Snapshot

EXAMPLES = [row["name"] for row in WORKFLOWS]


def test_settings_are_secret_own_and_kept(tmp_path):
    first = write(tmp_path / "one")
    text = first.read_text()
    names = [line.partition("=")[0] for line in text.splitlines()]
    assert {"SECRET_KEY", "SNAPSHOTTER_ENCRYPTION_KEYS", "DATABASE_URL", "SNAPSHOTTER_WORKER"} <= set(names)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert write(tmp_path / "one").read_text() == text
    assert not set(text.splitlines()[:2]) & set(write(tmp_path / "two").read_text().splitlines())


@pytest.fixture
def told(db, tmp_path):
    said = []
    with Sandbox(examples=True, state_file=tmp_path / "sandbox.json") as sandbox:
        yield prepare(tmp_path, sandbox, said.append), said, sandbox, tmp_path


def test_the_story(told):
    _, said, sandbox, _ = told
    assert Project.objects.get(name="warehouse").code == sandbox.project
    assert Snapshot.objects.filter(trigger="baseline", workflow__name__in=EXAMPLES).count() == len(EXAMPLES)
    story = Snapshot.objects.filter(workflow__name__startswith="orders_daily").order_by("version")
    assert [snapshot.status for snapshot in story] == ["published"] * 4 + ["failed"]
    assert story[4].live_effect == "restored"
    assert len(said) == 10
    the_night_on_call(sandbox)
    found = {(row.workflow.name, row.live_state) for row in DriftItem.objects.standing().select_related("workflow")}
    edited = {("refund_report", "newer"), ("dim_users 用户维表", "newer")}
    assert found == edited | {("coupon_daily", "missing"), ("fx_rates", "missing")}
    assert not DriftItem.objects.filter(severity="high", workflow__name__startswith="dim_users"), "its schedule is on"


def the_night_on_call(sandbox):
    """What is left for a visitor: something to approve, to review, to restore, and to bring back together."""
    asked = {(row.workflow.name, row.state) for row in RollbackRequest.objects.select_related("workflow")}
    assert ("dim_users 用户维表", "done") in asked and ("invoices_daily", "pending") in asked
    assert ("payments_import", "rejected") in asked
    glass = RollbackRequest.objects.to_review().get()
    assert (glass.workflow.name, glass.state) == ("ledger_close", "done")
    gone = Workflow.objects.exclude(deleted_in_dolphin_at=None)
    assert {row.name for row in gone} == {"coupon_daily", "fx_rates"}
    assert not {row.workflow_code for row in gone} & sandbox.state.definitions.keys()
    user = User.objects.get(username="chen.jie")
    rows = preview(criteria_of(publisher="sun.hao"), actor=user).offered
    assert {row.workflow.name for row in rows} == {"settle_shops", "settle_daily", "settle_report"}
    order = children_first([row.workflow.pk for row in rows], {row.workflow.pk: row.uses for row in rows})
    names = dict(Workflow.objects.values_list("pk", "name"))
    assert [names[pk] for pk in order.sequence] == ["settle_shops", "settle_daily", "settle_report"]


def test_its_people_can_sign_in_and_its_project_is_named(told, client):
    shown = told[0]
    request = RequestFactory().post("/")
    for name in PEOPLE:
        user = authenticate(request, username=name, password=shown.people[name])
        assert user is not None and user.is_staff, name
    answer = client.get("/api/v1/workflows", headers={"Authorization": f"Bearer {shown.token}"})
    assert {row["project"] for row in answer.json()["results"]} == {shown.project}, "not of finance"


def test_the_next_start_finds_the_same_people_and_the_new_sandbox(told):
    shown, _, first, folder = told
    assert stat.S_IMODE((folder / "people.json").stat().st_mode) == 0o600
    first.state.save(folder / "sandbox.json")
    versions = Snapshot.objects.count()
    with Sandbox(examples=True, state_file=folder / "sandbox.json") as another:
        assert prepare(folder, another, print) == shown
        assert Instance.objects.get().base_url == another.url
    assert Snapshot.objects.count() == versions


def test_a_taken_port_is_said_before_anything_is_done(db, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"PORT={port + 1}"):
            call_command("demo", port=port, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
