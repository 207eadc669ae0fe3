"""The correlation id: whose is kept, where it is shown, and that contexts do not run into each other."""

import logging
import threading

import pytest

from audit.context import RequestContext, current, new_request_id, request_context, set_actor
from audit.logs import RequestContextFilter


@pytest.mark.parametrize("offered", ["abcd1234", "a" * 64, "A.b_c-9876"])
def test_a_plain_id_is_kept(offered):
    assert new_request_id(offered) == offered


@pytest.mark.parametrize(
    "offered", ["", "short", "a" * 65, "with blank in", "a\nb\nc\nd\ne", "<script>", "每日每日每日每日"]
)
def test_another_one_is_replaced(offered):
    made = new_request_id(offered)
    assert made != offered and len(made) == 32


def test_the_former_context_comes_back():
    with request_context(RequestContext(request_id="outer")):
        with request_context(RequestContext(request_id="inner")):
            set_actor(7, "li.na")
            assert (current().request_id, current().actor_name) == ("inner", "li.na")
        assert (current().request_id, current().actor_name) == ("outer", "")
    assert current() == RequestContext()


def test_threads_have_their_own():
    seen = []
    with request_context(RequestContext(request_id="mine")):
        thread = threading.Thread(target=lambda: seen.append(current().request_id))
        thread.start()
        thread.join()
    assert seen == [""]


def test_a_log_line_carries_the_id():
    line = logging.LogRecord("x", logging.INFO, "x", 1, "hello", None, None)
    assert RequestContextFilter().filter(line) and line.request_id == "-"
    with request_context(RequestContext(request_id="req-12345678")):
        RequestContextFilter().filter(line)
    assert line.request_id == "req-12345678"
