"""Every verb that asks for a right, as a table: what it needs, which event a refusal leaves, and where it can be called.

A new verb has a line here; test_matrix finds the events that have none.
"""

from typing import Any

from django.contrib.auth.models import User

from catalog.adopt_deployment import adopt_deployment
from catalog.choices import Mode
from catalog.govern_project import govern_project
from catalog.permissions import MANAGE, OVERRIDE_FREEZE, PUBLISH, PUT_BACK, QUARANTINE, VIEW_SECRETS
from catalog.service_accounts import issue_token, revoke_token, rotate_token, tokens_of
from catalog.sign_in.choices import Source
from catalog.sign_in.link_account import link_account
from catalog.test_connection import test_connection as try_connection
from operations.choices import RunKind
from operations.start import start
from operations.stop import cancel as cancel_run
from operations.stop import resume as resume_run
from snapshotter.backfill import backfill
from snapshotter.baseline import glance, keep
from snapshotter.cancel import cancel
from snapshotter.capture import capture, govern
from snapshotter.drafts.confirm import confirm
from snapshotter.drafts.draft import draft
from snapshotter.drafts.fail import fail_draft
from snapshotter.fires.start import start_fire
from snapshotter.gates.freeze import freeze
from snapshotter.gates.quarantine import quarantine
from snapshotter.gates.thaw import thaw
from snapshotter.gates.unquarantine import unquarantine
from snapshotter.give_up import give_up
from snapshotter.import_snapshot import import_snapshot
from snapshotter.publish import publish
from snapshotter.put_back import put_back
from snapshotter.resume import resume
from snapshotter.retry import retry
from snapshotter.unlock import unlock
from snapshotter.webhooks.add import add_webhook
from snapshotter.webhooks.approve import approve_webhook
from snapshotter.webhooks.end import end_webhook
from snapshotter.webhooks.ping import test_webhook as ping
from tests.definitions.documents import c1
from tests.security.alert_verbs import ALERTS
from tests.security.drift_verbs import DRIFT
from tests.security.many_verbs import MANY
from tests.security.rollback_verbs import ROLLBACK
from tests.security.world import ONCE, WHY, Verb, World
from versions.view_secrets import view_secrets

_WHY = {"reason": "why"}
_P, _M, _Q = (PUBLISH,), (MANAGE,), (QUARANTINE,)


def _live(w: World) -> dict[str, Any]:
    return {"name": "x", "live": None, "since": glance(1)}


