"""Yesterday's backup is restored while DolphinScheduler is ahead: with the real dump client, the flags of the document, on MySQL."""

import os
import re
import subprocess

import MySQLdb
import pytest
from django.core.management import call_command
from django.db import connection

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.seal import seal
from audit.status import status
from audit.verify_audit import verify
from audit.walk import Head
from catalog.deployment import is_ours
from catalog.models import Workflow
from drift.adopt import adopt
from drift.check import check
from snapshotter import sync as syncing
from snapshotter.choices import Online, Trigger
from snapshotter.claim import claim
from snapshotter.failures import SyncFailed
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot, Sync, WebhookDelivery
from snapshotter.publish import PublishRequest, publish
from snapshotter.store import document_of
from snapshotter.work import run_due
from tests.definitions.documents import c1
from tests.faults.conftest import pass_time
from tests.meta.test_documented import docs

pytestmark = [pytest.mark.mysql, pytest.mark.django_db(transaction=True)]


class Died(BaseException):
    """The worker's process ends here."""


def flags() -> list[str]:
    """As docs/backup.md says."""
    found = re.search(r"^mysqldump ([^\\]+)\\\n", docs("backup.md"), re.M)
    assert found
    return found.group(1).split()


def client(*command: str, **options: object) -> bytes:
    place = connection.settings_dict
    where = [f"--host={place['HOST']}", f"--port={place['PORT']}", f"--user={place['USER']}"]
    program, *rest = command
    env = {**os.environ, "MYSQL_PWD": place["PASSWORD"]}
    done = subprocess.run([program, *where, *rest, place["NAME"]], capture_output=True, env=env, **options)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout


