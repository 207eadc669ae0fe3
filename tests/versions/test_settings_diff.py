from dataclasses import replace

from definitions.canonical import canonicalise
from definitions.compare import compare, masked
from dolphin.payloads import read_document
from tests.definitions.documents import SCHEDULE
from tests.definitions.shapes import v31
from versions.field_rows import FieldRow
from versions.settings_diff import schedules, setting_rows

BASE = canonicalise(replace(read_document(v31()), schedule=SCHEDULE)).document


def rows(right, left=BASE):
    return setting_rows(masked(compare(left, right), digest=lambda secret: "ab" * 32))


def test_a_changed_setting_has_both_values():
    assert rows(replace(BASE, name="new", settings={**BASE.settings, "timeout": 9})) == [
        FieldRow("name", BASE.name, "new"),
        FieldRow("time-out", "none", "9 min"),
    ]


def test_parameters_show_their_value_and_secret_ones_their_mask():
    first = BASE.settings["globalParams"][0]
    changed = [{**first, "value": "x"}, {**first, "prop": "db_password", "value": "hunter2"}]
    changes = {row.name: row for row in rows(replace(BASE, settings={**BASE.settings, "globalParams": changed}))}
    assert changes["dt"].mark == "M" and changes["dt"].after.startswith("x")
    assert changes["db_password"].mark == "A" and "hunter2" not in changes["db_password"].after


def test_a_new_schedule_is_told_field_by_field():
    added = rows(BASE, replace(BASE, schedule=None))
    assert {row.mark for row in added} == {"A"}
    assert [row.after for row in added if row.name == "cron"] == [SCHEDULE["crontab"]]


def test_schedules_that_are_alike_are_shown_once():
    assert not schedules(SCHEDULE, dict(SCHEDULE)).has_changed
    found = schedules(SCHEDULE, {**SCHEDULE, "crontab": "0 0 5 * * ? *"})
    assert found.has_changed and found.left.times != found.right.times
