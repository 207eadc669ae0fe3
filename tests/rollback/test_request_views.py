"""The page of one request and the acts on it: who may, who is told why not, and what the end looks like."""

import re
from datetime import timedelta

from django.utils import timezone
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow
from catalog.permissions import VIEW
from rollback import inbox_views
from rollback.cancel import cancel
from rollback.choices import State
from rollback.execute import execute
from rollback.models import RollbackApproval, RollbackRequest
from snapshotter.choices import SyncState
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due
from tests.pages.conftest import MARKUP, browse  # noqa: F401  a fixture
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_second_person_approves_and_the_first_executes(ask, rules, browse, oncall, approver, client):  # noqa: F811
    rules(approvals_needed=1)
    request = ask(1)
    page = f"/rollbacks/{request.pk}/"
    text = text_of(browse(page, approver))
    assert "script changed" in text and "v3 loses rows" in text and "0 of 1" in text
    assert text.index("script changed") < text.index("v3 loses rows"), "the difference comes first"
    assert client.post(f"{page}approve/", {"seen": request.bound_hash, "comment": "seen it"}).url == page
    assert again(request).state == State.APPROVED
    assert "Waits for the approval of one of: <b>approver</b>" in text
    assert "Next, one of these executes it: <b>oncall</b>" in text_of(browse(page, oncall))
    assert "seen it" in text_of(browse(page, oncall)) and "1 of 1" in text_of(client.get(page))
    client.post(f"{page}execute/")
    running = client.get(page)
    assert 'http-equiv="refresh"' in running.content.decode()
    run_due()
    done = text_of(client.get(page))
    assert "verified" in done and "http-equiv" not in done and again(request).sync.snapshot.content_hash in done
    assert "equal" in text_of(client.get(f"{page}?proof=1"))


def test_buttons_say_why_not(ask, rules, browse, oncall, approver, viewer, outsider, client):  # noqa: F811
    rules(approvals_needed=1, approver_groups=["Nobody's"])
    request = ask(1)
    page = f"/rollbacks/{request.pk}/"
    assert "Nobody decides on a request of their own." in text_of(browse(page, oncall))
    assert "0 of 1 approvals." in text_of(client.get(page))
    assert "Only members of Nobody&#x27;s approve here." in text_of(browse(page, approver))
    seen = text_of(browse(page, viewer))
    assert "You may not approve rollbacks in this project." in seen and "break-glass" not in seen
    assert client.post(f"{page}approve/").status_code == 403
    assert browse(page, outsider).status_code == 404 and client.post(f"{page}cancel/").status_code == 404
    assert client.get(f"{page}approve/").status_code == 405
    assert again(request).state == State.PENDING


def test_a_rejection_needs_its_comment(ask, rules, browse, approver, oncall, client):  # noqa: F811
    rules(approvals_needed=1)
    request = ask(1)
    page = f"/rollbacks/{request.pk}/"
    browse(page, approver)
    assert client.post(
        f"{page}reject/", {"comment": " "}, headers={"Referer": f"http://testserver{page}"}
    ).url.endswith(page)
    assert again(request).state == State.PENDING and RollbackApproval.objects.count() == 0
    client.post(f"{page}reject/", {"comment": f"not before noon {MARKUP}"})
    text = text_of(browse(page, oncall))
    assert "It was rejected." in text and "not before noon" in text and MARKUP not in text
    assert f"?version=1&amp;from={request.pk}" in text, "it can be asked for again, filled in"
    assert "v3 loses rows" in text_of(client.get(f"/workflows/orders/rollback/?version=1&from={request.pk}"))


def test_what_moved_closes_it_and_is_told(ask, browse, oncall, client, dolphin, history):  # noqa: F811
    request = ask(1)
    page = f"/rollbacks/{request.pk}/"
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    assert "DolphinScheduler was changed meanwhile." in text_of(browse(page, oncall))
    assert again(request).state == State.APPROVED, "looking writes nothing"
    client.post(f"{page}execute/")
    text = text_of(client.get(page))
    assert (again(request).state, again(request).closed_code) == (State.VOIDED, "live_moved")
    assert "It is void." in text and "from=" in text


