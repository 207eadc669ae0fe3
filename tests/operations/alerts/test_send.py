"""Robots, mail and webhooks, each against a receiver that answers as the real one does."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from operations.alerts.escape import markdown
from operations.alerts.send import mail, robots
from operations.alerts.send.sent import Letter, Sent

EVIL = "<@all> [click](http://evil.example) <at user_id='all'></at> **x** @all `y`\n# z"
DELIVERY = "0b7e7f1e-0000-4000-8000-000000000000"
OK = {"dingtalk": {"errcode": 0, "errmsg": "ok"}, "wecom": {"errcode": 0}, "feishu": {"code": 0, "msg": "success"}}


def letter(**more):
    message = {
        "title": "[high] Publish failed: orders",
        "facts": [["Workflow", EVIL]],
        "sentences": [f"Task {EVIL}: SQL changed"],
        "more": "and 7 more",
        "next": "Open the version.",
        "link": "https://snapshotter.example.com/workflows/orders/",
        "data": {"kind": "publish_failed"},
        **more,
    }
    return Letter(message, DELIVERY, "2026-11-26T10:00:00+00:00")


def send(kind, robot, secret="", **more):
    robot.say = json.dumps(OK[kind]).encode()
    sent = robots.send(kind, {"url": robot.url, "secret": secret}, letter(**more))
    return sent, *robot.got[-1]


def signed(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def test_dingtalk_signs_over_time_and_secret(robot):
    sent, path, body = send("dingtalk", robot, "SEC123")
    query = parse_qs(urlsplit(path).query)
    (stamp,) = query["timestamp"]
    assert sent == Sent(status=200) and query["access_token"] == ["t"] and len(stamp) == 13
    assert query["sign"] == [signed("SEC123", f"{stamp}\nSEC123")]
    assert (body["msgtype"], body["at"]) == ("markdown", {"isAtAll": False})
    assert body["markdown"]["title"] == "［high］ Publish failed: orders"
    assert "[Open in Snapshotter](https://snapshotter.example.com/workflows/orders/)" in body["markdown"]["text"]


def test_feishu_signs_with_time_and_secret_as_the_key(robot):
    sent, _path, body = send("feishu", robot, "SEC123")
    assert sent == Sent(status=200)
    assert body["sign"] == signed(f"{body['timestamp']}\nSEC123", "")
    parts = [part for line in body["content"]["post"]["zh_cn"]["content"] for part in line]
    assert {part["tag"] for part in parts} == {"text", "a"}, "no mention, and the only link is ours"
    assert [part["href"] for part in parts if part["tag"] == "a"] == [letter().link]


def test_wecom_takes_no_secret_and_stays_within_4096_bytes(robot):
    sent, path, body = send("wecom", robot, sentences=[f"第 {n} 个任务：脚本已修改" * 5 for n in range(200)])
    text = body["markdown"]["content"]
    assert sent == Sent(status=200) and path == "/send?access_token=t"
    assert len(text.encode()) <= 4096 and "…" in text and letter().link in text and DELIVERY[:8] in text


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_foreign_text_is_no_markup(kind, robot):
    _sent, _path, body = send(kind, robot)
    text = body["markdown"].get("text") or body["markdown"]["content"]
    assert text.count("](") == 1, "the only link is ours"
    assert "@" not in text and "<" not in text and "http://" not in text and "`" not in text
    assert not [line for line in text.splitlines()[1:] if line.lstrip("- ").startswith("#")]


def test_what_is_escaped_reads_the_same():
    assert markdown("orders_daily v3 (2 tasks) 每日") == "orders_daily v3 (2 tasks) 每日"
    assert markdown("[a](b) <c> @all") == "［a］(b) ＜c＞ ＠all"


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "wecom"])
@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, b'{"errcode": 310000, "errmsg": "c4n4ry"}', "refused: 310000"),
        (200, b'{"code": 19021}', "refused: 19021"),
        (200, b'{"code": false}', "refused: False"),
        (200, b"<html>c4n4ry", "the answer is not a robot's"),
        (200, b"\xff\xfe", "the answer is not a robot's"),
        (200, b"[0]", "the answer is not a robot's"),
        (500, b'{"errcode": 0}', "HTTP 500"),
        (302, b'{"errcode": 0}', "HTTP 302"),
    ],
)
def test_what_a_robot_does_not_take_is_known(kind, status, answer, error, robot):
    robot.status, robot.say = status, answer
    assert robots.send(kind, {"url": robot.url}, letter()) == Sent(error, status)


def test_of_an_endless_answer_little_is_read(robot):
    robot.say = b"x" * 3_000_000
    assert robots.send("wecom", {"url": robot.url}, letter()).error == "the answer is not a robot's"


def test_mail_is_plain_text_with_one_id(mails):
    for _ in range(2):
        assert mail.send({"to": ["a@example.com", "b@example.com"]}, letter(title="告警\nBcc: x@example.com")) != Sent()
    assert mail.send({"to": ["a@example.com", "b@example.com"]}, letter(title="告警 [high]")) == Sent()
    ((to, got),) = mails.got
    text = got.get_content()
    assert (to, got["Subject"], got.get_content_type()) == (
        ["a@example.com", "b@example.com"],
        "告警 [high]",
        "text/plain",
    )
    assert DELIVERY in got["Message-ID"] and got["X-Snapshotter-Delivery"] == DELIVERY
    assert "- and 7 more" in text and letter().link in text and EVIL.split("\n")[0] in text


def test_mail_that_is_refused(mails):
    mails.answers.append("554 no")
    assert mail.send({"to": ["a@example.com"]}, letter()) == Sent("SMTPDataError", 554)


def test_no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert mail.send({"to": ["a@example.com"]}, letter()).error == "mail is not set up: EMAIL_URL"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert mail.send({"to": ["a@example.com"]}, letter()).error == "ConnectionRefusedError"
