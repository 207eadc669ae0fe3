"""Testing an instance, pausing it, its token at rest."""

import pytest

from audit.models import AuditEntry
from catalog.clients import client_for, pause
from catalog.errors import InstancePaused, NotAllowed, TokenUnreadable
from catalog.models import Instance
from catalog.test_connection import test_connection as ask


def test_a_good_connection_ends_a_pause(instance, root, dolphin):
    pause(instance, "token refused")
    report = ask(instance, actor=root)
    assert (report.flavour, report.user, report.is_admin, report.problems) == ("3.1", "admin", True, [])
    assert {row["name"] for row in report.projects} == {"warehouse"}
    fresh = Instance.objects.get(pk=instance.pk)
    assert (fresh.paused_because, fresh.flavour) == ("", "3.1")


@pytest.mark.parametrize(
    ("change", "says"), [({"token": "other"}, "refused"), ({"url": "http://127.0.0.1:9/x"}, "reached")]
)
def test_a_bad_connection_says_what_to_do(instance, root, dolphin, change, says):
    dolphin.token = change.get("token", dolphin.token)
    instance.base_url = change.get("url", instance.base_url)
    report = ask(instance, actor=root)
    assert says in report.problems[0]
    assert AuditEntry.objects.get(event="instance.tested").outcome == "failed"


def test_only_a_superuser_tests(instance, manager):
    with pytest.raises(NotAllowed):
        ask(instance, actor=manager)
    row = AuditEntry.objects.get(event="instance.refused")
    assert (row.outcome, row.actor_name, row.target) == ("refused", "manager", instance.name)


def test_a_paused_instance_is_not_called(instance, dolphin):
    pause(instance, "why")
    pause(instance, "again")
    with pytest.raises(InstancePaused):
        client_for(Instance.objects.get(pk=instance.pk))
    assert AuditEntry.objects.filter(event="instance.paused").count() == 1
    assert dolphin.log == []


def test_a_token_of_another_key_says_so(instance):
    instance.token_encrypted = "gAAAAABnot-a-token"
    with pytest.raises(TokenUnreadable):
        client_for(instance)
