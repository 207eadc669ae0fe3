"""Paging by where a page begins: every row once, there and back, whatever the address holds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.keyset import counted, listed
from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow

pytestmark = pytest.mark.database
NAMES = ["a", "b", "b~c", "b%7Ec", "日报", "Z", "a~", "%", "m", "n"]


@pytest.fixture
def named(project):
    Workflow.objects.bulk_create(
        [
            Workflow(key=f"k{name}", name="x" if number < 6 else "y", project=project)
            for number, name in enumerate(NAMES)
        ]
    )
    return Workflow.objects.all()


def walk(*segments, by, size, start=None):
    """Return all pages by `older`, then all by `newer` from the last one back."""
    page = listed(start or {}, *segments, by=by, size=size)
    forth = [page]
    while page.older is not None:
        page = listed({"after": page.older}, *segments, by=by, size=size)
        forth.append(page)
    back = [page]
    while page.newer is not None:
        page = listed({"before": page.newer}, *segments, by=by, size=size)
        back.append(page)
    return forth, back


@pytest.mark.parametrize(
    "by", [("key",), ("-key",), ("name", "-key"), ("-name", "key"), ("project__name", "name", "pk")]
)
@pytest.mark.parametrize("size", [1, 3, 5, 10, 20])
def test_there_and_back_every_row_once(named, by, size):
    wanted = list(named.order_by(*by))
    forth, back = walk(named, by=by, size=size)
    assert [row for page in forth for row in page] == wanted
    assert all(len(page) == size for page in forth[:-1])
    assert list(back[-1]) == wanted[:size], "the way back ends at the first page, whole"
    assert (forth[0].newer, forth[-1].older, back[-1].newer) == (None, None, None)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 10])
def test_segments_follow_one_another(named, size):
    first, second = named.filter(name="y"), named.filter(name="x")
    wanted = [*first.order_by("-key"), *second.order_by("-key")]
    forth, back = walk(first, second, by=("-key",), size=size)
    assert [row for page in forth for row in page] == wanted
    assert list(back[-1]) == wanted[:size]
    last = listed({"before": ""}, first, second, by=("-key",), size=size)
    assert list(last) == wanted[-size:] and last.older is None


def test_the_last_page_is_one_step_away(named):
    last = listed({"before": ""}, named, by=("key",), size=4)
    assert list(last) == list(named.order_by("key"))[-4:]
    assert (last.newer is not None, last.older) == (True, None)
    assert listed({"before": ""}, named, by=("key",), size=20).has_others is False


@pytest.mark.parametrize(
    "text", ["x", "1~2~3", "99999999999999999999", "-1.5", "1e3", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣", "\0", "7~1", "~"]
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_cursor_that_can_not_be_read_is_the_first_page(named, name, text):
    page = listed({name: text}, named, named.none(), by=("pk",), size=3)
    assert list(page) == list(named.order_by("pk"))[:3]


@pytest.mark.parametrize(
    "moment",
    [
        *("2026-01-01T00:00:00", "2026-01-01", "yesterday", "2026-02-31T00:00:00+00:00"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0999-01-01T00:00:00+00:00"),
    ],
)
def test_a_moment_without_a_zone_or_beyond_the_calendar_is_no_cursor(db, moment):
    assert list(listed({"after": f"{moment}~1"}, AuditEntry.objects.all(), by=("-timestamp", "-id"))) == []


def test_moments_that_are_the_same_are_told_apart_by_the_next_field(project):
    now = timezone.now()
    for number in range(7):
        AuditEntry.objects.create(
            timestamp=now - timedelta(microseconds=number // 3),
            action=1,
            object_pk="1",
            object_repr="o",
            content_type_id=1,
        )
    mine = AuditEntry.objects.filter(timestamp__gt=now - timedelta(seconds=1), object_repr="o")
    forth, back = walk(mine, by=("-timestamp", "-id"), size=2)
    assert [row for page in forth for row in page] == list(mine.order_by("-timestamp", "-id"))
    assert list(back[-1]) == list(forth[0])


def test_a_row_that_is_gone_is_still_a_place(named):
    page = listed({}, named, by=("key",), size=4)
    named.filter(pk=page.rows[-1].pk).delete()
    rest = listed({"after": page.older}, named, by=("key",), size=4)
    assert list(rest) == list(named.order_by("key"))[3:7]


def test_nothing_behind_the_cursor_is_the_first_page(named):
    page = listed({"after": "zzzz"}, named, by=("key",), size=4)
    assert list(page) == list(named.order_by("key"))[:4] and page.newer is None


def test_counts_stop(named):
    assert counted(named, most=4) == (4, True)
    assert counted(named, most=10) == (10, False)
    assert counted(named.filter(name="x"), named.filter(name="y"), most=7) == (7, True)
    assert counted(named.filter(name="x"), named.filter(name="y"), most=6) == (6, True)


def test_a_page_that_is_all_counts_itself(named, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert listed({}, named, by=("key",), size=20).count == 10
    with django_assert_num_queries(2):
        assert listed({}, named, by=("key",), size=5).count == 10


@given(text=st.text(max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_place(db, text):
    assert list(listed({"after": text}, Workflow.objects.all(), by=("name", "key"))) == []


def test_a_foreign_project_changes_nothing(named, instance):
    other = Project.objects.create(instance=instance, code=5, name="other", mode=Mode.OFF)
    Workflow.objects.create(key="ka5", name="y", project=other)
    forth, _back = walk(named.filter(project__name="warehouse"), by=("key",), size=3)
    assert len([row for page in forth for row in page]) == 10
