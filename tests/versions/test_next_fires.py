"""The next fire of each workflow of a page, from its published schedule."""

import json

import pytest
from django.utils import timezone

from snapshotter.models import DefinitionBlob, WorkflowState
from snapshotter.store import put_blob
from tests.pages.conftest import *  # noqa: F403  `orders`, scheduled at 3 o'clock
from versions.next_fires import next_fires


@pytest.fixture
def state(two_versions):
    state = WorkflowState.objects.select_related("published").get()
    assert state.expected_schedule_online and state.expected_online
    return state


def _schedule(state, **fields):
    body = {
        "crontab": "0 0 3 * * ? *",
        "timezoneId": "Asia/Shanghai",
        "startTime": "2026-01-01 00:00:00",
        "endTime": "2099-01-01 00:00:00",
    }
    state.published.schedule_id = put_blob(json.dumps({**body, **fields}).encode())
    return next_fires([state])[state.workflow_id]


def test_in_the_schedules_own_zone(state):
    fire = _schedule(state)
    assert fire.is_known and fire.at > timezone.now() and fire.zone == "Asia/Shanghai"
    assert (fire.at.hour, fire.at.minute) == (19, 0), "3 o'clock in Shanghai, in UTC"


def test_one_that_has_ended_fires_no_more(state):
    fire = _schedule(state, endTime="2026-02-01 00:00:00")
    assert (fire.is_known, fire.at) == (True, None)


@pytest.mark.parametrize(
    "fields", [{"crontab": "0 0 0 15W * ?"}, {"crontab": "x"}, {"timezoneId": "CST"}, {"startTime": "?"}]
)
def test_what_can_not_be_reckoned_is_unknown(state, fields):
    assert _schedule(state, **fields).is_known is False


@pytest.mark.parametrize("name", ["expected_online", "expected_schedule_online"])
@pytest.mark.parametrize("value", [False, None])
def test_what_is_off_has_none(state, name, value):
    setattr(state, name, value)
    assert next_fires([state]) == {}


def test_a_schedule_that_nobody_knows(state):
    state.published.schedule_id = None
    assert next_fires([state])[state.workflow_id].is_known is False
    state.published = None
    assert next_fires([state])[state.workflow_id].is_known is False


def test_a_damaged_one_spoils_no_other(state):
    good = state.published.schedule_id
    bad = put_blob(b'{"crontab":"0 0 4 * * ? *"}')
    DefinitionBlob.objects.filter(pk=bad).update(data=b"rubbish")
    other = WorkflowState(
        workflow_id=state.workflow_id + 1,
        expected_online=True,
        expected_schedule_online=True,
        published=type(state.published)(schedule_id=bad),
    )
    found = next_fires([state, other])
    assert state.published.schedule_id == good
    assert [found[key].is_known for key in (state.workflow_id, other.workflow_id)] == [True, False]


def test_all_of_a_page_cost_one_question(state, django_assert_num_queries):
    with django_assert_num_queries(1):
        next_fires([state, state, state])
    with django_assert_num_queries(0):
        next_fires([])
