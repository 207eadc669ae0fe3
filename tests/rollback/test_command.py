"""`manage.py rollback`, as a person."""

import pytest
from django.core.management import CommandError, call_command

from rollback.approve import approve
from rollback.choices import Act, State
from rollback.execute import execute
from rollback.models import RollbackRequest
from snapshotter.work import run_due
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin
from tests.snapshotter.remade import delete


def run(*arguments, capsys):
    call_command("rollback", "orders", *arguments, "--reason", "v3 loses rows")
    return capsys.readouterr().out


def test_it_asks_executes_and_says_what_is_live(history, oncall, capsys):
    out = run("1", "--user", "oncall", "--execute", capsys=capsys)
    assert "verified: version 4 is live and equals version 1" in out
    assert RollbackRequest.objects.get().requested_by == oncall


def test_without_execute_it_only_asks(history, oncall, capsys):
    assert run("1", "--user", "oncall", capsys=capsys).strip().endswith(": approved")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("1", "--user", "nobody"), 2, "no active user"),
        (("99", "--user", "oncall"), 2, "not_found"),
        (("3", "--user", "oncall"), 2, "nothing_to_do"),
        (("1", "--user", "viewer"), 2, "not_allowed"),
    ],
)
def test_it_says_why_it_could_not(history, oncall, viewer, capsys, arguments, code, said):
    with pytest.raises(CommandError, match=said) as caught:
        run(*arguments, capsys=capsys)
    assert caught.value.returncode == code


def test_what_must_be_agreed_to_is_listed(history, oncall, dolphin, capsys):
    from snapshotter.models import Snapshot

    Snapshot.objects.filter(pk=history.version(1).pk).update(live_from=None)
    with pytest.raises(CommandError, match="never_live: "):
        run("1", "--user", "oncall", capsys=capsys)
    run("1", "--user", "oncall", "--acknowledge", "never_live", capsys=capsys)


def test_a_failure_is_exit_status_one(history, oncall, dolphin, capsys, monkeypatch):
    from rollback.management.commands import rollback as command

    raw, execute = RawDolphin(dolphin.url, dolphin.token), command.execute

    def edited_meanwhile(*args, **options):
        sync = execute(*args, **options)
        raw.edit(dolphin.project, history.code, "echo theirs")
        return sync

    monkeypatch.setattr(command, "execute", edited_meanwhile)
    with pytest.raises(CommandError, match="live_moved") as caught:
        run("1", "--user", "oncall", "--execute", capsys=capsys)
    assert caught.value.returncode == 1


def test_a_deleted_workflow_is_made_anew_by_a_request(history, oncall, approver, rules, dolphin, capsys):
    """Where the rules ask for an approval, too: the request waits for it, and is executed then."""
    rules(approvals_needed=1)
    with pytest.raises(CommandError, match="still_in_dolphin"):
        run("1", "--user", "oncall", "--restore", capsys=capsys)
    delete(RawDolphin(dolphin.url, dolphin.token), dolphin.project, history.code)
    with pytest.raises(CommandError, match="missing_in_dolphin"):
        run("1", "--user", "oncall", capsys=capsys)
    assert run("1", "--user", "oncall", "--restore", capsys=capsys).strip().endswith(": pending")
    request = RollbackRequest.objects.get()
    assert request.act == Act.RESTORE
    approve(again(request), actor=approver)
    execute(again(request), actor=oncall)
    run_due()
    assert again(request).state == State.DONE


def test_a_restore_is_executed_at_once_where_nobody_must_approve(history, oncall, dolphin, capsys):
    delete(RawDolphin(dolphin.url, dolphin.token), dolphin.project, history.code)
    out = run("1", "--user", "oncall", "--restore", "--execute", capsys=capsys)
    assert "verified: version 4 is live and equals version 1" in out


def test_the_published_version_is_put_back(history, publisher, dolphin, capsys):
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    out = run("3", "--put-back", "--user", "publisher", "--acknowledge", "schedule_on", "--execute", capsys=capsys)
    assert "verified: version 3 is live" in out
    assert RollbackRequest.objects.get().act == Act.PUT_BACK
