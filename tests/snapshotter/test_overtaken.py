"""A worker takes over and finds the former content: as it was left, or saved anew by somebody."""

from dataclasses import replace

import pytest

from snapshotter import sync as syncing
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
    for fingerprint in (after.fingerprint, "0" * 64):
        check_overtaken(half, replace(before, fingerprint=fingerprint, version=99), before, after)


def test_where_no_content_is_written_over_it_does_not_matter(half, ends):
    before, _ = ends
    check_overtaken(half, replace(before, version=99), before, before)
    absent = replace(before, code=None, version=None, fingerprint=None)
    check_overtaken(half, absent, absent, before)
