"""The planner as a table of cases, and as a walk against a model of DolphinScheduler's rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dolphin.plan import Action, Done, ScheduleState, State, Step, Stuck, next_step

OLD, NEW, OTHER = "old", "new", "other"


def schedule(fingerprint="s", online=False):
    return ScheduleState(id=1, fingerprint=fingerprint, online=online)


def state(fingerprint=OLD, *, online=True, schedule=None, **more):
    return State(
        **{"code": 9, "version": 1, "fingerprint": fingerprint, "online": online, "schedule": schedule, **more}
    )


ABSENT = State(code=None, version=None, fingerprint=None, online=False, schedule=None)
BEFORE = state(OLD, schedule=schedule(online=True))
AFTER = state(NEW, schedule=schedule(online=True))


@pytest.mark.parametrize(
    ("live", "before", "after", "expected"),
    [
        # the whole way of an ordinary publish
        (state(OLD, schedule=schedule(online=True)), BEFORE, AFTER, Action.TAKE_OFFLINE),
        (state(OLD, online=False, schedule=schedule()), BEFORE, AFTER, Action.WRITE),
        (state(NEW, online=False, schedule=schedule()), BEFORE, AFTER, Action.PUT_ONLINE),
        (state(NEW, schedule=schedule()), BEFORE, AFTER, Action.PUT_SCHEDULE_ONLINE),
        (state(NEW, schedule=schedule(online=True)), BEFORE, AFTER, Done),
        # a schedule that sleeps over an offline workflow is put to rest first
        (state(OLD, online=False, schedule=schedule(online=True)), BEFORE, AFTER, Action.TAKE_SCHEDULE_OFFLINE),
        (state(NEW, online=False, schedule=schedule(online=True)), BEFORE, AFTER, Action.TAKE_SCHEDULE_OFFLINE),
        # first publish
        (ABSENT, ABSENT, state(NEW, online=False, code=None), Action.CREATE),
        (state(NEW, online=False), ABSENT, state(NEW, online=False), Done),
        (state(NEW, online=False), ABSENT, state(NEW, schedule=schedule(online=True)), Action.PUT_ONLINE),
        (state(NEW), ABSENT, state(NEW, schedule=schedule(online=True)), Action.CREATE_SCHEDULE),
        # the schedule's own content
        (
            state(NEW, schedule=schedule("s1", True)),
            state(OLD, schedule=schedule("s1")),
            AFTER,
            Action.TAKE_SCHEDULE_OFFLINE,
        ),
        (state(NEW, schedule=schedule("s1")), state(OLD, schedule=schedule("s1")), AFTER, Action.UPDATE_SCHEDULE),
        (state(NEW, schedule=schedule()), BEFORE, state(NEW), Action.DELETE_SCHEDULE),
        (state(NEW, online=False), state(OLD), state(NEW, online=False, schedule=schedule()), Action.PUT_ONLINE),
        # release states alone
        (
            state(NEW, schedule=schedule(online=True)),
            BEFORE,
            state(NEW, schedule=schedule()),
            Action.TAKE_SCHEDULE_OFFLINE,
        ),
        (state(NEW), state(OLD), state(NEW, online=False), Action.TAKE_OFFLINE),
        # nobody else's work is written over
        (state(OTHER, schedule=schedule(online=True)), BEFORE, AFTER, "live_changed"),
        (state(NEW, schedule=schedule("theirs")), BEFORE, AFTER, "live_changed"),
        (state(OLD), BEFORE, AFTER, "live_changed"),
        (ABSENT, BEFORE, AFTER, "missing_in_dolphin"),
        (state(None, corrupt=True), BEFORE, AFTER, "corrupt"),
        # corrupt, and somebody agreed to a cure
        (state(None, corrupt=True), replace(BEFORE, corrupt=True), AFTER, Action.TAKE_OFFLINE),
        (
            state(None, online=False, corrupt=True, schedule=schedule(online=True)),
            replace(BEFORE, corrupt=True),
            AFTER,
            Action.TAKE_SCHEDULE_OFFLINE,
        ),
        (state(None, online=False, corrupt=True), replace(BEFORE, corrupt=True), AFTER, Action.CURE),
        (state(OLD, online=False, schedule=schedule()), replace(BEFORE, corrupt=True), AFTER, Action.WRITE),
        (state(OTHER, online=False), ABSENT, AFTER, "live_changed"),
    ],
)
def test_next_step(live, before, after, expected):
    step = next_step(live, before, after)
    match step:
        case Step(action=action, reason=reason):
            assert (action, bool(reason)) == (expected, True)
        case Stuck(code=code, reason=reason):
            assert (code, bool(reason)) == (expected, True)
        case Done():
            assert expected is Done


class Refused(Exception):
    pass


def apply(live: State, action: Action, after: State, before: State = BEFORE) -> State:
    """DolphinScheduler's rules as seen on real servers."""
    plan = live.schedule
    match action:
        case Action.CURE:
            _need(live.corrupt and not live.online)
            return replace(live, fingerprint=before.fingerprint, corrupt=False)
        case Action.CREATE:
            _need(live.code is None)
            return state(after.fingerprint, online=False)
        case Action.WRITE:
            _need(not live.online and not live.corrupt)
            return replace(live, fingerprint=after.fingerprint)
        case Action.TAKE_OFFLINE:
            return replace(live, online=False, schedule=replace(plan, online=False) if plan else None)
        case Action.PUT_ONLINE:
            return replace(live, online=True)
        case Action.CREATE_SCHEDULE:
            _need(live.online and plan is None)
            return replace(live, schedule=replace(after.schedule, id=1, online=False))
        case Action.UPDATE_SCHEDULE:
            _need(not plan.online)
            return replace(live, schedule=replace(plan, fingerprint=after.schedule.fingerprint))
        case Action.DELETE_SCHEDULE:
            _need(not plan.online)
            return replace(live, schedule=None)
        case Action.TAKE_SCHEDULE_OFFLINE:
            return replace(live, schedule=replace(plan, online=False))
        case Action.PUT_SCHEDULE_ONLINE:
            _need(live.online)
            return replace(live, schedule=replace(plan, online=True))


