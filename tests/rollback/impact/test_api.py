"""GET impact."""

from audit.models import AuditEntry
from snapshotter.models import Sync
from tests.api.conftest import api

__all__ = ["api"]
PATH = "workflows/orders/impact"


def test_what_it_would_meet_is_told(history, api):
    answer = api("get", f"{PATH}?version=1&online=off", as_="viewer")
    said = answer.json()
    assert (answer.status_code, said["workflow"], said["version"]) == (200, "orders", 1)
    assert [row["code"] for row in said["findings"] if row["weight"] == "acknowledge"] == ["goes_offline"]
    assert (said["running"], said["fires"]["after"], said["freeze"]["allowed"], said["lock"]) == ([], None, True, None)
    assert api("get", f"{PATH}?version=published").json()["version"] == 2


def test_choices_are_heard(history, api):
    said = api("get", f"{PATH}?version=1&schedule=off&with_name=true&with_layout=false").json()
    assert "schedule_off" in [row["code"] for row in said["findings"]]


def test_it_writes_nothing(history, api):
    before = AuditEntry.objects.count(), Sync.objects.count()
    api("get", f"{PATH}?version=1")
    assert (AuditEntry.objects.count(), Sync.objects.count()) == before


NONSENSE = [
    ("", "version"),
    ("?version=live", "version"),
    ("?version=1&bogus=1", "bogus"),
    ("?version=1&version=2", "twice"),
    ("?version=1&online=maybe", "online"),
    ("?version=1&schedule=on", "schedule"),
    ("?version=1&schedule_state=from_definition", "schedule_state"),
    ("?version=1&with_name=yes", "with_name"),
]


def test_what_makes_no_sense_is_refused_by_name(api, request_publish, make_definition):
    request_publish(make_definition())
    for query, word in NONSENSE:
        answer = api("get", PATH + query)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), query
        assert word in answer.json()["message"]


def test_who_may_not_see_the_workflow_finds_none(history, api):
    assert api("get", f"{PATH}?version=1", as_="outsider").status_code == 404
    assert api("get", f"{PATH}?version=1", as_="").status_code == 401
    assert api("get", f"{PATH}?version=99").status_code == 404
    assert api("post", f"{PATH}?version=1", body={}).status_code == 405


def test_a_dolphin_that_does_not_answer_is_no_error(history, api, dolphin):
    dolphin.fault("status", method="GET", path="process-definition", status=500, times=9)
    answer = api("get", f"{PATH}?version=1")
    assert answer.status_code == 200
    assert {"live"} <= {row["values"]["part"] for row in answer.json()["findings"] if row["code"] == "cannot_tell"}
