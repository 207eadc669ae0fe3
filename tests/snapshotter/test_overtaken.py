"""A worker takes over and finds the former content: as it was left, or saved anew by somebody."""

from dataclasses import replace

import pytest

from snapshotter import sync as syncing
from snapshotter.choices import Direction
from snapshotter.claim import claim
from snapshotter.failures import SyncFailed
from snapshotter.models import Sync
from snapshotter.overtaken import check_overtaken
from snapshotter.target import from_json


class Died(BaseException):
    """The worker's process ends here."""


@pytest.fixture
def half(run_publish, request_publish, make_definition, monkeypatch) -> Sync:
    """Its content was written once, by a worker that died before it noted the end."""
    run_publish(make_definition("echo 1"))
    sync = request_publish(make_definition("echo 2")).sync

    def die(*_):
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(syncing.finish, "succeed", die)
        syncing.run(claim(sync.pk))
    return Sync.objects.get(pk=sync.pk)


@pytest.fixture
def ends(half):
    return from_json(half.before).state, from_json(half.after).state


@pytest.mark.parametrize("saves", [0, 1])
def test_as_many_versions_as_we_wrote_may_be_ours(half, ends, saves):
    before, after = ends
    check_overtaken(half, replace(before, version=before.version + saves), before, after)


def test_one_more_is_somebody_elses(half, ends):
    before, after = ends
    with pytest.raises(SyncFailed) as error:
        check_overtaken(half, replace(before, version=before.version + 2), before, after)
    assert error.value.code == "live_changed"


def test_other_content_is_for_the_planner_to_judge(half, ends):
    before, after = ends
    check_overtaken(half, replace(before, fingerprint="0" * 64, version=99), before, after)


def test_states_are_not_written_over_a_newer_save_of_the_new_content(half, ends):
    before, after = ends
    newer = replace(after, code=before.code, version=before.version + 2, online=not after.online)
    with pytest.raises(SyncFailed):
        check_overtaken(half, newer, before, after)
    check_overtaken(half, replace(newer, version=before.version + 1), before, after)  # ours
    check_overtaken(half, replace(newer, online=after.online), before, after)  # nothing is left to be written
    check_overtaken(half, replace(newer, online=after.online), after, after)


def test_a_workflow_that_was_created_is_known_in_one_version(half, ends):
    before, after = ends
    absent = replace(before, code=None, version=None, fingerprint=None, online=False)
    check_overtaken(half, absent, absent, after)
    created = replace(after, code=before.code, version=1, online=not after.online)
    check_overtaken(half, created, absent, after)
    with pytest.raises(SyncFailed):
        check_overtaken(half, replace(created, version=2), absent, after)


def test_what_went_under_unseen_is_explained(half, ends):
    before, after = ends
    half.result = {"unseen_versions": [before.version + 1]}
    check_overtaken(half, replace(before, version=before.version + 2), before, after)


def test_restoring_begins_at_what_was_live_then(half, ends):
    """Its origin has our writes in it; one that was never answered may come later."""
    before, after = ends
    Sync.objects.filter(pk=half.pk).update(direction=Direction.RESTORING)
    half.refresh_from_db()
    origin = replace(after, code=before.code, version=before.version + 1)
    check_overtaken(half, origin, origin, before)
    late = replace(origin, version=origin.version + 1)
    with pytest.raises(SyncFailed):
        check_overtaken(half, late, origin, before)
    half.steps.filter(is_write=True, action="write").update(answered_at=None)
    check_overtaken(half, late, origin, before)
