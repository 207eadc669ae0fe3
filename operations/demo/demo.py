"""The demo: the sandbox in place of DolphinScheduler, people, publishes with one mishap, and a night on call, made before your eyes."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Group, User

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.secrets_at_rest import encrypt
from catalog.service_accounts import issue_token
from catalog.test_connection import test_connection
from dolphin.sandbox import Sandbox
from operations.demo.changes import Say, dedup, drop_filter, emoji, publish_change, retry_twice
from operations.demo.dolphin import ByHand
from operations.demo.drift import behind_our_back
from operations.demo.rollbacks import night
from snapshotter.capture import capture, govern
from snapshotter.choices import Trigger
from snapshotter.make_snapshot import Origin
from snapshotter.work import run_due

PEOPLE = {
    "admin": "",
    "wang.wei": "Snapshotter managers",
    "li.na": "Snapshotter publishers",
    "zhao.min": "Snapshotter viewers",
    "chen.jie": "Snapshotter on-call",
    "liu.yang": "Snapshotter approvers",
    "ma.jun": "Snapshotter break-glass",
    "he.qing": "Snapshotter auditors",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor needs: `people` with their passwords, a token for the API, and DolphinScheduler's code of the project."""

    people: dict[str, str]
    token: str
    project: int


def prepare(folder: Path, sandbox: Sandbox, say: Say) -> Shown:
    """Fill an empty database; return what a visitor needs. A filled one is left as it is."""
    notes = folder / "people.json"
    if notes.exists():
        _point_at(sandbox)
        kept: dict[str, str] = json.loads(notes.read_text())
        return _shown(kept, sandbox)
    people = {name: _person(name, group) for name, group in PEOPLE.items()}
    project = _govern(sandbox, say)
    _story(sandbox, say)
    night(project, ByHand(sandbox), say)
    behind_our_back(project, ByHand(sandbox), say)
    token = issue_token("platform", project=project, role="publish", days=365, actor=SYSTEM)
    kept = {**people, "API token": token}
    notes.touch(mode=0o600)
    notes.write_text(json.dumps(kept))
    return _shown(kept, sandbox)


def _shown(kept: dict[str, str], sandbox: Sandbox) -> Shown:
    people = {name: password for name, password in kept.items() if name in PEOPLE}
    return Shown(people, kept["API token"], sandbox.project)


def _person(name: str, group: str) -> str:
    password = secrets.token_urlsafe(9)
    user = User.objects.create_user(name, password=password, is_staff=True, is_superuser=not group)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return password


def _point_at(sandbox: Sandbox) -> None:
    """The sandbox may stand on another port than last time."""
    Instance.objects.filter(name="sandbox").update(base_url=sandbox.url, paused_because="")


def _govern(sandbox: Sandbox, say: Say) -> Project:
    instance = Instance.objects.create(name="sandbox", base_url=sandbox.url, token_encrypted=encrypt(sandbox.token))
    report = test_connection(instance, actor=SYSTEM)
    say(f"connected to a sandbox that speaks DolphinScheduler {report.flavour}")
    project = Project.objects.create(instance=instance, code=sandbox.project, name="warehouse", mode=Mode.PUBLISH)
    rows = sandbox.state.in_project(sandbox.project)
    for row in rows:
        workflow = govern(project, workflow_code=row["code"], name=row["name"], actor=SYSTEM)
        capture(workflow, origin=Origin(trigger=Trigger.BASELINE, message="First look"), actor=SYSTEM)
    run_due()
    say(f"took a baseline of {len(rows)} workflows")
    return project


def _story(sandbox: Sandbox, say: Say) -> None:
    workflow = Workflow.objects.get(name__startswith="orders_daily")
    code = sandbox.state.next_code()
    publish_change(workflow, "Retry twice before waking anybody", "li.na", retry_twice)
    publish_change(workflow, "Faster load", "wang.wei", drop_filter)
    publish_change(
        workflow, "Drop double orders before they are counted, half an hour earlier", "zhao.min", dedup(code)
    )
    publish_change(workflow, "Notify with a character that MySQL's utf8 can't hold", "li.na", emoji)
    say(
        "published three changes of orders_daily; a fourth was refused by DolphinScheduler, and the former state put back"
    )
