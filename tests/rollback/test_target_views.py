"""From a version's button to a verified rollback, page by page, without JavaScript."""

import re
from datetime import timedelta

from django.utils import timezone

from audit.models import AuditEntry
from rollback.choices import State
from rollback.models import RollbackRequest
from snapshotter.capture import capture
from snapshotter.choices import Trigger
from snapshotter.gates.quarantine import quarantine
from snapshotter.make_snapshot import Origin
from snapshotter.models import DefinitionBlob, FreezeWindow, Snapshot, WorkflowState
from snapshotter.readers import reading
from snapshotter.store import piece_ids
from snapshotter.work import run_due
from tests.pages.conftest import MARKUP, browse  # noqa: F401  a fixture
from tests.rollback.conftest import again
from tests.services.raw_dolphin import RawDolphin

PAGE = "/workflows/orders/rollback/?version=1"
WHY = {"category": "bad_publish", "ticket": "INC-7", "reason": "v3 loses rows"}


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def confirmed(client, page=PAGE, **more):
    """Post the first page's form and return (fields that the confirmation carries, its text)."""
    answer = client.post(page, {**WHY, "step": "confirm", **more})
    assert answer.status_code == 200, answer
    text = answer.content.decode()
    carried = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text.partition('id="back"')[0]):
        carried.setdefault(name, []).append(value)
    return carried, text


def test_four_steps_from_the_workflow_page_to_a_verified_rollback(history, browse, oncall, client):  # noqa: F811
    first = text_of(browse("/workflows/orders/", oncall))
    assert 'href="/workflows/orders/rollback/?version=1" data-rollback' in first
    second = text_of(client.get(PAGE))
    assert "Roll back orders daily to v1" in second and "What will change in DolphinScheduler" in second
    carried, third = confirmed(client)
    assert "autofocus" in third and "Roll back orders daily to v1" in third
    done = client.post(PAGE, {**carried, "typed": "orders daily", "step": "do"})
    run_due()
    request = RollbackRequest.objects.get()
    assert done.url == f"/rollbacks/{request.pk}/"
    fourth = text_of(client.get(done.url))
    assert (
        request.state == State.DONE and "verified" in fourth and Snapshot.objects.get(version=4).content_hash in fourth
    )
    assert (request.ticket, request.reason, request.category) == ("INC-7", "v3 loses rows", "bad_publish")


def test_who_may_not_ask_sees_why_and_is_refused(history, browse, viewer, outsider, client):  # noqa: F811
    text = text_of(browse(PAGE, viewer))
    assert "You may not ask for rollbacks in this project." in text and 'name="reason"' not in text
    assert "data-rollback" not in text_of(client.get("/workflows/orders/"))
    assert client.post(PAGE, {**WHY, "step": "do", "typed": "orders daily"}).status_code == 403
    assert AuditEntry.objects.filter(event="rollback.request_refused").count() == 1
    assert browse(PAGE, outsider).status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_a_refused_form_comes_back_filled_in(history, browse, oncall, client):  # noqa: F811
    before = AuditEntry.objects.count()
    browse(PAGE, oncall)
    text = text_of(client.post(PAGE, {**WHY, "reason": " ", "step": "confirm", "online": "off"}))
    assert "A rollback needs a reason." in text and 'value="INC-7"' in text
    assert re.search(r'name="online" value="off"[^>]* checked', text)
    carried, _ = confirmed(client, online="off", acknowledged=["goes_offline", "schedule_off"])
    wrong = text_of(client.post(PAGE, {**carried, "typed": "orders", "step": "do"}))
    assert "not the workflow" in wrong and RollbackRequest.objects.count() == 0
    assert 'name="online" value="off"' in wrong and 'value="v3 loses rows"' in wrong
    looked = text_of(client.post(PAGE, {**carried, "step": "look"}))
    assert re.search(r'name="online" value="off"[^>]* checked', looked) and "v3 loses rows" in looked
    assert AuditEntry.objects.count() == before, "looking writes nothing"
    assert WorkflowState.objects.get(workflow=history.workflow).lock_id is None


