"""A look that is handed on spares a reading, and protects nothing: the worker looks itself."""

import pytest

from rollback import one_look
from rollback.choices import State
from rollback.execute import execute
from rollback.one_look import OneLook
from rollback.submit import Ask, submit
from snapshotter.work import run_due, run_one
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

pytestmark = pytest.mark.database


@pytest.fixture
def raw(dolphin):
    return RawDolphin(dolphin.url, dolphin.token)


@pytest.fixture
def asked(history, oncall):
    look = OneLook(history.again())
    ask = Ask(workflow=look.workflow, target=history.version(1), reason="v3 loses rows")
    return submit(ask, actor=oncall, look=look), look


def test_it_looks_once_and_again_when_time_has_passed(history, dolphin, raw, monkeypatch):
    look = OneLook(history.again())
    first = look.now()
    raw.edit(dolphin.project, history.code, "echo theirs")
    assert look.now() is first
    monkeypatch.setattr(one_look, "LONGEST", -1.0)
    assert look.now().state.fingerprint != first.state.fingerprint


def test_what_is_edited_after_the_look_is_not_overwritten(asked, history, oncall, dolphin, raw):
    request, look = asked
    raw.edit(dolphin.project, history.code, "echo theirs")
    theirs = raw.definition(dolphin.project, history.code)
    execute(request, actor=oncall, look=look)
    run_due()
    request = again(request)
    assert (request.state, request.closed_code) == (State.FAILED, "live_moved")
    assert raw.definition(dolphin.project, history.code) == theirs


def test_asking_and_executing_take_few_statements(asked, oncall, django_assert_max_num_queries):
    request, look = asked
    with django_assert_max_num_queries(45):
        sync = execute(again(request), actor=oncall, look=look)
    with django_assert_max_num_queries(75):
        run_one(sync.pk)
    assert again(request).state == State.DONE
