"""The embedded worker runs syncs and sends webhooks side by side."""

import threading

import pytest

from operations import work as module
from operations.work import work


def test_a_receiver_that_hangs_does_not_hold_up_syncs(db, monkeypatch):
    """The two loops are told apart by what they run; here one never comes back until the other has run."""
    stop, ran = threading.Event(), threading.Event()

    def hanging():
        assert ran.wait(10), "syncs were held up"
        return 0

    def syncs():
        ran.set()
        stop.set()
        return 0

    monkeypatch.setattr(module, "deliver_due", hanging)
    monkeypatch.setattr(module, "run_due", syncs)
    work(stop)
    assert ran.is_set()


@pytest.mark.django_db(transaction=True)
def test_it_stops_when_told():
    stop = threading.Event()
    stop.set()
    work(stop)
    assert not [thread for thread in threading.enumerate() if thread.name == "webhooks"]
