"""Posting to foreign addresses: no redirect, no proxy, bounds on what is read and for how long."""

import socket
import threading

import pytest
import requests
from urllib3.exceptions import HTTPError

from snapshotter.webhooks.post import post
from tests.snapshotter.receiver import Receiver


def test_no_redirect_is_followed_and_nothing_is_read_unasked(settings):
    with Receiver(answers=[302]) as receiver:
        answer = post(f"{receiver.url}/hook", b"{}", {})
        assert (answer.status, answer.body, len(receiver.got)) == (302, b"", 1)


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Receiver() as receiver:
        assert post(receiver.url, b"{}", {}).status == 204


@pytest.fixture
def dripping():
    """A server that answers at once and sends the body byte by byte, for as long as it is listened to."""
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve():
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    stop.set()
    thread.join(10)
    server.close()


def test_one_that_sends_byte_by_byte_is_left(dripping):
    """All of it would take minutes, and no pause is as long as the time-out."""
    try:
        answer = post(dripping, b"{}", {}, read=16_384, timeout=(5.0, 1.0))
    except HTTPError:  # a machine so busy that a second passed between two bytes
        return
    assert answer.status == 200 and 0 < len(answer.body) < 1_000


def test_one_that_sends_its_head_byte_by_byte_is_left():
    """Each byte begins the time-out anew; and a head that is cut off is no answer, though it says 200."""
    server = socket.create_server(("127.0.0.1", 0))
    left = []

    def serve():
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(1_500):  # half a minute
                    connection.sendall(b"x")
                    threading.Event().wait(0.02)
                connection.sendall(b"\r\n\r\n")
            except OSError:
                left.append(True)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server, pytest.raises((requests.RequestException, HTTPError)):
        post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, timeout=(0.2, 0.3))
    thread.join(60)
    assert left