def test_states_are_said_plainly_before_and_after(ask, rules, browse, oncall, approver, client):  # noqa: F811
    rules(approvals_needed=1)
    request = ask(1)
    page = f"/rollbacks/{request.pk}/"
    text = text_of(browse(page, approver))
    assert "What was asked for is not what it would do any more" not in text, "nothing has moved"
    assert "online → <b>online</b>" in text and "the present one: on → <b>on</b>" in text and "and stays" not in text
    client.post(f"{page}approve/", {"seen": request.bound_hash})
    browse(page, oncall)
    client.post(f"{page}execute/")
    run_due()
    done = text_of(client.get(page))
    assert "online → <b>online</b>" in done and re.search(r"Next fire</th><td><time", done)


def test_once_done_it_tells_what_was_really_overwritten(ask, browse, oncall, dolphin, history):  # noqa: F811
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    request = ask(1, acknowledged=("overwrites_edit", "schedule_on"))
    execute(request, actor=oncall)
    run_due()
    found = again(request)
    kept = found.sync.before["snapshot_id"]
    number = history.workflow.snapshots.get(pk=kept).version
    assert number != 3, "the edit is a version of its own"
    text = text_of(browse(f"/rollbacks/{request.pk}/", oncall))
    assert f"?left={number}&amp;right={found.sync.snapshot.version}" in text
    assert f'kept as <a href="/workflows/orders/versions/{number}/">v{number}</a>' in text


def test_an_old_proof_says_when_it_was_and_what_came_after(ask, roll_back, browse, oncall, approver):  # noqa: F811
    waiting = ask(1)
    seen = text_of(browse(f"/rollbacks/{waiting.pk}/", approver))
    assert 'id="decide"' not in seen, "nothing is to be decided where no approval is needed"
    cancel(waiting, actor=oncall)
    first = roll_back(1)
    page = f"/rollbacks/{first.pk}/"
    text = text_of(browse(page, oncall))
    assert re.search(r"Read back and equal at <time", text) and "Another version was published since" not in text
    roll_back(2)
    assert 'published since: <a href="/workflows/orders/versions/5/">v5</a>' in text_of(browse(page, oncall))


def test_a_failure_shows_piece_by_piece_what_is_live(ask, browse, oncall, client, dolphin, history):  # noqa: F811
    raw = RawDolphin(dolphin.url, dolphin.token)
    request = ask(1)
    execute(request, actor=oncall)
    raw.edit(dolphin.project, history.code, "echo theirs")
    run_due()
    page = f"/rollbacks/{request.pk}/"
    text = text_of(browse(page, oncall))
    assert again(request).state == State.FAILED
    assert "neither" in text and "somebody changed it in DolphinScheduler meanwhile" in text and "Execute again" in text
    raw.edit(dolphin.project, history.code, "echo three")
    text = text_of(client.get(page))
    assert "as before" in text and "neither" not in text
    assert "See what to do next" in text_of(client.get("/workflows/orders/"))


def test_what_needs_a_person_says_what_can_be_done(ask, browse, oncall, root):  # noqa: F811
    request = ask(1)
    sync = execute(request, actor=oncall)
    Sync.objects.filter(pk=sync.pk).update(state=SyncState.ATTENTION, error_code="not_equal", error_text="It differs.")
    text = text_of(browse(f"/rollbacks/{request.pk}/", root))
    assert "needs attention" in text and "Look again and go on" in text and "Give up and free the workflow" in text
    assert "Piece by piece" in text and "http-equiv" not in text
    assert "Look again and go on" not in text_of(browse(f"/rollbacks/{request.pk}/", oncall)), "who may not publish"


def test_dolphinscheduler_away_leaves_the_page_readable(ask, browse, approver, rules, dolphin):  # noqa: F811
    rules(approvals_needed=1)
    request = ask(1)
    dolphin.fault("status", method="GET", status=503, times=50)
    text = text_of(browse(f"/rollbacks/{request.pk}/", approver))
    assert "be read now" in text and "script changed" in text