def _need(condition):
    if not condition:
        raise Refused


SCHEDULES = st.none() | st.builds(schedule, st.sampled_from(["s1", "s2", "s3"]), st.booleans())
STATES = st.builds(
    lambda fingerprint, online, plan, there, corrupt: (
        state(fingerprint, online=online, schedule=plan, corrupt=corrupt) if there else ABSENT
    ),
    st.sampled_from([OLD, NEW, OTHER]),
    st.booleans(),
    SCHEDULES,
    st.sampled_from([True, True, True, False]),
    st.sampled_from([False, False, False, True]),
)
GOALS = st.builds(lambda online, plan: state(NEW, online=online, schedule=plan), st.booleans(), SCHEDULES)


@given(STATES, STATES, GOALS)
def test_any_walk_ends_at_the_goal_or_says_why_not(live, before, after):
    writes = 0
    for _ in range(12):
        step = next_step(live, before, after)
        if isinstance(step, Stuck):
            assert step.code in {"corrupt", "missing_in_dolphin", "live_changed"}
            return
        if isinstance(step, Done):
            break
        writes += step.action == Action.WRITE
        if step.action == Action.WRITE:
            assert live.fingerprint == before.fingerprint, "only what was there before is written over"
        live = apply(live, step.action, after, before)
    else:
        raise AssertionError("the walk does not end")
    assert (live.fingerprint, live.online) == (after.fingerprint, after.online)
    wanted = after.schedule
    assert (live.schedule.fingerprint if live.schedule else None) == (wanted.fingerprint if wanted else None)
    assert bool(live.schedule and live.schedule.online) == bool(wanted and wanted.online and after.online)
    assert writes <= 1


@given(STATES, STATES, GOALS, st.data())
def test_the_walk_survives_others_changing_release_states(live, before, after, data):
    """Somebody switches things on and off between our steps: the walk still ends, and content is written at most once."""
    writes = 0
    for number in range(40):
        step = next_step(live, before, after)
        if not isinstance(step, Step):
            assert writes <= 1
            return
        writes += step.action == Action.WRITE
        live = apply(live, step.action, after, before)
        if number < 10 and live.code is not None:
            live = replace(live, online=data.draw(st.booleans()))
    raise AssertionError("the walk does not end")


def test_equal_input_gives_the_equal_step():
    assert next_step(BEFORE, BEFORE, AFTER) == next_step(BEFORE, BEFORE, AFTER)
