"""Secret values are seen by who has the right, with a reason and a row, and by nobody else."""

import pytest
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.errors import InvalidRequest, NotAllowed, NotFound
from catalog.models import Project
from catalog.permissions import VIEW_SECRETS
from snapshotter.models import Snapshot
from versions.view_secrets import view_secrets

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = "/workflows/orders/versions/1/"
SECRETS = {"script": "hunter2script", "setting": "hunter3setting", "name": "hunter4name", "key": "hunter5key"}


@pytest.fixture
def body(make_definition):
    made = make_definition(f"export PASSWORD={SECRETS['script']}\necho ${{PASSWORD}}\n")
    first, second, _third = made["definitions"]["tasks"].values()
    first["name"] = "extract <b>all</b>"
    second["name"] = f"load --password {SECRETS['name']}"
    second["taskParams"]["password"] = SECRETS["key"]
    made["definitions"]["settings"]["globalParams"] = [
        {"direct": "IN", "type": "VARCHAR", "prop": "db_password", "value": SECRETS["setting"]}
    ]
    return made


@pytest.fixture
def snapshot(run_publish, body):
    assert run_publish(body).state == "succeeded"
    return Snapshot.objects.select_related("project__instance", "workflow").get()


@pytest.fixture
def keeper(viewer, project):
    """Somebody who may see secrets here, and no more than a viewer otherwise."""
    assign_perm(VIEW_SECRETS, viewer, project)
    return type(viewer).objects.get(pk=viewer.pk)


def test_all_are_found_with_task_and_place(snapshot, keeper):
    found = view_secrets(snapshot, reason="the run fails", actor=keeper)
    assert {secret.value for secret in found} == set(SECRETS.values())
    places = {secret.value: (secret.task, secret.path) for secret in found}
    assert places[SECRETS["setting"]] == ("", "settings.globalParams.0.value")
    task, path = places[SECRETS["script"]]
    assert task == "extract <b>all</b>" and path.startswith("tasks.") and path.endswith(".taskParams.rawScript")
    assert SECRETS["name"] not in places[SECRETS["key"]][0] and "secret:" in places[SECRETS["key"]][0]
    assert not [value for value in SECRETS.values() if value in repr(found)]


def test_the_look_is_kept_without_the_values(snapshot, keeper):
    view_secrets(snapshot, reason="as token=hunter6 says", actor=keeper)
    row = AuditEntry.objects.get(event="secrets.viewed")
    assert (row.outcome, row.actor_name, row.target, row.scope) == ("ok", "viewer", "orders v1", snapshot.project.scope)
    assert row.reason == "as token=****** says"
    assert (row.additional_data["version"], row.additional_data["count"]) == (1, 4)
    assert len(row.additional_data["paths"]) == 4
    assert not [value for value in SECRETS.values() if value in f"{row.additional_data}{row.changes}{row.reason}"]


def test_not_without_the_right_here(snapshot, manager, outsider, instance):
    other = Project.objects.create(instance=instance, code=99, name="other")
    assign_perm(VIEW_SECRETS, manager, other)
    with pytest.raises(NotAllowed):
        view_secrets(snapshot, reason="why", actor=type(manager).objects.get(pk=manager.pk))
    with pytest.raises(NotFound):
        view_secrets(snapshot, reason="why", actor=outsider)
    rows = AuditEntry.objects.filter(event="secrets.refused")
    assert {(row.outcome, row.actor_name) for row in rows} == {("refused", "manager"), ("refused", "outsider")}
    assert not AuditEntry.objects.filter(event="secrets.viewed").exists()


def test_not_without_a_reason(snapshot, keeper):
    with pytest.raises(InvalidRequest):
        view_secrets(snapshot, reason=" ", actor=keeper)
    assert not AuditEntry.objects.filter(event="secrets.viewed").exists()


def test_a_version_without_any_says_so(run_publish, make_definition, keeper, client):
    run_publish(make_definition())
    client.force_login(keeper, backend=BACKEND)
    answer = client.post(f"{PAGE}secrets/", {"reason": "why"})
    assert "Nothing in this version looks secret." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_is_an_answer_that_nobody_keeps(language, snapshot, keeper, client):
    client.force_login(keeper, backend=BACKEND)
    client.cookies["django_language"] = language
    button = "Show secret values" if language == "en" else "显示敏感值"
    assert button in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}secrets/", {"reason": "the run fails"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert all(value in text for value in SECRETS.values())
    assert "<b>all</b>" not in text and "extract &lt;b&gt;all" in text
    assert "ETag" not in answer
    looked = client.get(f"{PAGE}secrets/")
    assert (looked.status_code, looked["Location"]) == (302, PAGE)
    assert AuditEntry.objects.filter(event="secrets.viewed").count() == 1
    shown = client.get(PAGE).content.decode() + client.get(f"{PAGE}?tab=definition").content.decode()
    assert not [value for value in SECRETS.values() if value in shown]


def test_the_page_is_closed_to_others(snapshot, manager, outsider, client):
    client.force_login(manager, backend=BACKEND)
    assert "Show secret values" not in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}secrets/", {"reason": "why"})
    assert answer.status_code == 403
    assert not [value for value in SECRETS.values() if value in answer.content.decode()]
    assert AuditEntry.objects.get(event="secrets.refused").actor_name == "manager"
    client.force_login(outsider, backend=BACKEND)
    assert client.post(f"{PAGE}secrets/", {"reason": "why"}).status_code == 404
    client.logout()
    assert client.post(f"{PAGE}secrets/", {"reason": "why"}).status_code == 302