CATALOG = [
    Verb(
        *("issue a token", _M, "service_account.refused"),
        lambda w, who: issue_token("new", project=w.project, role="view", days=3, actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/service-accounts/", {"name": "new", "role": "view", "days": 3}),
    ),
    Verb(
        *("make the next token", _M, "service_account.refused"),
        lambda w, who: rotate_token(tokens_of(w.project)[0], project=w.project, actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/service-accounts/{tokens_of(w.project)[0].digest}/rotate/", {}),
    ),
    Verb(
        *("end a token", _M, "service_account.refused"),
        lambda w, who: revoke_token(tokens_of(w.project)[0], project=w.project, actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/service-accounts/{tokens_of(w.project)[0].digest}/revoke/", {}),
    ),
    Verb(
        *("link an account", (), "account.link_refused"),
        lambda w, who: link_account(User.objects.earliest("pk").username, source=Source.LDAP, actor=who),
    ),
    Verb(
        *("govern a project", (), "instance.refused"),
        lambda w, who: govern_project(w.instance, code=99, name="new", mode=Mode.RECORD, actor=who),
        page=lambda w: (f"/instances/{w.instance.pk}/govern/", {"code": 99, "name": "new", "mode": "record"}),
    ),
    Verb(
        *("test a connection", (), "instance.refused"),
        lambda w, who: try_connection(w.instance, actor=who),
        page=lambda w: (f"/instances/{w.instance.pk}/test/", {}),
    ),
    Verb("adopt the database", (), "deployment.refused", lambda w, who: adopt_deployment(actor=who)),
    Verb(
        *("change a mode", _M, "project.refused", None),
        page=lambda w: (f"/catalog/project/{w.project.pk}/change/", {"mode": "off", "temporary_patterns": ""}),
        hides=302,  # the admin leads to its start page
    ),
    Verb(
        *("look at roles", _M, "project.refused", None),
        page=lambda w: (f"/catalog/project/{w.project.pk}/permissions/", {}),
    ),
    Verb(
        *("change an instance", (), "instance.refused", None),
        page=lambda w: (f"/catalog/instance/{w.instance.pk}/change/", {"base_url": "http://evil.test/x"}),
    ),
]
SNAPSHOTTER = [
    Verb(
        *("publish", _P, "publish.refused"),
        lambda w, who: publish(w.request("orders", w.body), actor=who),
        lambda w: ("workflows/orders/publish", {"definition": w.body}),
        lambda w: ("/workflows/orders/publish/", {"definition": "{}", "message": "x"}),
    ),
    Verb(
        *("publish a new one", _P, "publish.refused"),
        lambda w, who: publish(w.request("fresh", c1({905: "echo"}, name="fresh")), actor=who),
        lambda w: (
            "workflows/fresh/publish",
            {"definition": c1({905: "echo"}, name="fresh"), "project": w.project.code},
        ),
    ),
    Verb(
        *("publish in a freeze", (PUBLISH, OVERRIDE_FREEZE), "publish.refused"),
        lambda w, who: publish(w.request("orders", w.body, override_freeze="urgent"), actor=who),
        lambda w: ("workflows/orders/publish", {"definition": w.body, "override_freeze": "urgent"}),
    ),
    Verb(
        *("capture", _P, "capture.refused"),
        lambda w, who: capture(w.workflow(), origin=WHY, actor=who),
        lambda w: ("workflows/orders/capture", {}),
        lambda w: ("/workflows/orders/capture/", {}),
    ),
    Verb(
        *("govern a workflow", _P, "govern.refused"),
        lambda w, who: govern(w.project, workflow_code=8001, name="new", actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/workflows/", {"workflow_code": 8001, "name": "new"}),
    ),
    Verb(
        *("leave a draft", _P, "draft.refused"),
        lambda w, who: draft(w.request("orders", w.body), actor=who),
        lambda w: ("workflows/orders/snapshots", {"definition": w.body}),
    ),
    Verb(
        *("confirm", _P, "confirm.refused"),
        lambda w, who: confirm(w.draft(), workflow_code=8002, actor=who),
        lambda w: (f"snapshots/{w.drafted}/confirm", {"workflow_code": 8002}),
    ),
    Verb(
        *("fail a draft", _P, "confirm.refused"),
        lambda w, who: fail_draft(w.draft(), code="x", message="", actor=who),
        lambda w: (f"snapshots/{w.drafted}/fail", {"code": "x"}),
    ),
    Verb(
        *("retry", _P, "publish.retry_refused"),
        lambda w, who: retry(w.snapshot(), actor=who),
        lambda w: (f"snapshots/{w.version}/retry", {}),
        lambda w: ("/workflows/orders/versions/1/retry/", {}),
    ),
    Verb(
        *("put back", (PUT_BACK,), "put_back.refused"),
        lambda w, who: put_back(w.workflow(), actor=who, reason="why"),
        lambda w: ("workflows/orders/put-back", _WHY),
        lambda w: ("/workflows/orders/put-back/", _WHY),
    ),
    Verb(
        *("cancel", _P, "sync.cancel_refused"),
        lambda w, who: cancel(w.sync(), actor=who),
        lambda w: (f"syncs/{w.sync_id}/cancel", {}),
        lambda w: (f"/syncs/{w.sync_id}/cancel/", {}),
    ),
    Verb(
        *("resume", _P, "sync.resume_refused"),
        lambda w, who: resume(w.sync(), actor=who),
        lambda w: (f"syncs/{w.sync_id}/resume", {}),
        lambda w: (f"/syncs/{w.sync_id}/resume/", {}),
    ),
    Verb(
        *("give up", _M, "sync.give_up_refused"),
        lambda w, who: give_up(w.sync(), actor=who, reason="why"),
        lambda w: (f"syncs/{w.sync_id}/give-up", _WHY),
        lambda w: (f"/syncs/{w.sync_id}/give-up/", _WHY),
    ),
    Verb(
        *("free a workflow", _M, "lock.refused"),
        lambda w, who: unlock(w.workflow(), actor=who, reason="why"),
        lambda w: ("workflows/orders/unlock", _WHY),
        lambda w: ("/workflows/orders/unlock/", _WHY),
    ),
    Verb(
        *("start a missed fire", _P, "fire.refused"),
        lambda w, who: start_fire(w.fire(), actor=who),
        lambda w: (f"missed-fires/{w.fire_id}/start", None),
        lambda w: (f"/missed-fires/{w.fire_id}/start/", {}),
    ),
    Verb(
        *("quarantine", _Q, "quarantine.refused"),
        lambda w, who: quarantine(w.snapshot(), reason="bad", actor=who),
        lambda w: (f"snapshots/{w.version}/quarantine", _WHY),
        lambda w: (f"/snapshots/{w.version}/quarantine/", _WHY),
    ),
    Verb(
        *("lift a quarantine", _Q, "quarantine.refused"),
        lambda w, who: unquarantine(w.quarantined(), actor=who),
        lambda w: (f"quarantines/{w.held_content}/lift", None),
        lambda w: (f"/snapshots/{w.version}/quarantine/{w.held_content}/lift/", {}),
    ),
    Verb(
        *("freeze a project", _M, "freeze.refused"),
        lambda w, who: freeze(w.new_window(project=w.project), actor=who),
        lambda w: ("freezes", {**ONCE, "project": w.project.code}),
    ),
    Verb(
        *("freeze an instance", (), "freeze.refused"),
        lambda w, who: freeze(w.new_window(instance=w.instance), actor=who),
        lambda w: ("freezes", {**ONCE, "instance": w.instance.name}),
    ),
    Verb(
        *("freeze everything", (), "freeze.refused"),
        lambda w, who: freeze(w.new_window(), actor=who),
        lambda w: ("freezes", {**ONCE, "everywhere": True}),
    ),
    Verb(
        *("lift a freeze", _M, "freeze.refused"),
        lambda w, who: thaw(w.freeze_window(), actor=who),
        lambda w: (f"freezes/{w.window}/lift", None),
        lambda w: (f"/freezes/{w.window}/end/", {}),
    ),
    Verb(
        *("add a webhook", _M, "webhook.refused"),
        lambda w, who: add_webhook(w.project, url="http://hook.test/y", actor=who),
        page=lambda w: (f"/projects/{w.project.pk}/webhooks/", {"url": "http://hook.test/y"}),
    ),
    Verb(
        *("approve a webhook", (), "webhook.refused"),
        lambda w, who: approve_webhook(w.webhook(), actor=who),
        page=lambda w: (f"/webhooks/{w.hook}/approve/", {}),
    ),
    Verb(
        *("test a webhook", _M, "webhook.refused"),
        lambda w, who: ping(w.webhook(), actor=who),
        page=lambda w: (f"/webhooks/{w.hook}/test/", {}),
    ),
    Verb(
        *("end a webhook", _M, "webhook.refused"),
        lambda w, who: end_webhook(w.webhook(), actor=who),
        page=lambda w: (f"/webhooks/{w.hook}/end/", {}),
    ),
    Verb(
        *("import", _M, "import.refused"),
        lambda w, who: import_snapshot(w.body, project=w.project, workflow_key="orders", origin=WHY, actor=who),
    ),
    Verb(
        *("keep a baseline", _P, "baseline.refused"),
        lambda w, who: keep(w.project, workflow_code=8003, actor=who, **_live(w)),
        beyond=AttributeError,
    ),
    Verb(
        *("back-fill", _P, "backfill.refused"),
        lambda w, who: next(backfill(None, w.workflow(), actor=who)),  # type: ignore[arg-type]
        beyond=AttributeError,
    ),
]
VERSIONS = [
    Verb(
        *("view secrets", (VIEW_SECRETS,), "secrets.refused"),
        lambda w, who: view_secrets(w.snapshot(), reason="why", actor=who),
        page=lambda w: ("/workflows/orders/versions/1/secrets/", _WHY),
    ),
]
OPERATIONS = [
    Verb(
        *("run over a project", _P, "run.refused"),
        lambda w, who: start(RunKind.BASELINE, instance=w.instance, project=w.project, actor=who),
        lambda w: ("runs", {"kind": "baseline", "project": w.project.code}),
        lambda w: (f"/projects/{w.project.pk}/runs/", {"kind": "baseline"}),
    ),
    Verb(
        *("run over an instance", (), "run.refused"),
        lambda w, who: start(RunKind.INVENTORY, instance=w.instance, actor=who),
        lambda w: ("runs", {"kind": "inventory", "instance": w.instance.name}),
        lambda w: (f"/instances/{w.instance.pk}/runs/", {"kind": "inventory"}),
    ),
    Verb(
        *("cancel a run", _P, "run.refused"),
        lambda w, who: cancel_run(w.operation(), actor=who),
        lambda w: (f"runs/{w.run}/cancel", None),
        lambda w: (f"/runs/{w.run}/act/", {"act": "cancel"}),
    ),
    Verb(
        *("resume a run", _P, "run.refused"),
        lambda w, who: resume_run(w.operation(), actor=who),
        lambda w: (f"runs/{w.run}/resume", None),
        lambda w: (f"/runs/{w.run}/act/", {"act": "resume"}),
    ),
]
VERBS = [*CATALOG, *SNAPSHOTTER, *VERSIONS, *ROLLBACK, *ALERTS, *MANY, *DRIFT, *OPERATIONS]
