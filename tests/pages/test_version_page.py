"""The page of one version: search inside, downloads, and how long it was live."""

import json
import re

import pytest

from definitions.canonical import canonicalise, from_c1
from dolphin.payloads import read_any
from snapshotter.models import Snapshot
from tests.pages.conftest import CANARY

PAGE = "/workflows/orders/versions/2/"


def test_the_search_finds_text_and_no_secret(two_versions, browse, publisher):
    assert "1 of" in browse(f"{PAGE}?find=ECHO+TWO", publisher).content.decode()
    assert "No task holds this text" in browse(f"{PAGE}?find={CANARY}", publisher).content.decode()


def test_both_downloads_read_back_as_the_same_definition(two_versions, browse, publisher):
    canonical = from_c1(json.loads(browse(f"{PAGE}canonical.json", publisher).content))
    [entry] = json.loads(browse(f"{PAGE}dolphinscheduler.json", publisher).content)
    assert canonicalise(canonical).fingerprint == canonicalise(read_any(entry)).fingerprint


def test_one_task_can_be_downloaded_whole(two_versions, browse, publisher, outsider):
    page = browse(f"{PAGE}?tab=definition", publisher).content.decode()
    code = re.search(r'id="task-(\d+)"', page)[1]
    answer = browse(f"{PAGE}tasks/{code}.json", publisher)
    assert json.loads(answer.content)["code"] == int(code) and CANARY not in answer.content.decode()
    assert browse(f"{PAGE}tasks/1.json", publisher).status_code == 404
    assert browse(f"{PAGE}tasks/{code}.json", outsider).status_code == 404


def test_a_link_to_a_task_opens_it(two_versions, browse, publisher):
    page = browse(f"{PAGE}?tab=definition", publisher).content.decode()
    code = re.search(r'id="task-(\d+)"', page)[1]
    opened = browse(f"{PAGE}?task={code}", publisher).content.decode()
    assert re.search(rf'id="task-{code}"\s+open', opened) and not re.search(r'id="task-\d+"\s+open', page)


def test_the_summary_says_when_it_would_fire_and_how_long_it_was_live(two_versions, browse, publisher):
    page = browse("/workflows/orders/versions/1/", publisher).content.decode()
    assert "Next fires" in page and page.count("<li><time") == 5 and "live for" in page
    assert "live since" in browse(PAGE, publisher).content.decode()


@pytest.mark.parametrize("author", ["", None])
def test_a_missing_author_breaks_nothing(two_versions, browse, publisher, author):
    Snapshot.objects.update(published_by="", created_by_name="", created_by=author or None)
    for path in (PAGE, "/workflows/orders/", "/workflows/", "/", "/workflows/orders/diff/?left=1&right=2"):
        assert browse(path, publisher).status_code == 200