def test_what_moved_since_the_look_is_shown_again(history, browse, oncall, client, dolphin):  # noqa: F811
    browse(PAGE, oncall)
    carried, _ = confirmed(client)
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    text = text_of(client.post(PAGE, {**carried, "typed": "orders daily", "step": "do"}))
    assert RollbackRequest.objects.count() == 0
    assert "Something has moved since you looked" in text or "Agree to each warning" in text
    assert "v3 loses rows" in text


def test_the_present_is_what_was_read_now(history, browse, oncall, client, dolphin):  # noqa: F811
    assert "● v3, as published" in text_of(browse(PAGE, oncall))
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.release(dolphin.project, history.code, "OFFLINE")
    assert "v3 as published, switched on or off in DolphinScheduler" in text_of(client.get(PAGE))
    raw.release(dolphin.project, history.code, "ONLINE")
    raw.edit(dolphin.project, history.code, "echo theirs")
    edited = text_of(client.get(PAGE))
    assert "v3 and an edit made in DolphinScheduler" in edited and "as published" not in edited
    dolphin.fault("status", method="GET", status=503, times=50)
    assert "? not known" in text_of(client.get(PAGE))


def test_a_damaged_published_version_leaves_the_page_readable(history, browse, oncall, dolphin):  # noqa: F811
    RawDolphin(dolphin.url, dolphin.token).edit(dolphin.project, history.code, "echo theirs")
    pieces = {number: set(piece_ids(history.version(number).content_hash)) for number in (1, 3)}
    assert DefinitionBlob.objects.filter(pk__in=pieces[3] - pieces[1]).update(data=b"spoilt")
    assert "? not known" in text_of(browse(PAGE, oncall))


def test_the_confirmation_says_what_will_be_on_and_what_stays(history, browse, oncall, client, dolphin):  # noqa: F811
    raw = RawDolphin(dolphin.url, dolphin.token)
    browse(PAGE, oncall)
    _, same = confirmed(client)
    assert "online → <b>online</b>" in same and "on → <b>on</b>" in same and "and stays" not in same
    assert re.search(r"Next fire</th><td><time", same)
    _, off = confirmed(client, online="off", acknowledged=["goes_offline"])
    assert "online → <b>offline</b>" in off and "nothing runs by itself" in off
    raw.release(dolphin.project, history.code, "OFFLINE")
    (schedule,) = raw.schedules(dolphin.project, history.code)
    raw.data("DELETE", f"/projects/{dolphin.project}/schedules/{schedule['id']}")
    raw.release(dolphin.project, history.code, "ONLINE")
    raw.create_schedule(dolphin.project, history.code, "0 30 4 * * ? *")
    _, other = confirmed(client, acknowledged=["overwrites_edit", "schedule_on"])
    assert "It differs from v1's, and stays." in other.replace("&#x27;", "'") and "off → <b>on</b>" in other


def test_what_stands_in_the_way_is_said_and_no_form_is_shown(ask, history, browse, oncall, dolphin):  # noqa: F811
    dolphin.fault("status", method="GET", status=503, times=50)
    away = text_of(browse(PAGE, oncall))
    assert "What is live can't be read now" in away.replace("&#x27;", "'") and "Try again" in away
    dolphin.faults.clear()
    request = ask(2)
    another = text_of(browse(PAGE, oncall))
    assert f'href="/rollbacks/{request.pk}/"' in another
    assert f'href="/rollbacks/{request.pk}/"' in text_of(browse("/workflows/orders/", oncall))
    dolphin.state.definitions.pop(history.code)
    deleted = text_of(browse(PAGE, oncall))
    assert "The workflow was deleted in DolphinScheduler." in deleted
    assert not [text for text in (away, another, deleted) if 'name="reason"' in text]