def test_a_broken_glass_is_reviewed_by_another(ask, rules, browse, breaker, approver, client):  # noqa: F811
    rules(approvals_needed=2)
    request = ask(1, actor=breaker)
    page = f"/rollbacks/{request.pk}/"
    browse(page, breaker)
    client.post(f"{page}break-glass/", {"comment": "the night run begins"})
    run_due()
    assert "Whoever took part does not review it." in text_of(browse(page, breaker))
    assert f'href="{page}"' not in text_of(client.get("/rollbacks/"))
    assert f'href="{page}"' in text_of(browse("/rollbacks/", approver)) and "to be reviewed" in text_of(client.get("/"))
    assert "waiting for me" not in text_of(client.get("/")), "it is told once"
    assert "the night run begins" in text_of(client.get(page)), "who reviews it knows why"
    client.post(f"{page}review/", {"verdict": "right", "text": "it could not wait"})
    text = text_of(client.get(page))
    assert again(request).verdict == "right" and "it could not wait" in text
    assert AuditEntry.objects.filter(event="rollback.reviewed").count() == 1


def test_cancelling(ask, browse, oncall, client):  # noqa: F811
    request = ask(1)
    browse("/healthz", oncall)
    client.post(f"/rollbacks/{request.pk}/cancel/", {"comment": "it was the data"})
    assert again(request).state == State.CANCELLED
    assert "it was the data" in text_of(client.get(f"/rollbacks/{request.pk}/"))


def test_the_inbox_tells_who_must_move(ask, rules, history, browse, oncall, approver, viewer, outsider, client):  # noqa: F811
    rules(approvals_needed=1)
    request = ask(1)
    row = f'href="/rollbacks/{request.pk}/"'
    assert row in text_of(browse("/rollbacks/", approver)) and "waiting for me" in text_of(client.get("/"))
    assert row not in text_of(browse("/rollbacks/", oncall)) and row in text_of(client.get("/rollbacks/?tab=mine"))
    assert row not in text_of(browse("/rollbacks/", viewer)) and row in text_of(client.get("/rollbacks/?tab=all"))
    assert row not in text_of(browse("/rollbacks/?tab=all", outsider))
    rules(approver_groups=["Leads"])
    assert row not in text_of(browse("/rollbacks/", approver)), "the rules name a group that they are not in"
    rules(approver_groups=[])
    RollbackRequest.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert row not in text_of(browse("/rollbacks/", approver)), "expired: it waits on nobody"
    RollbackRequest.objects.update(expires_at=timezone.now() + timedelta(minutes=9))
    client.post(f"/rollbacks/{request.pk}/approve/")
    assert row not in text_of(client.get("/rollbacks/"))
    assert row in text_of(browse("/rollbacks/", oncall)), "approved: it waits on who may execute it"
    execute(again(request), actor=oncall)
    run_due()
    assert row not in text_of(client.get("/rollbacks/")) and row in text_of(client.get("/rollbacks/?tab=closed"))


def test_filters_of_the_inbox(ask, browse, oncall):  # noqa: F811
    row = f'href="/rollbacks/{ask(1, ticket="INC-7").pk}/"'
    for query in ("q=orders", "q=INC", "state=approved", "project=x&state=none", "after=~~"):
        assert row in text_of(browse(f"/rollbacks/?tab=mine&{query}", oncall)), query
    for query in ("q=" + "9" * 400, "state=done", "project=99"):
        assert row not in text_of(browse(f"/rollbacks/?tab=mine&{query}", oncall)), query


def test_words_for_a_state_are_not_those_for_a_count(browse, oncall, client):  # noqa: F811
    browse("/rollbacks/", oncall)
    text = text_of(client.get("/rollbacks/?tab=all", headers={"Accept-Language": "zh-hans"}))
    assert '<option value="done">已完成</option>' in text


def test_the_inbox_asks_as_much_for_many_as_for_one(ask, browse, oncall, django_assert_max_num_queries):  # noqa: F811
    ids = [ask(1).pk]
    browse("/rollbacks/?tab=mine", oncall)
    for _ in range(6):
        RollbackRequest.objects.filter(pk=ids[-1]).update(state=State.CANCELLED, open_key=None)
        ids.append(ask(1).pk)
    with django_assert_max_num_queries(40) as queries:
        assert len(re.findall(r'href="/rollbacks/\d+/"', text_of(browse("/rollbacks/?tab=mine", oncall)))) == 7
    few = len(queries)
    RollbackRequest.objects.filter(pk__in=ids[1:]).delete()
    with django_assert_max_num_queries(few):
        browse("/rollbacks/?tab=mine", oncall)


