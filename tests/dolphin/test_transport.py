"""The HTTP edge: which answer becomes which error, for a read and for a write."""

import pytest
import requests
import responses

from dolphin.errors import (
    DolphinRejected,
    DolphinUnauthorized,
    DolphinUnavailable,
    DolphinUnexpected,
    DolphinUnknownOutcome,
)
from dolphin.sandbox import Sandbox
from dolphin.transport import Call, Transport
from tests.services.process import wait_until

URL = "http://ds.test/dolphinscheduler"


@pytest.fixture
def transport():
    calls: list[Call] = []
    made = Transport(URL, "t0ken", observer=calls.append, read_timeout=1, max_response_bytes=1000)
    made.calls = calls
    yield made
    made.close()


def ok(data, code=0):
    return {"json": {"code": code, "msg": "m", "data": data}}


@responses.activate
def test_data_of_a_good_answer_and_the_token_header(transport):
    responses.get(f"{URL}/x", **ok([1]))
    assert transport.get("/x") == [1]
    assert responses.calls[0].request.headers["token"] == "t0ken"
    (call,) = transport.calls
    assert (call.method, call.path, call.status, call.dolphin_code) == ("GET", "/x", 200, 0)


@pytest.mark.parametrize(
    ("answer", "read_error", "write_error"),
    [
        ({"status": 401}, DolphinUnauthorized, DolphinUnauthorized),
        ({"status": 404, "body": "<html>"}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"status": 200, "body": "<html>", "content_type": "text/html"}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"status": 302, "headers": {"Location": "http://evil.test/"}}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"status": 503, "body": "busy"}, DolphinUnavailable, DolphinUnknownOutcome),
        ({"body": '{"code":0,"da', "content_type": "application/json"}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"json": {"code": "0", "data": 1}}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"json": {"code": True, "data": 1}}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"json": [1]}, DolphinUnexpected, DolphinUnknownOutcome),
        ({"body": '{"code":0,"code":1}', "content_type": "application/json"}, DolphinUnexpected, DolphinUnknownOutcome),
        (ok("x" * 2000), DolphinUnexpected, DolphinUnknownOutcome),
        (ok(None, 50003), DolphinRejected, DolphinRejected),
        (ok(None, 10107), DolphinRejected, DolphinUnknownOutcome),
        ({"body": requests.ConnectTimeout()}, DolphinUnavailable, DolphinUnavailable),
        ({"body": requests.ReadTimeout()}, DolphinUnavailable, DolphinUnknownOutcome),
        ({"body": requests.ConnectionError("reset")}, DolphinUnavailable, DolphinUnknownOutcome),
    ],
)
@responses.activate
def test_answers_become_errors(transport, answer, read_error, write_error):
    responses.get(f"{URL}/x", **answer)
    responses.put(f"{URL}/x", **answer)
    with pytest.raises(read_error):
        transport.get("/x")
    with pytest.raises(write_error) as caught:
        transport.write("PUT", "/x", {"a": 1})
    assert "t0ken" not in str(caught.value)


def test_a_port_where_nobody_listens_was_never_written_to():
    dead = Transport("http://127.0.0.1:9/ds", "t")
    with pytest.raises(DolphinUnavailable):
        dead.write("POST", "/x", {})
    dead.close()


def test_a_slow_server_is_given_up():
    with Sandbox() as sandbox:
        slow = Transport(sandbox.url, sandbox.token, read_timeout=0.3)
        sandbox.fault("delay", seconds=1.0, times=9)
        with pytest.raises(DolphinUnavailable):
            slow.get("/users/get-user-info")
        with pytest.raises(DolphinUnknownOutcome):
            slow.write("POST", "/projects", {"projectName": "x"})
        slow.close()


def test_a_write_is_sent_once():
    with Sandbox() as sandbox:
        sandbox.fault("cut", method="POST", times=5)
        client = Transport(sandbox.url, sandbox.token)
        with pytest.raises(DolphinUnknownOutcome):
            client.write("POST", "/projects", {"projectName": "x"})
        client.close()
        wait_until(lambda: bool(sandbox.log), 5)
    assert len(sandbox.log) == 1
