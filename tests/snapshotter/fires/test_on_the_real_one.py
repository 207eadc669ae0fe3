"""Fires of a real DolphinScheduler while a workflow is published again and again: each lost one is named, and none that ran.

What was lost is judged by DolphinScheduler's own runs, read by raw calls.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest

from catalog.choices import Mode
from catalog.models import Instance, Project
from catalog.secrets_at_rest import encrypt
from definitions.cron import STAMP
from snapshotter.choices import FireState, Online, ScheduleChoice, SyncState
from snapshotter.fires.start import start_fire
from snapshotter.models import MissedFire, Sync
from snapshotter.work import run_due
from tests.definitions.documents import SCHEDULE, c1

pytestmark = [
    pytest.mark.dolphin_mysql,
    pytest.mark.django_db,
    pytest.mark.xdist_group("fires"),
    pytest.mark.usefixtures("fire_guard"),
]

MINUTE = 60.0
ALL_LOOKED_AT = 60.0  # seconds after the last publish within which every unsure fire is settled


@pytest.fixture
def instance(dolphin_311_mysql):
    raw = dolphin_311_mysql
    return Instance.objects.create(name="real", base_url=raw.url, token_encrypted=encrypt(raw.token), flavour="3.1")


@pytest.fixture
def project(instance, dolphin_311_mysql):
    code = dolphin_311_mysql.create_project()
    return Project.objects.create(instance=instance, code=code, name=f"fires {code}", mode=Mode.PUBLISH)


@pytest.fixture
def make_definition(dolphin_311_mysql, project):
    (code,) = dolphin_311_mysql.task_codes(project.code, 1)

    def make(script, **more):
        body = c1({code: script}, **more)
        body["definitions"]["settings"] = {"tenantCode": dolphin_311_mysql.tenant}
        return body

    return make


@pytest.fixture
def first(run_publish, make_definition):
    def publish(crontab):
        schedule = {**SCHEDULE, "crontab": crontab, "releaseState": "ONLINE"}
        sync = run_publish(
            make_definition("echo 0", schedule=schedule), schedule=ScheduleChoice.FROM_DEFINITION, online=Online.ON
        )
        assert sync.state == SyncState.SUCCEEDED, sync.error_text
        return sync

    return publish


def settle(raw, project, code, ended):
    """Work until no fire is unsure and a run of a later fire has appeared: then those before have, too."""
    deadline = time.monotonic() + ALL_LOOKED_AT
    while MissedFire.objects.exclude(look_at=None).exists() or max(runs(raw, project, code), default="") <= ended:
        assert time.monotonic() < deadline, list(MissedFire.objects.values())
        run_due()
        time.sleep(0.5)


def runs(raw, project, code):
    return {row["scheduleTime"] for row in _all_runs(raw, project, code) if row["commandType"] == "SCHEDULER"}


def _all_runs(raw, project, code):
    path, rows, number = f"/projects/{project}/process-instances", [], 1
    while True:
        page = raw.data("GET", path, processDefineCode=code, pageNo=number, pageSize=100)
        rows += page["totalList"]
        if number >= page["totalPage"]:
            return rows
        number += 1


def every(seconds, first, last):
    """Return the fires of a schedule that fires every so many seconds, between two moments, as DolphinScheduler writes them."""
    begin = int(first.timestamp() // seconds + 1) * seconds
    return [datetime.fromtimestamp(at, UTC).strftime(STAMP) for at in range(begin, int(last.timestamp()), seconds)]


def publish_for(seconds, run_publish, make_definition):
    """Publish again and again, with pauses in which a fire may come through; return how often."""
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        count += 1
        sync = run_publish(make_definition(f"echo {time.time_ns()}"))
        while sync.state == SyncState.WAITING:
            time.sleep(0.5)
            run_due()
            sync.refresh_from_db()
        assert sync.state == SyncState.SUCCEEDED, sync.error_text
        time.sleep((count % 4) / 5)
    return count


@pytest.mark.parametrize(
    ("seconds", "apart"),
    [
        (MINUTE, 20),
        pytest.param(3 * MINUTE, 20, marks=pytest.mark.soak),
        pytest.param(3 * MINUTE, 5, marks=pytest.mark.soak),
    ],
)
def test_every_lost_fire_is_named(first, run_publish, make_definition, project, dolphin_311_mysql, seconds, apart):
    raw, code = dolphin_311_mysql, first(f"0/{apart} * * * * ? *").workflow.workflow_code
    began = datetime.now(UTC)
    count = publish_for(seconds, run_publish, make_definition)
    ended = datetime.now(UTC)
    settle(raw, project.code, code, ended.strftime(STAMP))
    ran = runs(raw, project.code, code)
    lost = {fire for fire in every(apart, began, ended) if fire not in ran}
    missed = MissedFire.objects.filter(state=FireState.MISSED).values_list("dolphin_time", flat=True)
    # A schedule that went online less than FIRE_LAG before a publish may be thought to have missed a fire from before.
    named = {fire for fire in missed if fire > began.strftime(STAMP)}
    print(f"{count} publishes, {len(ran)} runs, lost {sorted(lost)}, named {sorted(named)}")  # noqa: T201  shown with -s
    assert not MissedFire.objects.filter(state=FireState.UNSURE).exists()
    assert named == lost
    assert count > seconds / 10


@pytest.mark.parametrize("waits", [1, pytest.param(3, marks=pytest.mark.soak)])
def test_a_schedule_with_gaps_loses_none(first, run_publish, make_definition, project, dolphin_311_mysql, waits):
    """It fires every two minutes: publishes that come within the minute before wait for it, the others go ahead."""
    raw = dolphin_311_mysql
    code = first("0 0/2 * * * ? *").workflow.workflow_code
    began = datetime.now(UTC)
    while sum("fire" in sync.result.get("fire_guard", {}) for sync in Sync.objects.all()) < waits:
        publish_for(0.01, run_publish, make_definition)
    publish_for(5.0, run_publish, make_definition)
    last = next_fire(120) - timedelta(seconds=120)
    wait_for_a_run(raw, project, code, last.strftime(STAMP))
    ran = runs(raw, project.code, code)
    fires = every(120, began, last + timedelta(seconds=1))
    assert len(fires) >= waits
    assert [fire for fire in fires if fire not in ran] == []
    assert not MissedFire.objects.named().exists()


def wait_for_a_run(raw, project, code, schedule_time):
    deadline = time.monotonic() + 150
    while schedule_time not in runs(raw, project.code, code):
        assert time.monotonic() < deadline
        time.sleep(1)


def next_fire(seconds):
    return datetime.fromtimestamp((time.time() // seconds + 1) * seconds, UTC)


def test_a_missed_fire_is_started_for_its_own_time(
    first, run_publish, make_definition, project, dolphin_311_mysql, publisher
):
    """DolphinScheduler makes the run as a back-fill; the row stands a moment before its schedule time does."""
    raw, code = dolphin_311_mysql, first("0 0 3 * * ? *").workflow.workflow_code
    sync = Sync.objects.get()
    due = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0)
    fire = MissedFire.objects.create(
        workflow=sync.workflow, sync=sync, due_at=due, state=FireState.MISSED, dolphin_time=due.strftime(STAMP)
    )
    start_fire(fire, actor=publisher)
    deadline = time.monotonic() + 60
    while not any(row["scheduleTime"] for row in _all_runs(raw, project.code, code)):
        assert time.monotonic() < deadline
        time.sleep(1)
    found = _all_runs(raw, project.code, code)
    assert [(row["commandType"], row["scheduleTime"]) for row in found] == [("COMPLEMENT_DATA", fire.dolphin_time)]
