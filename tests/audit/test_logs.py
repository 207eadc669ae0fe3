"""Lines of the log: as JSON one object each, whatever stands in them, with the id of the request and what they are about."""

import json
import logging

import pytest

from audit.context import RequestContext, request_context
from audit.logs import JsonFormatter, RequestContextFilter
from audit.record import record


@pytest.fixture
def lines():
    """Return what the root logger writes, parsed."""
    written = []

    class Kept(logging.Handler):
        def emit(self, entry):
            written.append(self.format(entry))

    handler = Kept()
    handler.addFilter(RequestContextFilter())
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written]
    logging.getLogger().removeHandler(handler)


def test_a_line_outside_a_request(lines):
    logging.getLogger("anything").warning("run=%s was taken over", 7)
    (line,) = lines()
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "anything", "run=7 was taken over")
    assert (line["request_id"], line["run"]) == ("-", "7")
    assert line["time"].endswith("+00:00")


def test_what_a_worker_is_at(lines):
    with request_context(RequestContext(request_id="abcd1234", about=(("sync", 3),))):
        logging.getLogger("anything").info("said")
    (line,) = lines()
    assert (line["request_id"], line["sync"]) == ("abcd1234", "3")


def test_line_breaks_quotes_and_chinese_stay_in_one_object(lines):
    odd = 'a\n{"level": "CRITICAL"}\r\n"每日"\x1b[31m'
    logging.getLogger("anything").warning("%s", odd)
    (line,) = lines()
    assert (line["message"], line["level"]) == (odd, "WARNING")


def test_an_error_has_its_traceback(lines):
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("anything").exception("failed")
    (line,) = lines()
    assert line["error"].startswith("Traceback") and "ValueError: odd" in line["error"]


def test_an_entry_of_the_trail_in_its_parts(lines, root):
    entry = record("thing.done", actor=root, target=root, scope="a/b", reason="run=9, as one says", outcome="refused")
    (line,) = [line for line in lines() if line.get("event") == "thing.done"]
    assert line["logger"] == "audit"
    assert (line["entry"], line["outcome"], line["actor"]) == (entry.pk, "refused", "root")
    assert (line["target"], line["scope"], line["reason"]) == ("root", "a/b", "run=9, as one says")
    assert "run" not in line, "what a person wrote is no id of ours"
