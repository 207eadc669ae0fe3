"""The pages: who sees what, in both languages; from a channel to a message sent again, as people click it."""

import pytest

from audit.actors import SYSTEM
from audit.models import AuditEntry
from audit.record import record
from operations.alerts.deliver import deliver_due
from operations.alerts.models import AlertChannel, AlertDelivery, AlertRule
from tests.operations.alerts.conftest import make_due

BASE = "/operations/alerts/"
FORM = {"name": "nightly", "least": "medium", "language": "zh-hans", "time_zone": "Asia/Shanghai", "enabled": "on"}


def test_from_a_channel_to_a_message_sent_again(browse, root, client, receiver, instance, follow):
    browse("/", root)
    page = client.post(
        f"{BASE}channels/", {"name": "ops", "kind": "webhook", "address": f"{receiver.url}/c4n4ry", "secret": ""}
    )
    secret = page.context["secret"]
    assert secret.startswith("whsec_") and secret in page.content.decode()
    channel = AlertChannel.objects.get()
    own = f"{BASE}channels/{channel.pk}/"
    for path in (f"{BASE}channels/", own):
        text = client.get(path).content.decode()
        assert secret not in text and "c4n4ry" not in text
    assert client.post(f"{own}test/").status_code == 302
    deliver_due(60)
    assert len(receiver.got) == 1 and "204" in client.get(own).content.decode()
    assert client.post(f"{BASE}rules/", {**FORM, "channel": channel.pk, "project": ""}).status_code == 302
    rule = AlertRule.objects.get()
    assert (rule.project, rule.least, rule.kinds, rule.high_passes) == (None, "medium", [], False)
    record("instance.paused", actor=SYSTEM, target=instance, reason="<b>refused</b> c4n4ry=1")
    follow()
    receiver.answers.append(500)
    deliver_due(60)
    row = AlertDelivery.objects.latest("id")
    text = client.get(f"{BASE}{row.pk}/").content.decode()
    assert "HTTP 500" in text and "&lt;b&gt;" in text and "<b>refused" not in text and "已停止调用" in text
    assert client.post(f"{BASE}{row.pk}/again/").status_code == 409, "it is still on its way"
    make_due()
    deliver_due(60)
    assert client.post(f"{BASE}{row.pk}/again/").status_code == 302
    deliver_due(60)
    assert len({body for _path, _headers, body in receiver.got[1:]}) == 1 and len(receiver.got) == 4
    change = {**FORM, "name": "other", "channel": channel.pk, "kinds": ["publish_failed"], "high_passes": "on"}
    assert client.post(f"{BASE}rules/{rule.pk}/", change).status_code == 302
    rule.refresh_from_db()
    assert (rule.name, rule.kinds, rule.high_passes) == ("other", ["publish_failed"], True)
    assert client.post(f"{BASE}rules/{rule.pk}/end/").status_code == 302
    assert client.post(f"{own}end/").status_code == 302
    assert client.get(f"{BASE}rules/{rule.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"time_zone": "Mars"}, "time zone"), ({"quiet_from": "22:00"}, "Quiet hours"), ({"kinds": ["x"]}, "x")],
)
def test_what_is_wrong_is_said_in_the_form(wrong, word, browse, root, client, channel):
    browse("/", root)
    page = client.post(f"{BASE}rules/", {**FORM, "channel": channel.pk, **wrong})
    assert page.status_code == 200 and word in page.content.decode()
    assert AlertRule.objects.count() == 0


def test_a_wrong_address_is_said_in_the_form(browse, root, client):
    browse("/", root)
    page = client.post(
        f"{BASE}channels/", {"name": "x", "kind": "dingtalk", "address": "ftp://x/y", "secret": "c4n4ry"}
    )
    text = page.content.decode()
    assert page.status_code == 200 and "http or https" in text and "c4n4ry" not in text
    assert AlertChannel.objects.count() == 0


def test_a_manager_sets_the_rules_of_their_project_and_sees_what_those_tell(
    browse, manager, client, project, make_rule, channel, instance, follow
):
    theirs = make_rule(name="everybody's")
    browse("/", manager)
    form = {**FORM, "channel": channel.pk}
    assert client.post(f"{BASE}rules/", {**form, "project": project.pk}).status_code == 302
    assert client.post(f"{BASE}rules/", {**form, "project": ""}).status_code == 403
    mine = AlertRule.objects.get(project=project)
    text = client.get(f"{BASE}rules/").content.decode()
    assert "nightly" in text and "everybody" not in text
    record("instance.paused", actor=SYSTEM, target=instance)
    follow()
    rows = {row.rule_id: row for row in AlertDelivery.objects.all()}
    assert len(client.get(BASE).context["listed"].rows) == 1
    assert client.get(f"{BASE}{rows[mine.pk].pk}/").status_code == 200
    for path in (f"{BASE}{rows[theirs.pk].pk}/", f"{BASE}rules/{theirs.pk}/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{BASE}{rows[theirs.pk].pk}/again/").status_code == 404
    assert client.get(f"{BASE}channels/").status_code == 403


def test_others_see_nothing(browse, publisher, outsider, client, make_rule, channel):
    rule = make_rule()
    for person in (publisher, outsider):
        browse("/", person)
        for path in (BASE, f"{BASE}rules/", f"{BASE}channels/", f"{BASE}channels/{channel.pk}/"):
            assert client.get(path).status_code == 403, path
        assert client.get(f"{BASE}rules/{rule.pk}/").status_code == 404
        for path in (f"rules/{rule.pk}/end/", f"channels/{channel.pk}/end/", f"channels/{channel.pk}/test/"):
            assert client.post(BASE + path).status_code in (403, 404), path
    assert AuditEntry.objects.filter(event="alert.channel_refused").count() >= 4
    client.logout()
    assert client.get(BASE).status_code == 302


def test_looking_writes_nothing(browse, root, client, make_rule, channel, instance, follow):
    rule = make_rule()
    record("instance.paused", actor=SYSTEM, target=instance)
    follow()
    row = AlertDelivery.objects.get()
    browse("/", root)
    before = AuditEntry.objects.count(), row.attempts
    pages = ("", f"{row.pk}/", "rules/", f"rules/{rule.pk}/", "channels/", f"channels/{channel.pk}/")
    for path in pages:
        assert client.get(BASE + path).status_code == 200
    for path in (f"{row.pk}/again/", f"rules/{rule.pk}/end/", f"channels/{channel.pk}/test/"):
        assert client.get(BASE + path).status_code == 405
    row.refresh_from_db()
    assert before == (AuditEntry.objects.count(), row.attempts)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_cost_the_same_however_long(
    language, browse, root, client, make_rule, instance, follow, django_assert_max_num_queries
):
    first = make_rule()
    rows = [AlertRule(name=f"rule {number}", channel=first.channel) for number in range(30)]
    AlertRule.objects.bulk_create(rows)
    record("instance.paused", actor=SYSTEM, target=instance)
    follow()
    assert AlertDelivery.objects.count() == 31
    browse("/", root)
    client.cookies["django_language"] = language
    for path in (BASE, f"{BASE}rules/", f"{BASE}channels/", f"{BASE}?state=pending"):
        with django_assert_max_num_queries(15):
            text = client.get(path).content.decode()
        assert ("规则" in text) == (language == "zh-hans")
