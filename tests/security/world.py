"""One project with a thing of every kind, for the table of verbs, and what a line of that table says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from catalog.service_accounts import issue_token
from operations.choices import RunKind
from operations.models import OperationRun
from operations.start import start
from snapshotter.choices import FireState, Trigger
from snapshotter.drafts.draft import draft
from snapshotter.gates.freeze import freeze
from snapshotter.gates.quarantine import quarantine
from snapshotter.import_snapshot import import_snapshot
from snapshotter.make_snapshot import Origin
from snapshotter.models import (
    ContentQuarantine,
    FreezeWindow,
    MissedFire,
    Snapshot,
    Sync,
    WebhookEndpoint,
    WorkflowState,
)
from snapshotter.publish import PublishRequest, publish
from snapshotter.webhooks.add import add_webhook
from tests.definitions.documents import c1

WHY = Origin(trigger=Trigger.API, message="why")
ONCE = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-02T00:00:00Z", "reason": "sale"}


class World:
    """One project with a thing of every kind, and another one. Things are fetched anew each time: verbs change what they are given."""

    def __init__(self) -> None:
        # Disabled, so that a verb that was let through ends before it calls anybody.
        closed = {
            "base_url": "http://127.0.0.1:9/ds",
            "token_encrypted": encrypt("t"),
            "flavour": "3.1",
            "enabled": False,
        }
        self.instance = Instance.objects.create(name="matrix", **closed)
        self.project = Project.objects.create(instance=self.instance, code=71, name="mine", mode=Mode.PUBLISH)
        self.other = Project.objects.create(instance=self.instance, code=72, name="other", mode=Mode.PUBLISH)
        self.body = c1({901: "echo a", 902: "echo b"}, name="orders")
        version, _new = import_snapshot(
            self.body, project=self.project, workflow_key="orders", origin=WHY, actor=SYSTEM
        )
        Workflow.objects.update(workflow_code=7001)
        WorkflowState.objects.update(published=version)
        Snapshot.objects.filter(pk=version.pk).update(live_from=timezone.now())  # so that it may be restored at once
        accepted = publish(self.request("orders", c1({901: "echo c"}, name="orders")), actor=SYSTEM)
        drafted = draft(self.request("drafted", c1({903: "echo d"}, name="drafted")), actor=SYSTEM)
        self.version, self.drafted = version.pk, drafted.snapshot.pk  # type: ignore[union-attr]
        self.sync_id = accepted.sync.pk  # type: ignore[union-attr]
        self.window = freeze(self.new_window(project=self.project), actor=SYSTEM).pk
        self.held_content = quarantine(self.snapshot(), reason="bad", actor=SYSTEM).pk
        self.hook = add_webhook(self.project, url="http://hook.test/x", actor=SYSTEM)[0].pk
        self.run = start(RunKind.INVENTORY, instance=self.instance, project=self.project, actor=SYSTEM)[0].pk
        issue_token("robot", project=self.project, role="view", days=3, actor=SYSTEM)
        due = {"due_at": timezone.now(), "state": FireState.MISSED, "dolphin_time": "2026-03-01 03:00:00"}
        self.fire_id = MissedFire.objects.create(workflow=self.workflow(), sync=self.sync(), **due).pk

    def request(self, key: str, body: dict[str, Any], **more: Any) -> PublishRequest:
        return PublishRequest(workflow_key=key, definition=body, origin=WHY, project=self.project, **more)

    def new_window(self, **scope: Any) -> FreezeWindow:
        start_at = datetime(2099, 1, 1, tzinfo=UTC)
        return FreezeWindow(reason="sale", starts_at=start_at, ends_at=start_at + timedelta(days=1), **scope)

    def workflow(self) -> Workflow:
        return Workflow.objects.select_related("project__instance").get(key="orders")

    def snapshot(self) -> Snapshot:
        return self._snapshots().get(pk=self.version)

    def draft(self) -> Snapshot:
        return self._snapshots().get(pk=self.drafted)

    def _snapshots(self) -> Any:
        return Snapshot.objects.select_related("project__instance", "workflow__project__instance")

    def sync(self) -> Sync:
        return Sync.objects.select_related("workflow__project__instance", "snapshot").get(pk=self.sync_id)

    def fire(self) -> MissedFire:
        return MissedFire.objects.select_related("workflow__project__instance", "sync").get(pk=self.fire_id)

    def webhook(self) -> WebhookEndpoint:
        return WebhookEndpoint.objects.select_related("project__instance").get(pk=self.hook)

    def operation(self) -> OperationRun:
        return OperationRun.objects.select_related("project__instance", "instance").get(pk=self.run)

    def freeze_window(self) -> FreezeWindow:
        return FreezeWindow.objects.select_related("project__instance").get(pk=self.window)

    def quarantined(self) -> ContentQuarantine:
        return ContentQuarantine.objects.select_related("project__instance", "workflow").get(pk=self.held_content)


@dataclass(frozen=True)
class Verb:
    """`needs` are rights on the project, () a superuser; `api` and `page` give (path, body) of a POST. `beyond` is how a verb ends that was
    let through and given less than a worker would give it; `hides` what its page answers to who may not see the project."""

    name: str
    needs: tuple[str, ...]
    event: str
    call: Callable[[World, User], Any] | None
    api: Callable[[World], tuple[str, Any]] | None = None
    page: Callable[[World], tuple[str, Any]] | None = None
    beyond: type[Exception] | None = None
    hides: int = 404

    def __str__(self) -> str:
        return self.name
