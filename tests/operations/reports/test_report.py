"""Every number of a report, counted again from the raw rows by plain loops; and where a period begins and ends."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.errors import NotFound
from catalog.models import Workflow
from drift.choices import ItemState
from drift.models import DriftItem
from operations.choices import RunKind
from operations.models import InventoryRow
from operations.reports import words
from operations.reports.count_versions import TOP
from operations.reports.coverage import uncovered
from operations.reports.period import parse, zone
from operations.reports.report import report
from operations.reports.scope import scope_of
from rollback.models import RollbackRequest
from snapshotter.choices import FireState
from snapshotter.models import MissedFire, Snapshot
from tests.operations.reports.conftest import moved

EVERYTHING = scope_of(SYSTEM)
MICROSECOND = timedelta(microseconds=1)


def counted(period, scope=EVERYTHING):
    return report(period, scope, reader=SYSTEM)


@pytest.fixture
def all_of_it(
    publishes,
    backs,
    captures,
    drifted,
    missed,
    make,
    do,
    raw,
    project,
    period,
    request_publish,
    run_publish,
    make_definition,
):
    """The whole history, some of it dated before the period and some after it."""
    for state, seen, closed in (
        (ItemState.ADOPTED, 1, 5),
        (ItemState.PUT_BACK, -30, 2),
        (ItemState.RESOLVED, 2, 3.5),
        (ItemState.IGNORED, 4, 44),
        (ItemState.RESOLVED, -50, -40),
        (ItemState.RESOLVED, 3, 24 * 5 + 1),
        (ItemState.OPEN, 6, None),
        (ItemState.OPEN, 24 * 5, None),
    ):
        drifted(state, seen, closed)
    for number, state in enumerate(FireState):
        missed(state, period.since + timedelta(hours=number))
    missed(FireState.MISSED, period.since - MICROSECOND)
    missed(FireState.STARTED, period.until)
    online, gone_online = make("uncovered"), make("captured later")
    for code in (online, gone_online):
        raw.release(project.code, code, "ONLINE")
    make("asleep")
    temporary = make("users_copy_1")
    raw.release(project.code, temporary, "ONLINE")
    do(RunKind.INVENTORY)
    run_publish(make_definition("echo x", name="clicks"), key="clicks")
    moved(run_publish(make_definition("echo z", name="clicks"), key="clicks").snapshot, status="unconfirmed")
    request_publish(make_definition("echo y", name="stock"), key="stock")
    published = list(Snapshot.objects.filter(workflow="orders", trigger="api", status="published"))
    moved(published[0], created_at=period.since - MICROSECOND)
    moved(published[1], created_at=period.since)
    moved(published[2], created_at=period.until - MICROSECOND)
    requests = list(RollbackRequest.objects.order_by("pk"))
    moved(requests[0], closed_at=requests[0].created_at + timedelta(hours=3), rule="harmless")
    moved(requests[1], created_at=requests[1].created_at - timedelta(hours=1))
    moved(requests[3].base, live_from=requests[3].base.live_from - timedelta(hours=9))


def test_every_number_from_the_raw_rows(all_of_it, period):
    found = counted(period)
    for now, numbers in ((period, found.numbers), (period.before, found.former)):
        expected = recounted(now)
        if now is period:
            expected |= recounted_now()
        assert set(numbers) == set(expected)
        for key, value in expected.items():
            assert numbers[key] == pytest.approx(value), key
    assert set(found.numbers) == set(words.WORDS)
    assert set(recounted_now()) == words.NOW


def test_the_history_has_something_of_everything(all_of_it, period):
    """A figure that is 0 here would be right by accident."""
    assert not {key for key, value in counted(period).numbers.items() if not value}


def test_projects_by_name_are_counted_as_all_of_them(all_of_it, elsewhere, root, period):
    """All are read by ids, some by an index over the project."""
    everybody, named = counted(period), scope_of(root, instance=elsewhere.instance_id)
    assert named.projects and counted(period, named).numbers == everybody.numbers
    assert counted(period, named).days == everybody.days


def test_tables_are_the_same_publishes_in_other_orders(all_of_it, period):
    found = counted(period)
    rows = [row for row in Snapshot.objects.all() if _in(row.created_at, period) and row.trigger in ("api", "admin")]
    ends = Counter((_day(row), _end(row)) for row in rows)
    assert {(day, end): n for day, each in found.days.items() for end, n in each.by_end.items()} == ends
    assert list(found.days) == list(found.days_done) == list(found.days_drift) == period.days
    back = [row.closed_at for row in RollbackRequest.objects.filter(state="done") if _in(row.closed_at, period)]
    assert +Counter(found.days_done) == Counter(moment.astimezone(zone()).date() for moment in back)
    seen = [row.first_seen_at for row in DriftItem.objects.all() if _in(row.first_seen_at, period)]
    assert +Counter(found.days_drift) == Counter(moment.astimezone(zone()).date() for moment in seen)
    by_project = Counter((row.project_id, _end(row)) for row in rows)
    assert {(p.pk, end): n for p, each, _ in found.projects for end, n in each.by_end.items()} == by_project
    who = Counter((row.published_by or row.created_by_name, _end(row)) for row in rows)
    assert {(name, end): n for name, each in found.publishers for end, n in each.by_end.items()} == who
    failed = Counter((row.error_step, row.error_code) for row in rows if _end(row) == "failed")
    assert {(step, code): n for step, code, n in found.failures} == failed
    asked = Counter(row.category for row in RollbackRequest.objects.all() if _in(row.created_at, period))
    assert dict(found.categories) == asked
    done = Counter(r.project_id for r in RollbackRequest.objects.filter(state="done") if _in(r.closed_at, period))
    assert {project.pk: n for project, _ends, n in found.projects if n} == done


def test_the_others_are_counted_together(history, period):
    row = Snapshot.objects.filter(workflow=history.workflow).latest("pk")
    for number in range(TOP + 5):
        row.pk, row.version, row.published_by = None, row.version + 1, f"person {number:02}"
        row.save(force_insert=True)
    found = counted(period)
    assert len(found.publishers) == TOP
    assert sum(ends.accepted for _who, ends in found.publishers) + found.other_publishers.accepted == TOP + 5 + 3
    assert found.other_publishers.accepted == 6


@pytest.mark.parametrize("place", ["Asia/Kathmandu", "Europe/Berlin", "America/Sao_Paulo"])
def test_a_day_ends_with_its_last_microsecond(history, settings, place):
    """Also where days begin at a quarter past an hour of UTC, have 23 hours, or no midnight."""
    settings.TIME_ZONE = place
    day = {"Europe/Berlin": "2026-03-29", "America/Sao_Paulo": "2018-11-04"}.get(place, "2026-05-05")
    wanted = parse(day)
    rows = Snapshot.objects.filter(workflow=history.workflow).order_by("pk")
    moments = (wanted.since - MICROSECOND, wanted.since, wanted.until - MICROSECOND)
    for row, moment in zip(rows, moments, strict=True):
        moved(row, created_at=moment)
    found = counted(parse(f"{wanted.before.first}..{wanted.first}"))
    assert [ends.accepted for ends in found.days.values()] == [1, 2]
    assert counted(wanted).numbers["publishes_accepted"] == 2
    assert counted(wanted.before).numbers["publishes_accepted"] == 1
    moved(rows[2], created_at=wanted.until)
    assert counted(wanted).numbers["publishes_accepted"] == 1


def test_only_what_the_reader_may_view(history, elsewhere, viewer, outsider, root, period):
    assert counted(period, scope_of(root)).numbers["publishes_accepted"] == 5
    seen = counted(period, scope_of(viewer))
    assert seen.numbers["publishes_accepted"] == 3
    assert "secret plans" not in str(seen.as_json()) and "1 project" in seen.scope.name
    assert counted(period, scope_of(outsider)).numbers["workflows_governed"] == 0
    assert counted(period, scope_of(root, project=elsewhere.pk)).numbers["snapshots_written"] == 2
    assert counted(period, scope_of(viewer, instance=elsewhere.instance_id)).numbers["publishes_accepted"] == 3
    for who, asked in ((viewer, {"project": elsewhere.pk}), (outsider, {"instance": elsewhere.instance_id})):
        with pytest.raises(NotFound):
            scope_of(who, **asked)


def test_the_trail_is_counted_by_project(publishes, captures, elsewhere, root, period):
    for project, number in ((elsewhere.pk, 0), (None, 1)):
        numbers = counted(period, scope_of(root, project=project)).numbers
        assert (numbers["publishes_duplicate"], numbers["snapshot_write_failures"]) == (number, number)


def test_nothing_is_no_share_and_no_time(db):
    found = counted(parse("1999-Q1"))
    assert found.is_empty
    assert {found.numbers[key] for key, word in words.WORDS.items() if word.kind != words.COUNT} == {None}


def test_as_many_queries_for_a_year_as_for_a_day(history, viewer, period):
    counts = set()
    for name in (period.name, f"{period.first - timedelta(380)}..{period.last}"):
        with CaptureQueriesContext(connection) as queries:
            report(parse(name), scope_of(viewer), reader=viewer)
        counts.add(len(queries))
    assert max(counts) - min(counts) <= 2, "a failure's names, or a project's, are looked up where there are some"
    assert max(counts) <= 45


def test_a_newer_inventory_of_a_project_counts_instead(make, do, raw, project, root, viewer):
    first = make("one")
    raw.release(project.code, first, "ONLINE")
    do(RunKind.INVENTORY, project=None, actor=root)
    assert [row.item.name for row in uncovered(EVERYTHING)] == ["one"]
    assert [row.item.name for row in uncovered(scope_of(viewer))] == ["one"]
    raw.release(project.code, make("two"), "ONLINE")
    do(RunKind.INVENTORY)
    assert sorted(row.item.name for row in uncovered(EVERYTHING)) == ["one", "two"], "each once"
    do(RunKind.BASELINE)
    assert not uncovered(EVERYTHING).exists(), "captured since"


def test_projects_that_nobody_governs_are_for_those_who_see_all(do, raw, instance, project, root, viewer):
    other = raw.create_project("nobody's")
    (code,) = raw.task_codes(other, 1)
    raw.release(other, raw.create(other, raw.form("theirs", {code: "echo a"})), "ONLINE")
    do(RunKind.INVENTORY, project=None, actor=root)
    for asked in ({}, {"instance": instance.pk}):
        assert [row.item.name for row in uncovered(scope_of(root, **asked))] == ["theirs"]
        assert not uncovered(scope_of(viewer, **asked)).exists()
    assert not uncovered(scope_of(root, project=project.pk)).exists()


def _in(moment, period):
    return moment is not None and period.since <= moment < period.until


def _day(row):
    return row.created_at.astimezone(zone()).date()


def _end(row):
    if row.status == "failed":
        return "cancelled" if row.error_code == "cancelled" else "failed"
    return {"published": "succeeded", "draft": "open", "unconfirmed": "unconfirmed"}[row.status]


def _middle(spans, share=0.5):
    """The value that so many of a hundred do not exceed."""
    values = sorted(span.total_seconds() for span in spans)
    return next((value for place, value in enumerate(values, 1) if place >= share * len(values)), None)


def _share(part, whole):
    return part / whole if whole else None


def recounted(period):
    made = [row for row in Snapshot.objects.all() if _in(row.created_at, period)]
    ends = Counter(_end(row) for row in made if row.trigger in ("api", "admin"))
    every = list(
        RollbackRequest.objects.filter(act__in=["rollback", "restore"]).select_related("base", "sync__snapshot")
    )
    asked = [row for row in every if _in(row.created_at, period)]
    closed = [row for row in every if _in(row.closed_at, period)]
    done = [row for row in closed if row.state == "done"]
    real = [row for row in done if row.category != "drill"]
    broken = [row.sync.snapshot.live_from - row.base.live_from for row in real if row.act == "rollback"]
    decided = [(row, row.approvals.order_by("pk").first()) for row in asked]
    items = list(DriftItem.objects.all())
    shut = [row for row in items if _in(row.closed_at, period)]
    fires = [row for row in MissedFire.objects.exclude(state="ran") if _in(row.due_at, period)]
    events = Counter(row.event for row in AuditEntry.objects.all() if _in(row.timestamp, period))
    failures = events["capture.failed"] + events["snapshot.write_failed"]
    return {
        "publishes_accepted": sum(ends.values()),
        **{f"publishes_{end}": ends[end] for end in ("succeeded", "failed", "unconfirmed", "cancelled", "open")},
        "publish_success_rate": _share(ends["succeeded"], ends["succeeded"] + ends["failed"] + ends["unconfirmed"]),
        "publishes_duplicate": events["publish.duplicate"] + events["draft.duplicate"],
        "snapshots_written": len(made),
        "snapshot_write_failures": failures,
        "snapshot_success_rate": _share(len(made), len(made) + failures),
        "captures": sum(row.trigger in ("capture", "baseline") for row in made),
        "rollbacks_asked": len(asked),
        "rollbacks_done": len(done),
        "rollbacks_failed": sum(row.state != "done" and row.sync is not None for row in closed),
        "rollback_rate": _share(len(done), ends["succeeded"]),
        "rollbacks_break_glass": sum(row.is_break_glass for row in done),
        "rollbacks_by_rule": sum(bool(row.rule) for row in done),
        "restore_from_bad_median": _middle(broken),
        "restore_from_bad_p90": _middle(broken, 0.9),
        "restore_from_request_median": _middle(row.closed_at - row.created_at for row in real),
        "restore_from_request_p90": _middle((row.closed_at - row.created_at for row in real), 0.9),
        "approval_wait_median": _middle(first.created_at - row.created_at for row, first in decided if first),
        "drift_found": sum(_in(row.first_seen_at, period) for row in items),
        **{f"drift_{s}": sum(row.state == s for row in shut) for s in ("adopted", "put_back", "resolved", "ignored")},
        "drift_open_median": _middle(row.closed_at - row.first_seen_at for row in shut),
        "drift_standing": sum(
            row.first_seen_at < period.until and (row.closed_at is None or row.closed_at >= period.until)
            for row in items
        ),
        "fires_missed": len(fires),
        "fires_started": sum(row.state == "started" for row in fires),
    }


def recounted_now():
    standing = [row for row in Workflow.objects.select_related("state") if row.deleted_in_dolphin_at is None]
    covered = [row for row in standing if row.state.published_id]
    found = [row for row in InventoryRow.objects.all() if row.exists and row.online and not row.temporary]
    codes = {row.workflow_code for row in Workflow.objects.filter(state__published__isnull=False)}
    bare = [row for row in found if not row.snapshots and row.item.workflow_code not in codes]
    return {
        "workflows_governed": len(standing),
        "workflows_covered": len(covered),
        "coverage_share": _share(len(covered), len(standing)),
        "workflows_in_sync": sum(row.state.live_state == "in_sync" for row in covered),
        "online_seen": len(found),
        "online_uncovered": len(bare),
    }
