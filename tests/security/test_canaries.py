"""Secrets go in at every inlet and come out nowhere: logs, database, pages, answers, downloads, trail, journal.

What must hold them: the encrypted token (not in plain), and the compressed content, which is what DolphinScheduler needs (ADR 0006).
"""

import copy
import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from audit.models import AuditEntry
from catalog.models import Instance, Project
from catalog.secrets_at_rest import decrypt
from dolphin.sandbox import Sandbox
from dolphin.sandbox.answers import envelope
from operations.doctor import examine
from snapshotter.derive_lineage import derive_due
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due
from tests.security.canaries import ELSEWHERE, IN_THE_DEFINITION, Canaries, database
from versions import diff_views, version_views

SIDES = ("1&right=2", "2&right=1", "published&right=live")

PAGES = [
    *("/", "/workflows/", "/workflows/orders/", "/workflows/orders/publish/"),
    *("/workflows/orders/versions/1/", "/workflows/orders/versions/2/", "/workflows/orders/versions/1/canonical.json"),
    *(f"/workflows/orders/versions/{number}/?tab={tab}" for number in (1, 2) for tab in version_views.TABS),
    *(f"/workflows/orders/diff/?left={sides}&tab={tab}" for sides in SIDES for tab in diff_views.TABS),
    *(f"/workflows/orders/diff/?left={sides}&tab=tasks&mode=unified" for sides in SIDES),
    *(f"/workflows/orders/diff/?left={sides}&tab=graph&graph=all" for sides in SIDES),
    *(f"/workflows/orders/diff/export/?left={sides}&format={name}" for sides in SIDES for name in diff_views.FORMATS),
    *("/workflows/orders/versions/1/dolphinscheduler.json", "/changes/"),
    *("/trail/", "/workflows/orders/history/", "/workflows/orders/versions/2/history/", "/api/v1/audit"),
    *("/catalog/instance/", "/catalog/project/", "/audit/auditentry/", "/axes/accessattempt/", "/axes/accesslog/"),
]
READS = [
    *("workflows", "workflows/orders", "workflows/orders/versions", "snapshots"),
    *("workflows/orders/versions/1?content=true", "workflows/orders/versions/2?content=true"),
    *("workflows/orders/versions/1/lineage", "workflows/orders/versions/2/lineage"),
    *(f"workflows/orders/diff?left={sides}" for sides in SIDES),
    *(f"workflows/orders/diff?left={sides}&format={name}" for sides in SIDES for name in diff_views.FORMATS),
]


class Echo(Sandbox):
    """Refuses updates with an error that quotes what it was sent, token included, as real servers do now and then."""

    echoes = False

    def answer(self, method, path, token, form, size):
        if self.echoes and method == "PUT":
            text = f"### Error updating database, near {form} by {token}; password={form}"
            return envelope(None, code=50020, message=text)
        return super().answer(method, path, token, form, size)


@pytest.fixture
def canaries():
    return Canaries()


@pytest.fixture
def dolphin(canaries):
    with Echo(token=canaries["dolphin_token"]) as sandbox:
        yield sandbox


@pytest.fixture
def site(client, root, dolphin, canaries):
    """Signed in by the form, after a wrong try; the instance and its project added by the pages."""
    client.post("/login/", {"username": "root", "password": canaries["sign_in"]})
    client.post("/login/", {"username": "root", "password": "right password"})
    data = {"name": "prod", "token": canaries["dolphin_token"], "enabled": "on"}
    with_password = dolphin.url.replace("://", f"://me:{canaries['address_password']}@")
    client.post("/catalog/instance/add/", {**data, "base_url": with_password})
    assert Instance.objects.count() == 0
    client.post("/catalog/instance/add/", {**data, "base_url": dolphin.url})
    instance = Instance.objects.get()
    client.post(f"/instances/{instance.pk}/test/")
    client.post(f"/instances/{instance.pk}/govern/", {"code": dolphin.project, "name": "warehouse", "mode": "publish"})
    return client


@pytest.fixture
def api(site, canaries):
    """The API by a service account whose token is a canary too, and once by a wrong one."""
    project = Project.objects.get()
    page = site.post(f"/projects/{project.pk}/service-accounts/", {"name": "platform", "role": "publish", "days": 9})
    canaries["service_token"] = page.context["token"]
    caller = Client()
    assert (
        caller.get("/api/v1/workflows", headers={"Authorization": f"Bearer {canaries['wrong_token']}"}).status_code
        == 401
    )

    def call(method, path, body=None):
        headers = {
            "Authorization": f"Bearer {canaries['service_token']}",
            "Idempotency-Key": canaries["idempotency_key"],
        }
        options = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(caller, method)(f"/api/v1/{path}", headers=headers, **options)

    return call