def restore(dump: bytes) -> None:
    """Into a database that is made anew."""
    place = connection.settings_dict
    connection.close()
    link = MySQLdb.connect(
        host=place["HOST"], port=int(place["PORT"]), user=place["USER"], password=place["PASSWORD"], autocommit=True
    )
    cursor = link.cursor()
    cursor.execute(f"DROP DATABASE `{place['NAME']}`")
    cursor.execute(f"CREATE DATABASE `{place['NAME']}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    link.close()
    client("mysql", "--default-character-set=utf8mb4", input=dump)


class Platform:
    """Publishes workflows of one task each. What DolphinScheduler has is looked at from its side."""

    def __init__(self, dolphin, project, publisher):
        self.dolphin, self.project, self.publisher = dolphin, project, publisher
        self.tasks: dict[str, int] = {}

    def ask(self, key, script, **options) -> Sync:
        code = self.tasks.setdefault(key, self.dolphin.state.next_code())
        body = c1({code: f"echo {script} 订单"}, name=key)
        origin = Origin(trigger=Trigger.API, message=script)
        request = PublishRequest(workflow_key=key, definition=body, origin=origin, project=self.project, **options)
        return publish(request, actor=self.publisher).sync

    def go(self, key, script, **options) -> Sync:
        sync = self.ask(key, script, **options)
        run_due()
        sync.refresh_from_db()
        assert sync.state == "succeeded", sync.error_text
        return sync

    def dies_with(self, key, script, monkeypatch) -> Sync:
        """The worker is killed after its writes, before it has noted that they were proven."""

        def die(*_):
            raise Died

        sync = self.ask(key, script)
        with monkeypatch.context() as patch, pytest.raises(Died):
            patch.setattr(syncing.finish, "succeed", die)
            syncing.run(claim(sync.pk))
        return sync

    def dies_turning_back(self, key, script, monkeypatch) -> Sync:
        """The worker is killed after it has turned, before it brings the former content back."""

        def fail(*_):
            raise SyncFailed("not_equal", "made up", step="put_online")

        def die(*_):
            raise Died

        sync = self.ask(key, script)
        with monkeypatch.context() as patch, pytest.raises(Died):
            patch.setattr(syncing.finish, "succeed", fail)
            patch.setattr(syncing._Worker, "_restore", die)
            syncing.run(claim(sync.pk))
        assert Sync.objects.get(pk=sync.pk).state == "restoring"
        return sync

    def goes_no_further(self, sync, *, is_known=True) -> Sync:
        """Workers take it up again and again, before and after the database is adopted, and write nothing."""
        written = self.writes()
        if is_known:
            call_command("after_restore", yes=True)
            pass_time(sync)
            run_due()
            call_command("adopt_deployment")
        for _ in range(3):
            pass_time(sync)
            run_due()
        sync = Sync.objects.get(pk=sync.pk)
        assert self.writes() == written, (sync.state, sync.error_code)
        return sync

    def writes(self) -> int:
        return sum(call.method != "GET" and not call.path.endswith("schedules/list") for call in self.dolphin.log)


@pytest.fixture
def platform(dolphin, project, publisher):
    return Platform(dolphin, project, publisher)


def workflow(key) -> Workflow:
    return Workflow.objects.select_related("project__instance", "state").get(key=key)


def numbers(key) -> list[int]:
    return list(Snapshot.objects.filter(workflow__key=key).order_by("version").values_list("version", flat=True))


def test_yesterday_is_restored_and_nothing_is_overwritten(platform, project, publisher, root, monkeypatch, capsys):
    platform.go("orders", "one", online=Online.ON)
    platform.go("orders", "two")
    for key in ("queued", "forced", "half"):
        platform.go(key, "first")
    platform.ask("queued", "second")
    platform.ask("forced", "second", force_reason="we know what we do")
    half = platform.dies_with("half", "second", monkeypatch)
    while seal():
        pass
    before = Head(status().sequence, status().hash)
    dump = client("mysqldump", *flags())

    # The time that will be lost: all of it is carried out, and more is published on top.
    pass_time(half)
    run_due()
    assert not Sync.objects.exclude(state="succeeded").exists()
    third = platform.go("orders", "three", idempotency_key="release-3", request_hash="3" * 64)
    platform.go("orders", "one")  # as a rollback does: former content, new version
    for key in ("queued", "forced", "half"):
        platform.go(key, "third")
    while seal():
        pass
    lost = Head(status().sequence, status().hash)

    restore(dump)
    assert numbers("orders") == [1, 2] and not Snapshot.objects.filter(pk=third.snapshot_id).exists()
    written = platform.writes()
    call_command("after_restore", yes=True)
    said = capsys.readouterr().out
    assert said.count("ended, nothing had been sent") == 2 and "1 messages" not in said
    assert f"open, judged by what DolphinScheduler shows: sync {half.pk} publish half" in said
    assert not is_ours() and AuditEntry.objects.order_by("-pk").filter(event="deployment.restored").exists()

    # The worker runs, and holds what it may not write.
    pass_time(half)
    run_due()
    assert Sync.objects.get(pk=half.pk).state == "waiting"
    # The backup's trail is whole; a head that was logged before it is in it, one that was logged later shows that it was cut.
    while seal():
        pass
    assert verify(actor=SYSTEM, known=[before]).found == 0
    assert [row["kind"] for row in verify(actor=SYSTEM, known=[lost]).findings] in (["cut"], ["rewritten"])

    # DolphinScheduler is ahead: found, and taken in as it stands.
    for key, version in (("orders", 3), ("queued", 3), ("forced", 3)):
        item = check(workflow(key), actor=root).item
        assert item is not None and item.live_state in ("newer", "drifted"), key
        adopt(item, actor=publisher, reason="restored from the backup of yesterday")
        run_due()
        state = workflow(key).state
        assert (state.live_state, state.published.version) == ("in_sync", version), key

    # Adopted, the half-done one is judged by what DolphinScheduler shows: nothing of it is written any more.
    call_command("adopt_deployment")
    pass_time(half)
    run_due()
    ended = Sync.objects.get(pk=half.pk)
    assert ended.state in ("failed", "attention"), ended.error_code
    assert platform.writes() == written
    # Publishing goes on; what was published in the lost time under a key is a new request, proven equal.
    again = platform.ask("orders", "one")
    assert again is None  # the content is the published one
    platform.go("orders", "four", idempotency_key="release-3", request_hash="3" * 64)
    assert numbers("orders") == [1, 2, 3, 4]
    assert not WebhookDelivery.objects.exists()


def test_who_does_not_run_after_restore_overwrites_nothing_newer(platform, monkeypatch):
    for key in ("queued", "half", "undone"):
        platform.go(key, "first")
    queued = platform.ask("queued", "second")
    taken_over = [platform.dies_with(key, "second", monkeypatch) for key in ("half", "undone")]
    dump = client("mysqldump", *flags())
    for sync in taken_over:
        pass_time(sync)
    run_due()
    for key in ("queued", "half", "undone"):
        platform.go(key, "third")
    platform.go("undone", "first")  # what it was before, saved anew: only DolphinScheduler's version tells
    restore(dump)
    written = platform.writes()
    for _ in range(3):
        for sync in taken_over:
            pass_time(sync)
        run_due()
    found = {sync.workflow.key: (sync.state, sync.error_code) for sync in Sync.objects.exclude(state="succeeded")}
    assert platform.writes() == written, found
    assert found["queued"] == ("failed", "live_changed") and Sync.objects.get(pk=queued.pk).attempt == 1
    assert {found["half"][0], found["undone"][0]} <= {"failed", "attention"}
    assert found["undone"][1] == "live_changed"


@pytest.mark.parametrize("is_known", [True, False])
def test_a_sync_that_was_turning_back_leaves_what_was_published_since(platform, monkeypatch, is_known):
    platform.go("half", "first")
    half = platform.dies_turning_back("half", "second", monkeypatch)
    dump = client("mysqldump", *flags())
    pass_time(half)
    run_due()
    assert Sync.objects.get(pk=half.pk).state == "failed"
    platform.go("half", "second")  # the same content once more, and well this time: only the version tells
    restore(dump)
    ended = platform.goes_no_further(half, is_known=is_known)
    assert (ended.state, ended.error_code) == ("attention", "live_changed")


def test_states_are_not_written_over_the_same_content_published_since(platform, monkeypatch):
    platform.go("half", "first", online=Online.ON)
    half = platform.dies_with("half", "second", monkeypatch)
    dump = client("mysqldump", *flags())
    pass_time(half)
    run_due()
    platform.go("half", "third")
    platform.go("half", "second", online=Online.OFF)  # on purpose
    restore(dump)
    ended = platform.goes_no_further(half)
    assert (ended.state, ended.error_code) == ("attention", "live_changed")


def test_a_sync_of_the_backup_takes_no_way_back_by_itself(platform, monkeypatch):
    """It had taken the workflow offline and written no content; since then another content was published, and off on purpose."""
    platform.go("half", "first", online=Online.ON)
    sync = platform.ask("half", "second")

    def die(*_):
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        act = syncing._Worker._act
        patch.setattr(
            syncing._Worker,
            "_act",
            lambda self, step, *rest: die() if step.action == "write" else act(self, step, *rest),
        )
        syncing.run(claim(sync.pk))
    dump = client("mysqldump", *flags())
    pass_time(sync)
    run_due()
    platform.go("half", "third", online=Online.OFF)
    restore(dump)
    ended = platform.goes_no_further(sync)
    assert (ended.state, ended.error_code) == ("attention", "live_changed")


def test_a_forced_publish_of_the_backup_keeps_what_it_overwrites(platform):
    """Nobody ran after_restore: it was ordered to overwrite what is live. What that is becomes a version first."""
    platform.go("forced", "first")
    sync = platform.ask("forced", "second", force_reason="we know what we do")
    dump = client("mysqldump", *flags())
    run_due()
    platform.go("forced", "third")
    restore(dump)
    run_due()
    assert Sync.objects.get(pk=sync.pk).state == "succeeded"
    kept = Snapshot.objects.get(workflow__key="forced", trigger=Trigger.BEFORE_PUBLISH)
    assert [task["taskParams"]["rawScript"] for task in document_of(kept).tasks.values()] == ["echo third 订单"]