def test_the_rules_in_words_and_a_form(project, browse, lawgiver, viewer, outsider, client):  # noqa: F811
    page = f"/projects/{project.pk}/rollback-policy/"
    text = text_of(browse(page, viewer))
    assert "needs no approval" in text and 'name="approvals_needed"' not in text
    assert client.post(page, {"approvals_needed": 1}).status_code == 403
    assert browse(page, outsider).status_code == 404
    given = {"approvals_needed": 2, "expires_hours": 5, "review_hours": 6, "same_author_minutes": 0}
    browse(page, lawgiver)
    assert client.post(page, {**given, "expires_hours": 0}).status_code == 200
    assert client.post(page, given).url == page
    assert "A rollback needs 2 approvals" in text_of(client.get(page))
    assert AuditEntry.objects.filter(event="policy.changed").count() == 1


def test_what_became_of_it_in_another_project_is_told_to_who_may_see_that(
    ask,
    history,
    browse,  # noqa: F811
    oncall,
    viewer,
    instance,
    dolphin,
    client,
):
    """The request stays with the project it was made in; its workflow, its live state and its sync go on with the other."""
    waiting = ask(1)
    raw = RawDolphin(dolphin.url, dolphin.token)
    secret = Project.objects.create(instance=instance, code=raw.create_project(), name="secret", mode=Mode.PUBLISH)
    Workflow.objects.filter(pk=history.workflow.pk).update(project=secret, name="merger payroll")
    raw_calls = len(dolphin.log)
    text = text_of(browse(f"/rollbacks/{waiting.pk}/", viewer))
    assert "orders daily" in text and "merger" not in text and "secret" not in text
    assert "which you may not see" in text and len(dolphin.log) == raw_calls, "nothing live is read for them"
    assert "merger" not in text_of(client.get("/rollbacks/?tab=all"))
    assign_perm(VIEW, viewer, secret)
    assert "merger payroll" in text_of(browse(f"/rollbacks/{waiting.pk}/", _fresh(viewer)))


def test_a_proof_is_not_read_from_another_project(roll_back, history, browse, viewer, instance, dolphin):  # noqa: F811
    done = roll_back(1)
    assert "Piece by piece" in text_of(browse(f"/rollbacks/{done.pk}/?proof=1", viewer))
    secret = Project.objects.create(instance=instance, code=4711, name="secret", mode=Mode.PUBLISH)
    Workflow.objects.filter(pk=history.workflow.pk).update(project=secret, name="merger payroll")
    calls = len(dolphin.log)
    text = text_of(browse(f"/rollbacks/{done.pk}/?proof=1", viewer))
    assert "merger" not in text and "Piece by piece" not in text and f"/syncs/{done.sync.pk}" not in text
    assert len(dolphin.log) == calls


def _fresh(person):
    """With the rights they have now."""
    return type(person).objects.get(pk=person.pk)


def test_a_text_is_looked_for_in_the_newest_only(ask, history, browse, root, monkeypatch):  # noqa: F811
    request = ask(1)
    page = "/rollbacks/?tab=all&q="
    assert f'href="/rollbacks/{request.pk}/"' in text_of(browse(f"{page}loses", root))
    assert "newest" not in text_of(browse(f"{page}loses", root)), "all were looked through"
    monkeypatch.setattr(inbox_views, "LATEST", 1)
    RollbackRequest.objects.filter(pk=request.pk).update(state=State.CANCELLED, open_key=None)
    newer = ask(1, reason="another")
    text = text_of(browse(f"{page}loses", root))
    assert f'href="/rollbacks/{request.pk}/"' not in text and "in the newest 1 rollbacks" in text
    assert f'href="/rollbacks/{newer.pk}/"' in text_of(browse(f"{page}another", root))


def test_what_was_live_before_is_told_without_reading_the_history(history):
    newest = Snapshot.objects.latest_first().first()
    assert [row.version for row in Snapshot.objects.live_before(newest)] == [2, 1]
    newest.live_from = None  # an imported one
    assert not Snapshot.objects.live_before(newest).exists()