def test_the_glass_is_broken_from_the_confirmation(history, rules, browse, breaker, client):  # noqa: F811
    rules(approvals_needed=2)
    browse(PAGE, breaker)
    carried, text = confirmed(client)
    assert "Ask for approval: orders daily to v1" in text and "break the glass" in text
    given = {**carried, "typed": "orders daily", "step": "glass"}
    assert "needs a reason" in text_of(client.post(PAGE, {**given, "glass_reason": " "}))
    client.post(PAGE, {**given, "glass_reason": "the night run begins"})
    run_due()
    request = again(RollbackRequest.objects.get())
    assert (request.state, request.is_break_glass) == (State.DONE, True)


def test_what_is_quarantined_is_refused_with_its_reason(history, browse, oncall, root):  # noqa: F811
    quarantine(history.version(1), reason=f"loses rows {MARKUP}", whole_project=False, actor=root)
    text = text_of(browse(PAGE, oncall))
    assert "loses rows" in text and MARKUP not in text and 'name="reason"' not in text
    assert "data-rollback" not in text_of(browse("/workflows/orders/", oncall)).partition('id="v1"')[2]
    own = text_of(browse("/workflows/orders/versions/1/", oncall))
    assert "Roll back to v1: In quarantine: loses rows" in own and "data-rollback" not in own and MARKUP not in own


def test_the_published_version_offers_the_one_before(history, browse, oncall, viewer, root, client):  # noqa: F811
    page = "/workflows/orders/versions/3/"
    assert re.search(r'version=2" data-rollback [^>]*>↩ Back to v2<', text_of(browse(page, oncall)))
    quarantine(history.version(2), reason="late", whole_project=False, actor=root)
    text = text_of(client.get(page))
    assert "Roll back to v2: In quarantine: late" in text and "data-rollback" not in text
    assert "Roll back to v2: You may not ask" in text_of(browse(page, viewer))


def test_in_a_freeze_it_is_asked_for_and_executed_later(history, project, browse, oncall, client):  # noqa: F811
    now, day = timezone.now(), timedelta(days=1)
    window = FreezeWindow.objects.create(
        project=project, reason="audit", created_by_name="wang", starts_at=now - day, ends_at=now + day
    )
    assert "It is frozen now" in text_of(browse(PAGE, oncall))
    carried, shown = confirmed(client)
    assert "It is frozen now" in shown and "audit" in shown
    done = client.post(PAGE, {**carried, "typed": "orders daily", "step": "do"}, follow=True)
    request = RollbackRequest.objects.get()
    assert request.state == State.APPROVED and "Frozen until" in text_of(done)
    window.delete()
    client.post(f"/rollbacks/{request.pk}/execute/")
    run_due()
    request = again(request)
    assert request.state == State.DONE
    assert f'href="/rollbacks/{request.pk}/"' in text_of(client.get(f"/syncs/{request.sync_id}/"))


def test_who_may_override_a_freeze_is_told_so_and_a_holder_is_named(history, project, browse, root, client):  # noqa: F811
    now, day = timezone.now(), timedelta(days=1)
    FreezeWindow.objects.create(
        project=project, reason="audit", created_by_name="wang", starts_at=now - day, ends_at=now + day
    )
    assert "You may roll back in it, with a reason" in text_of(browse(PAGE, root))
    _, shown = confirmed(client, override_freeze="no waiting")
    assert "It is rolled back in the freeze all the same, because: <b>no waiting" in shown
    assert "holds this workflow" not in shown
    sync = capture(history.again(), origin=Origin(trigger=Trigger.CAPTURE, message=""), actor=root)
    held = text_of(client.get(PAGE))
    assert "root holds this workflow" in held and f'href="/syncs/{sync.pk}/"' in held.partition('id="reason"')[2]


