"""The small part of a load: projects, workflows, people, and some hundred real contents that all versions share."""

from django.contrib.auth.models import User
from django.db import transaction
from guardian.shortcuts import assign_perm

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.permissions import MANAGE, VIEW
from catalog.secrets_at_rest import encrypt
from definitions.canonical import canonicalise
from dolphin.payloads import read_document
from operations.alerts.models import AlertChannel, AlertRule
from snapshotter import store
from snapshotter.choices import LiveState
from snapshotter.models import WebhookEndpoint, WorkflowState
from tests.bench.workloads import edited, raw_definition

WORKFLOWS = 5_000
PROJECTS = 20
PEOPLE = 200
CONTENTS = 500
_STATES = [LiveState.IN_SYNC] * 90 + [LiveState.DRIFTED] * 4 + [LiveState.CANNOT_COMPARE] * 2
_STATES += [LiveState.MISSING, LiveState.CORRUPT, LiveState.NOT_COVERED, LiveState.NOT_COVERED]
_WORDS = ("orders", "users", "payments", "stock", "risk", "clicks", "订单", "用户画像")


def fill() -> tuple[list[str], list[int]]:
    """Return the hashes of the contents, and the ids of a layout and a schedule. Workflow n has the id n + 1."""
    _projects()
    _workflows()
    _people()
    with transaction.atomic():
        return _contents(), [store.put_blob(b"{}"), store.put_blob(b'{"crontab":"0 0 3 * * ? *"}')]


def project_of(number: int) -> int:
    """The id of a workflow's project: neighbours by key stand in different ones."""
    return number % PROJECTS + 1


def _projects() -> None:
    instance = Instance.objects.create(
        id=1, name="bench", base_url="http://127.0.0.1:9/ds", token_encrypted=encrypt("x"), flavour="3.1"
    )
    for number in range(PROJECTS):
        project = Project.objects.create(
            id=number + 1, instance=instance, code=1000 + number, name=f"project {number:02}", mode=Mode.PUBLISH
        )
        url = f"https://hooks.example.org/{number}"
        WebhookEndpoint.objects.create(
            id=number + 1, project=project, url=url, secret_encrypted=encrypt("x"), created_by_name="root"
        )
        channel = AlertChannel.objects.create(
            id=number + 1,
            name=f"ops {number:02}",
            kind="webhook",
            address_encrypted=encrypt("{}"),
            shown="hooks.example.org",
        )
        AlertRule.objects.create(id=number + 1, name=f"all of {number:02}", project=project, channel=channel)


def _workflows() -> None:
    rows = [
        Workflow(
            id=number + 1,
            key=f"bench.project-{number % PROJECTS:02}.{_WORDS[number % len(_WORDS)]}_{number:04}",
            project_id=project_of(number),
            workflow_code=10_000_000 + number,
            name=f"{_WORDS[number % len(_WORDS)]}_{number:04}",
        )
        for number in range(WORKFLOWS)
    ]
    Workflow.objects.bulk_create(rows, batch_size=1000)
    states = [
        WorkflowState(
            workflow_id=number + 1,
            live_state=_STATES[number * 37 % 100],
            attention="the schedule could not be set" if number % 250 == 7 else "",
            expected_online=True,
        )
        for number in range(WORKFLOWS)
    ]
    WorkflowState.objects.bulk_create(states, batch_size=1000)


def _people() -> None:
    """A superuser, a reader of two projects, and many who hold something somewhere."""
    User.objects.create(id=1, username="root", is_superuser=True, is_staff=True)
    people = [User(id=number, username=f"engineer{number}", is_staff=True) for number in range(2, PEOPLE)]
    User.objects.bulk_create(people)
    reader = User.objects.get(pk=2)
    projects = list(Project.objects.order_by("pk"))
    for project in projects[:2]:
        assign_perm(VIEW, reader, project)
        assign_perm(MANAGE, reader, project)
    for person in people[1:]:
        assign_perm(VIEW, person, projects[person.pk % PROJECTS])


def _contents() -> list[str]:
    hashes = []
    raw = raw_definition(12)
    for seed in range(CONTENTS):
        raw = edited(raw, edits=1, seed=seed)
        hashes.append(store.put_content(canonicalise(read_document(raw))).content_hash)
    return hashes
