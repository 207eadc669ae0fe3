"""A spoilt answer at every single call: the end is what it would have been, or failed with the former state back; never a false success."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from catalog.models import Instance
from snapshotter.choices import LiveEffect, Status, SyncState
from snapshotter.models import Sync
from snapshotter.work import run_due, run_one
from tests.faults import scenarios
from tests.faults.conftest import Stage, no_two_updates_overlap, pass_time
from tests.faults.proxy import KINDS

# The two longest go through all kinds in soak; an answer that never came, one cut off and one that is no answer are asked each time.
LONG, FEW = (scenarios.cured, scenarios.forced), ("late", "cut", "html")
CASES = [
    pytest.param(accept, kind, marks=[pytest.mark.soak] if accept in LONG and kind not in FEW else [])
    for accept in scenarios.ALL
    if accept is not scenarios.restored
    for kind in KINDS
]
assert set(FEW) < set(KINDS)


def go_on(sync: Sync) -> None:
    """Claim it as often as the sweep would; a refused token was made good meanwhile."""
    for _ in range(12):
        Instance.objects.update(paused_because="")
        pass_time(sync)
        run_one(sync.pk)
        sync.refresh_from_db()
        if sync.is_finished:
            return
    raise AssertionError(f"{sync.state} {sync.error_code} {sync.error_text}")


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("accept", [*scenarios.ROLLING_BACK, scenarios.restored])
def test_a_spoilt_answer_anywhere_of_a_rollback(stage, dolphin, proxy, accept, kind, monkeypatch):
    test_a_spoilt_answer_anywhere(stage, dolphin, proxy, accept, kind, monkeypatch)


@pytest.mark.matrix
@pytest.mark.parametrize(("accept", "kind"), CASES)
def test_a_spoilt_answer_anywhere(stage, dolphin, proxy, accept, kind, monkeypatch):
    dolphin.slow_put = 0.03  # wide enough for two updates to meet, where a scenario wants it
    if kind == "late":
        monkeypatch.setitem(settings.SNAPSHOTTER, "READ_TIMEOUT", proxy.patience / 2)
    sync = accept(stage, "undisturbed")
    proxy.reset()
    run_due()
    calls, expected = proxy.reset(), stage.end("undisturbed")
    assert calls >= 2
    for number in range(1, calls + 1):
        key = f"spoilt-{number}"
        sync = accept(stage, key)
        former = stage.live(key)
        proxy.spoil(number, kind)
        run_one(sync.pk)
        proxy.reset()
        go_on(sync)
        judge(stage, key, sync, former, expected, f"{kind} at call {number} of {calls}")
    if accept in (scenarios.publish, scenarios.forced):
        no_two_updates_overlap(dolphin.log)


def judge(stage: Stage, key: str, sync: Sync, former: object, expected: dict, where: str) -> None:
    """The same end as undisturbed; or, where nothing had been written yet, an honest failure that touched nothing."""
    found = stage.end(key)
    if found == expected:
        return
    snapshot = sync.snapshot
    assert sync.state == SyncState.FAILED, where
    is_put_back = snapshot is not None and snapshot.status == Status.PUBLISHED
    assert snapshot is None or is_put_back or snapshot.status == Status.FAILED, where
    assert sync.result["effect"] == LiveEffect.UNTOUCHED, where
    assert (found["live"], found["lock"]) == (former, None), where
    assert sync.error_code == "dolphin_unauthorized", f"{where}: {sync.error_code} {sync.error_text}"


def twisted(seed: int) -> Callable[[Any], Any]:
    """Return what makes an answer misshapen: a part of its data, drawn by chance, is gone or something else."""

    def twist(envelope: Any) -> Any:
        dice = random.Random(seed)
        places = [(envelope, "data")]
        for holder, key in places:
            value = holder[key]
            if isinstance(value, dict):
                places += [(value, inner) for inner in value]
            elif isinstance(value, list):
                places += [(value, index) for index in range(len(value))]
        holder, key = dice.choice(places)
        if isinstance(holder, dict) and dice.random() < 0.4:
            del holder[key]
        else:
            holder[key] = dice.choice([None, {}, [], 5, -1, "", "text", True, [None], {"code": "x"}])
        return envelope

    return twist


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(40))
def test_a_misshapen_answer_anywhere(stage, proxy, seed):
    """JSON, an envelope, code 0, and yet not what was asked for."""
    dice = random.Random(seed)
    accept = dice.choice(scenarios.ALL[:4])
    key = f"twisted-{seed}"
    sync = accept(stage, key)
    former = stage.live(key)
    proxy.twist = twisted(seed)
    proxy.spoil(dice.randint(1, 12), "twist")
    run_one(sync.pk)
    proxy.reset()
    go_on(sync)
    found = stage.end(key)
    if sync.state == SyncState.SUCCEEDED:
        assert found["live"]["scripts"][0] in ("echo new", "echo a")
        assert found["live"]["online"] == "ONLINE"
    elif sync.snapshot.live_effect == LiveEffect.NEW_CONTENT_LIVE:
        assert former is None and found["live"]["online"] == "OFFLINE"
    else:
        assert (found["live"], found["lock"]) == (former, None), f"{sync.error_code} {sync.error_text}"