def test_odd_addresses(history, browse, oncall):  # noqa: F811
    page = "/workflows/orders/rollback/"
    for query, status in (("version=9", 404), ("version=x", 400), ("version=" + "9" * 30, 400)):
        assert browse(f"{page}?{query}", oncall).status_code == status
    assert browse(f"{page}?version=1&from=abc&online=nonsense&schedule=", oncall).status_code == 200
    assert browse(page, oncall).url == "/workflows/orders/"


def deleted_in_dolphin(history, dolphin):
    raw = RawDolphin(dolphin.url, dolphin.token)
    raw.release(dolphin.project, history.code, "OFFLINE")
    raw.data("DELETE", f"/projects/{dolphin.project}/process-definition/{history.code}")


def test_a_deleted_workflow_is_asked_for_approved_and_made_anew(
    history,
    rules,
    browse,  # noqa: F811
    oncall,
    approver,
    client,
    dolphin,
):
    rules(approvals_needed=1)
    deleted_in_dolphin(history, dolphin)
    lost = text_of(browse("/workflows/orders/restore/", oncall))
    assert f'action="{PAGE.partition("?")[0]}"' in lost and "Ask for the restore" in lost
    page = text_of(client.get(PAGE))
    assert "Restore orders daily as v1" in page and 'name="wait_for_runs"' not in page
    carried, text = confirmed(client)
    assert "Ask for approval: Restore orders daily as v1" in text
    assert "not the workflow" in text_of(client.post(PAGE, {**carried, "typed": "orders", "step": "do"}))
    asked = client.post(PAGE, {**carried, "typed": "orders daily", "step": "do"})
    request = RollbackRequest.objects.get()
    assert (request.act, request.state, asked.url) == ("restore", State.PENDING, f"/rollbacks/{request.pk}/")
    assert "Restore as v1, asked for by oncall" in text_of(client.get("/workflows/orders/"))
    assert "Restore orders daily as v1" in text_of(browse(asked.url, approver))
    client.post(f"{asked.url}approve/", {"seen": request.bound_hash, "comment": ""})
    browse(asked.url, oncall)
    client.post(f"{asked.url}execute/")
    run_due()
    request = again(request)
    assert request.state == State.DONE, request.closed_text
    assert request.workflow.workflow_code not in (None, history.code)
    assert "verified" in text_of(client.get(asked.url))


def test_what_was_never_published_is_not_restored(history, browse, oncall, client, dolphin):  # noqa: F811
    deleted_in_dolphin(history, dolphin)
    Snapshot.objects.filter(version=1).update(status="failed")
    page = text_of(browse(PAGE, oncall))
    assert "Only a version that was published can be restored." in page and 'name="reason"' not in page
    client.post(PAGE, {**WHY, "step": "do", "typed": "orders daily"})
    assert RollbackRequest.objects.count() == 0


def test_those_who_only_look_are_few_at_once_and_shown_what_was_read_just_now(
    history,
    browse,  # noqa: F811
    viewer,
    oncall,
    client,
    dolphin,
    settings,
):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "LIVE_CACHE": 600, "LIVE_READS": 1, "LIVE_WAIT": 0}
    with reading(history.workflow.project.instance_id):
        calls = len(dolphin.log)
        assert "Too many readers" in text_of(browse(PAGE, viewer))
        assert client.post(PAGE, {**WHY, "step": "do", "typed": "orders daily"}).status_code == 403
        assert len(dolphin.log) == calls, "nor by a step that they may not take"
        browse("/healthz", oncall)
        assert "Too many readers" not in confirmed(client)[1], "who acts waits for no reader"
    definition = f"/process-definition/{history.code}"
    assert "Live now" in text_of(client.get(PAGE))
    calls = len(dolphin.log)
    text = text_of(browse(PAGE, viewer))
    assert "Live now" in text and "Too many readers" not in text
    assert not [call for call in dolphin.log[calls:] if call.path.endswith(definition)], "shown what another has read"
    browse("/healthz", oncall)
    calls = len(dolphin.log)
    confirmed(client)
    assert [call for call in dolphin.log[calls:] if call.path.endswith(definition)], "who acts is shown this moment"
