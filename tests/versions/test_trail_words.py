"""Every event of the docs has words in both languages; one that nobody knows stands as it is."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from versions.trail_words import ACTS, THINGS, event_in_words

DOCS = Path(__file__).resolve().parents[2] / "docs" / "audit.md"
EVENTS = sorted(
    set(re.findall(r"`([a-z_]+\.[a-z_]+)`", DOCS.read_text().partition("## The seal")[0])) - {"audit.view_auditentry"}
)


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_in_words(event):
    thing, _, act = event.partition(".")
    assert thing in THINGS and act in ACTS
    with translation.override("zh-hans"):
        said = event_in_words(event)
    assert re.search("[\u4e00-\u9fff]", said.partition("：")[2]), said


def test_the_search_finds_them():
    assert {"publish.accepted", "run.resumed", "audit.exported"} <= set(EVENTS)


def test_words():
    assert event_in_words("put_back.accepted") == "Put back: accepted"
    assert event_in_words("brand_new.thing_made") == "brand new: thing made"
    with translation.override("zh-hans"):
        assert event_in_words("rollback.requested") == "回滚：已申请"
