"""What is said: in the rule's language and zone, the same again counted, on every channel; whatever is gone."""

import json
from datetime import UTC, datetime

import pytest

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.record import record
from operations.alerts.choices import Carries
from operations.alerts.deliver import deliver_due, deliver_next
from operations.alerts.digest import message_of
from operations.alerts.message import moment
from operations.alerts.models import AlertChannel, AlertDelivery
from operations.alerts.test_channel import test_channel as send_test
from tests.operations.alerts.conftest import make_due


def pause(instance):
    return record("instance.paused", actor=SYSTEM, target=instance, reason="the token was refused")


def test_in_chinese_and_in_the_rules_zone(make_rule, run_publish, make_definition, follow):
    rule = make_rule(language="zh-hans", time_zone="Asia/Shanghai")
    run_publish(make_definition())
    run_publish(make_definition("echo two"))
    follow()
    row = AlertDelivery.objects.latest("id")
    said = message_of(row)
    assert said["title"] == "[低] 已发布：orders (sandbox/warehouse)"
    assert [label for label, _text in said["facts"]][:4] == ["工作流", "项目", "版本", "操作人"]
    assert "脚本有改动" in said["sentences"][0] and said["next"].startswith("无需处理")
    assert dict(said["facts"])["时间"].endswith("CST")
    assert moment(datetime(2026, 11, 26, 20, tzinfo=UTC), row) == "2026-11-27 04:00:00 CST"
    assert rule.language == "zh-hans"


def test_the_same_again_says_how_often(told, instance):
    for _ in range(6):
        pause(instance)
    (first,) = told()
    make_due()
    (again,) = told()
    assert first["message"]["title"] == "[high] Calls to DolphinScheduler were stopped: sandbox"
    assert again["message"]["title"].endswith("– again, 5 times")
    assert (again["events"], again["entry"]) == (5, AuditEntry.objects.filter(event="instance.paused").latest("id").pk)
    assert told() == []


def test_no_link_where_the_settings_do_not_say_our_address(settings, told, instance):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "PUBLIC_URL": ""}
    pause(instance)
    (said,) = told()
    assert said["message"]["link"] == ""


def test_of_an_entry_or_an_object_that_is_gone_the_rest_is_told(rule, instance, follow):
    pause(instance)
    follow()
    row = AlertDelivery.objects.get()
    row.entry = 10**9
    said = message_of(row)
    assert said["title"] == "[high] Calls to DolphinScheduler were stopped: sandbox" and said["facts"] == []
    row.entry = record("instance.paused", actor=SYSTEM, target=type(instance)(pk=10**9, name="gone")).pk
    assert dict(message_of(row)["facts"])["Who"] == "system"


def test_a_reason_that_holds_a_secret_is_masked(told, instance):
    record("instance.paused", actor=SYSTEM, target=instance, reason="password=c4n4ry-hunter2 was refused")
    (said,) = told()
    assert "c4n4ry" not in json.dumps(said)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "wecom"])
def test_robots_get_it_at_their_own_pace(kind, make_channel, make_rule, robot, instance, follow):
    robot.say = b'{"errcode": 0, "code": 0}'
    channel = make_channel(kind, robot.url, "SEC" if kind != "wecom" else "")
    make_rule(channel=channel)
    pause(instance)
    record("webhook.given_up", actor=SYSTEM, target=instance)
    follow()
    assert deliver_next(channel.pk)
    assert "Calls to DolphinScheduler were stopped" in json.dumps(robot.got[0][1])
    channel.refresh_from_db()
    first = AlertDelivery.objects.get(state="delivered")
    assert channel.failures == 0 and channel.due_at > first.delivered_at, "the second one waits for its turn"
    AlertChannel.objects.update(due_at=None)
    assert deliver_due(60) == 1
    assert AlertDelivery.objects.filter(state="delivered").count() == 2


def test_a_robot_that_refuses_with_200_has_not_taken_it(make_channel, make_rule, robot, instance, follow):
    robot.say = b'{"errcode": 130101, "errmsg": "too fast"}'
    make_rule(channel=make_channel("dingtalk", robot.url))
    pause(instance)
    follow()
    deliver_due(60)
    row = AlertDelivery.objects.get()
    assert (row.state, row.error, row.http_status) == ("pending", "refused: 130101", 200)
    robot.say = b'{"errcode": 0}'
    make_due()
    deliver_due(60)
    row.refresh_from_db()
    assert row.state == "delivered"


def test_mail(make_channel, make_rule, mails, instance, follow):
    make_rule(channel=make_channel("mail", "a@example.com, b@example.com"), language="zh-hans")
    pause(instance)
    follow()
    mails.answers.append("451 later")
    assert deliver_due(60) == 1
    make_due()
    assert deliver_due(60) == 1
    first, second = mails.got
    assert second[0] == ["a@example.com", "b@example.com"]
    assert first[1]["Message-ID"] == second[1]["Message-ID"] and "已停止调用" in second[1]["Subject"]


def test_a_test_message_is_in_both_languages(channel, root, receiver):
    send_test(channel, actor=root)
    deliver_due(60)
    said = json.loads(receiver.got[0][2])
    assert said["kind"] == "test" and len(said["message"]["sentences"]) == 2
    assert AlertDelivery.objects.get().carries == Carries.TEST
