"""Values in the words of DolphinScheduler's pages."""

import pytest
from django.utils import translation

from versions.wording.field_names import FIELD_NAMES, field_name
from versions.wording.list_changes import DATES
from versions.wording.values import WORDS, pair, short_secret, shown


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("timeout", 0, "none"),
        ("timeout", 30, "30 min"),
        ("taskParams.connectTimeout", 60000, "60000 ms"),
        ("cpuQuota", 50, "50%"),
        ("memoryMax", -1, "none"),
        ("taskPriority", "HIGHEST", "highest"),
        ("warningType", "NONE", "never"),
        ("executionType", "SERIAL_PRIORITY", "serial, newest first"),
        ("taskPriority", "NOVEL", "NOVEL"),
        ("environmentCode", 71, "etl"),
        ("environmentCode", 72, "72"),
        ("taskParams.conditionResult.successNode", [71, 72], "etl, 72"),
        ("taskParams.conditionResult.successNode", [], "none"),
        ("anything", True, "yes"),
        ("anything", {"b": 1, "a": [2]}, '{"a":[2],"b":1}'),
        ("failRetryTimes", 0, "0"),
        ("timeout", False, "no"),
    ],
)
def test_a_value_in_words(field, value, words):
    assert shown(field, value, {71: "etl"}) == words


def test_values_that_differ_late_are_cut_around_it():
    before, after = pair("description", "x" * 5_000_000 + "1", "x" * 5_000_000 + "2")
    assert before.endswith("1") and after.endswith("2") and len(before) < 60


def test_a_secret_is_short_only_where_it_is_one():
    assert short_secret("secret:0123456789ab") == "secret:0123…"
    assert short_secret("secret:not really") == "secret:not really" and short_secret(None) == "none"


def test_a_field_without_a_name_has_its_path():
    assert field_name("taskParams.novel.deep") == "novel.deep" and field_name("novel") == "novel"


def test_every_word_has_its_chinese():
    words = [*FIELD_NAMES.values(), *DATES.values(), *(word for words in WORDS.values() for word in words.values())]
    with translation.override("zh-hans"):
        left = [str(word) for word in words if str(word).isascii() and str(word) not in ("SQL", "URL", "cron", "Cron")]
    assert left == []
