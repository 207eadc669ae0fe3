"""A little history by the product's own verbs: publishes of every end, captures, rollbacks of every kind, drift, missed fires.

What the verbs date is now; `moved` puts rows where a test wants them. The trail can't be moved, so the period holds today.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.models import Project
from drift.choices import ItemState, Severity
from drift.models import DriftItem
from operations.reports.period import Period, parse, today
from rollback.approve import approve
from rollback.cancel import cancel as cancel_request
from rollback.choices import Category
from rollback.execute import break_glass, execute
from snapshotter.cancel import cancel
from snapshotter.capture import capture
from snapshotter.choices import FireState, LiveState, Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.models import MissedFire, Snapshot, Sync
from snapshotter.work import run_due
from tests.operations.conftest import do, make, no_waiting, raw  # noqa: F401  fixtures
from tests.rollback.conftest import *  # noqa: F403  a workflow with a history, and its people
from tests.snapshotter.conftest import request_publish, run_publish  # noqa: F401  fixtures


@pytest.fixture
def period() -> Period:
    """Five days, today in the middle."""
    return parse(f"{today() - timedelta(2)}..{today() + timedelta(2)}")


@pytest.fixture
def publishes(history: Any, run_publish: Any, request_publish: Any, make_definition: Any, publisher: User) -> None:  # noqa: F811
    """`orders` has three that succeeded, one of them live; here one that failed, one cancelled, a duplicate, and one by another person."""
    named = Origin(trigger=Trigger.API, message="why", published_by="=cmd|' /C calc'!A0")
    run_publish(make_definition("echo four", name="orders daily"), origin=named)
    request_publish(make_definition("echo four", name="orders daily"))
    assert run_publish(make_definition("echo 😀", name="orders daily")).state == "failed"
    queued = request_publish(make_definition("echo x", name="users"), key="users")
    cancel(queued.sync, actor=publisher)


@pytest.fixture
def captures(history: Any, raw: Any, publisher: User) -> None:  # noqa: F811
    """A version by capture, and a capture that failed."""
    raw.edit(history.workflow.project.code, history.code, "echo theirs")
    for fault in (False, True):
        sync = capture(history.again(), origin=Origin(trigger=Trigger.CAPTURE), actor=publisher)
        if fault:
            raw.release(history.workflow.project.code, history.code, "OFFLINE")
            raw.call("DELETE", f"/projects/{history.workflow.project.code}/process-definition/{history.code}")
        run_due()
        sync.refresh_from_db()
        assert sync.state == ("failed" if fault else "succeeded"), sync.error_text


@pytest.fixture
def backs(history: Any, ask: Any, rules: Any, publisher: User, oncall: User, approver: User, breaker: User) -> None:
    """Done without approval, done with one, by breaking the glass, a drill, failed, cancelled, and one that waits."""

    def done(request: Any) -> None:
        execute(request, actor=oncall)
        run_due()

    done(ask(1, category=Category.BAD_PUBLISH))
    rules(approvals_needed=1)
    request = ask(2, category=Category.WRONG_DATA)
    approve(request, actor=approver)
    done(request)
    request = ask(1, category=Category.BAD_PUBLISH)
    break_glass(request, actor=breaker, reason="now")
    run_due()
    rules(approvals_needed=0)
    done(ask(2, category=Category.DRILL))
    failing = execute(ask(1, category=Category.BAD_PUBLISH), actor=oncall)
    cancel(failing, actor=publisher)
    cancel_request(ask(1, category=Category.OTHER), actor=oncall, reason="no more")
    ask(1, category=Category.TOO_SLOW)


@pytest.fixture
def drifted(history: Any, period: Period) -> Callable[..., DriftItem]:
    """Make an item that was first seen and closed so many hours after the period's first moment; None: not closed."""

    def make_item(state: ItemState, seen: float, closed: float | None = None) -> DriftItem:
        at = period.since + timedelta(hours=seen)
        return DriftItem.objects.create(
            workflow=history.workflow,
            project=history.workflow.project,
            state=state,
            live_state=LiveState.DRIFTED,
            severity=Severity.MEDIUM,
            published=history.version(1),
            found="x",
            first_seen_at=at,
            changed_at=at,
            last_seen_at=at,
            closed_at=None if closed is None else period.since + timedelta(hours=closed),
        )

    return make_item


@pytest.fixture
def missed(history: Any) -> Callable[..., MissedFire]:
    def make_fire(state: FireState, due_at: datetime) -> MissedFire:
        sync = Sync.objects.filter(workflow=history.workflow).latest("pk")
        return MissedFire.objects.create(workflow=history.workflow, sync=sync, due_at=due_at, state=state)

    return make_fire


@pytest.fixture
def elsewhere(project: Project, history: Any) -> Project:
    """A project that nobody but a superuser sees, with versions of its own: copies of the history's."""
    hidden = Project.objects.create(instance=project.instance, code=project.code + 1, name="secret plans")
    for row in Snapshot.objects.filter(workflow=history.workflow)[:2]:
        row.pk, row.version, row.project = None, row.version + 500, hidden
        row.save(force_insert=True)
    return hidden


def moved(row: Any, **moments: datetime) -> None:
    """Date a row anew."""
    type(row).objects.filter(pk=row.pk).update(**moments)
