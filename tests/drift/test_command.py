"""`manage.py inspect`: exit status 0, 1 and 2, and one line a finding."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from drift.choices import ItemState, RunKind, RunState
from drift.inspection.claim import begin
from drift.models import DriftItem, InspectionRun


@pytest.fixture
def run(settings):
    """Return (exit status, lines written)."""
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "BULK_RATE": 0}

    def go(*arguments):
        out = io.StringIO()
        try:
            call_command("inspect", *arguments, stdout=out, stderr=io.StringIO())
        except SystemExit as exit:
            return exit.code, out.getvalue().splitlines()
        except CommandError as error:
            return error.returncode, out.getvalue().splitlines()
        return 0, out.getvalue().splitlines()

    return go


SCOPES = [[], ["--instance", "sandbox"], ["--project", "warehouse"], ["--workflow", "orders"], ["--full"]]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_nothing_and_something(run, hands, scope):
    assert run(*scope) == (0, [])
    hands.save(description="mine")
    status, lines = run(*scope)
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("medium newer    orders  content  settings=1  since 2")


def test_as_json(run, hands):
    hands.save(description="mine")
    status, (line,) = run("--format", "json")
    said = json.loads(line)
    assert (status, said["workflow"], said["kinds"], said["severity"]) == (1, "orders", ["content"], "medium")


def test_muted_is_not_named(run, hands):
    hands.save(description="mine")
    run()
    DriftItem.objects.update(state=ItemState.MUTED, muted_until=timezone.now() + timedelta(days=1))
    assert run() == (0, [])


def test_what_can_not_be_looked_at(run, hands, dolphin):
    for wrong in (["--instance", "none"], ["--project", "none"], ["--workflow", "none"]):
        assert run(*wrong)[0] == 2
    dolphin.fault("garbage", "GET", f"/{hands.code}")
    assert run("--workflow", "orders")[0] == 2
    dolphin.fault("status", status=503, times=50)
    assert run()[0] == 2 and run("--workflow", "orders")[0] == 2


def test_one_that_is_open_is_ended_first(run, instance, orders):
    open_one, _ = begin(instance, kind=RunKind.SCHEDULED)
    assert run("--full") == (0, [])
    first, second = InspectionRun.objects.order_by("pk")
    assert first == open_one and (first.state, first.is_full) == (RunState.DONE, False)
    assert (second.state, second.is_full, second.kind) == (RunState.DONE, True, RunKind.COMMAND)


def test_what_is_left_out_is_no_clean_bill(run, queued):
    assert run() == (0, [])
    queued()
    assert run()[0] == 2


def test_a_paused_instance_is_not_passed_by(run, orders, instance):
    type(instance).objects.filter(pk=instance.pk).update(paused_because="the token is refused")
    assert run()[0] == 2
