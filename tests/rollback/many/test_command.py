"""manage.py rollback_many."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rollback.models import RollbackBatch

pytestmark = pytest.mark.database


def run(capsys, *arguments):
    call_command("rollback_many", *arguments)
    return capsys.readouterr().out


def test_it_says_and_then_asks(incident, oncall, capsys):
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    common = ("--publisher", "mallory", "--since", since, "--user", "oncall", "--project", str(incident.project.code))
    said = run(capsys, *common, "--dry-run")
    assert "plain: v2 back to v1" in said
    assert not RollbackBatch.objects.exists()
    with pytest.raises(CommandError) as refusal:
        run(capsys, *common)
    assert refusal.value.returncode == 2
    run(capsys, *common, "--reason", "INC-1", "--acknowledge", "others_since")
    assert RollbackBatch.objects.get().items.count() == 4


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--user", "nobody"), 2),
        (("--user", "viewer"), 2),
        (("--user", "viewer", "--since", "yesterday"), 2),
        (("--user", "viewer", "--since", "2026-11-26T00:00:00"), 2),
        (("--user", "viewer", "--publisher", "x", "--project", "seven"), 2),
        (("--user", "viewer", "--publisher", "x"), 1),
    ],
)
def test_it_says_what_is_wrong(viewer, arguments, status):
    with pytest.raises(CommandError) as refusal:
        call_command("rollback_many", *arguments)
    assert refusal.value.returncode == status