@pytest.fixture
def story(api, site, canaries, make_definition, dolphin, caplog):
    """One publish that succeeds, one that DolphinScheduler refuses with an echo, one that is forced, one that is refused by us."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")  # quieter in the settings, but anybody may ask for all of it
    project = {"project": dolphin.project}
    body = canaries.request(canaries.put_into(make_definition()))
    assert api("post", "workflows/orders/publish", {**body, **project}).status_code == 202
    run_due()
    assert Sync.objects.get().state == "succeeded", Sync.objects.get().error_text
    unknown = api("post", "workflows/orders/publish", {**body, **project, "pasword": canaries["unknown_value"]})
    assert unknown.status_code == 400
    dolphin.echoes = True
    changed = {**copy.deepcopy(body["definition"]), "name": "orders two"}
    second = list(changed["definitions"]["tasks"].values())[1]
    second["taskParams"]["sql"] += "; insert into shop.daily select * from shop.orders"
    changed["relations"].append({**changed["relations"][-1], "preTaskCode": changed["relations"][-2]["postTaskCode"]})
    data = {"message": body["message"], "base": 1, "online": "keep", "schedule": "keep"}
    data["force_reason"] = f"because password={canaries['force_reason']}"
    answer = site.post("/workflows/orders/publish/", {**data, "definition": json.dumps(changed)})
    assert answer.status_code == 302, answer.context["form"].errors
    run_due()
    sync = Sync.objects.latest("pk")
    assert (sync.state, sync.error_code) == ("failed", "dolphin_50020")
    site.post("/workflows/orders/capture/", {"message": f"look, password={canaries['message']}"})
    run_due()
    derive_due(60)
    return sync


def test_they_went_in(story, canaries, dolphin):
    """Without this the others would prove nothing."""
    held = str(dolphin.state.task_log) + str(dolphin.state.definitions)
    assert canaries.found_in(held, of=IN_THE_DEFINITION) == list(IN_THE_DEFINITION)
    assert decrypt(Instance.objects.get().token_encrypted) == canaries["dolphin_token"]
    assert "******" in story.error_text
    assert "password=******" in story.force_reason
    message = Snapshot.objects.get(version=1).message
    assert message == "as agreed, password=******"


def test_the_database_holds_them_only_as_content(story, canaries):
    content = ""
    for place, text in database():
        if place == "content":
            content += text
        else:
            assert not canaries.found_in(text), place
    assert set(canaries.found_in(content)) == set(IN_THE_DEFINITION)
    assert not canaries.found_in(content, of=ELSEWHERE)


def test_logs_hold_none(story, canaries, caplog, site):
    for path in PAGES:
        site.get(path)
    lines = logging.Formatter("%(name)s %(message)s")
    text = "\n".join(lines.format(record) for record in [*caplog.get_records("setup"), *caplog.records])
    assert "publish.succeeded" in text and "urllib3" in text  # the ordinary lines and the chattiest are there
    assert not canaries.found_in(text)
    keys = [*settings.SNAPSHOTTER["ENCRYPTION_KEYS"], *settings.SNAPSHOTTER["AUDIT_KEYS"], settings.SECRET_KEY]
    assert not [key for key in keys if key in text]


def test_pages_and_downloads_show_none(story, canaries, site):
    instance, project = Instance.objects.get(), Project.objects.get()
    paths = [
        *PAGES,
        f"/catalog/instance/{instance.pk}/change/",
        f"/catalog/project/{project.pk}/change/",
        f"/projects/{project.pk}/workflows/",
        f"/projects/{project.pk}/service-accounts/",
        *(f"/syncs/{sync.pk}/" for sync in Sync.objects.all()),
        *(f"/audit/auditentry/{row.pk}/change/" for row in AuditEntry.objects.all()),
        *(f"/trail/{row.pk}/" for row in AuditEntry.objects.all()),
    ]
    for path in paths:
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert not canaries.found_in(answer.content.decode()), path
    for form in ("csv", "jsonl"):
        taken = b"".join(site.post(f"/trail/export.{form}").streaming_content).decode()
        assert "publish.succeeded" in taken and not canaries.found_in(taken), form


def test_answers_hold_none(story, canaries, api):
    paths = [*READS, *(f"syncs/{sync.pk}" for sync in Sync.objects.all())]
    for path in paths:
        answer = api("get", path)
        assert answer.status_code == 200, path
        assert not canaries.found_in(answer.content.decode()), path


def test_doctor_and_the_connection_test_say_none(story, canaries, site, dolphin):
    assert not canaries.found_in(str(list(examine())))
    dolphin.token = "another"
    assert not canaries.found_in(str(list(examine())))
    answer = site.post(f"/instances/{Instance.objects.get().pk}/test/")
    assert "refused" in answer.content.decode()
    assert not canaries.found_in(answer.content.decode())


def test_secret_values_are_shown_once_and_kept_nowhere(story, canaries, site, caplog):
    """The one page that may: who opened it is in the trail, and nothing else holds more than before."""
    answer = site.post("/workflows/orders/versions/1/secrets/", {"reason": "the job can't sign in"})
    shown = answer.content.decode()
    assert set(canaries.found_in(shown)) == set(IN_THE_DEFINITION)
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(event="secrets.viewed").additional_data["count"] >= len(IN_THE_DEFINITION)
    for place, text in database():
        assert place == "content" or not canaries.found_in(text), place
    lines = logging.Formatter("%(name)s %(message)s")
    assert not canaries.found_in("\n".join(map(lines.format, [*caplog.get_records("setup"), *caplog.records])))
    for row in AuditEntry.objects.filter(event="secrets.viewed"):
        assert not canaries.found_in(site.get(f"/audit/auditentry/{row.pk}/change/").content.decode())
