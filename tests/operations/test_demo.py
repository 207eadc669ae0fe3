"""The demo: settings of its own that nobody else reads, a story told on the sandbox, and people to sign in as."""

import socket
import stat

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from catalog.models import Instance, Project
from dolphin.sandbox import Sandbox
from operations.demo import prepare
from operations.demo_env import write
from snapshotter.models import Snapshot


def test_settings_are_secret_own_and_kept(tmp_path):
    first = write(tmp_path / "one")
    text = first.read_text()
    names = [line.partition("=")[0] for line in text.splitlines()]
    assert {"SECRET_KEY", "SNAPSHOTTER_ENCRYPTION_KEYS", "DATABASE_URL", "SNAPSHOTTER_WORKER"} <= set(names)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert write(tmp_path / "one").read_text() == text
    assert not set(text.splitlines()[:2]) & set(write(tmp_path / "two").read_text().splitlines())


@pytest.fixture
def told(db, tmp_path):
    said = []
    with Sandbox(examples=True, state_file=tmp_path / "sandbox.json") as sandbox:
        yield prepare(tmp_path, sandbox, said.append), said, sandbox, tmp_path


def test_the_story(told):
    _, said, sandbox, _ = told
    assert Project.objects.get().code == sandbox.project
    assert Snapshot.objects.filter(trigger="baseline").count() == 4
    story = Snapshot.objects.filter(workflow__name__startswith="orders_daily").order_by("version")
    assert [snapshot.status for snapshot in story] == ["published"] * 4 + ["failed"]
    assert story[4].live_effect == "restored"
    assert len(said) == 3


def test_its_people_can_sign_in_and_its_project_is_named(told, client):
    shown = told[0]
    request = RequestFactory().post("/")
    for name in ("admin", "li.na", "wang.wei", "zhao.min"):
        user = authenticate(request, username=name, password=shown.people[name])
        assert user is not None and user.is_staff, name
    answer = client.get("/api/v1/workflows", headers={"Authorization": f"Bearer {shown.token}"})
    assert {row["project"] for row in answer.json()["results"]} == {shown.project}


def test_the_next_start_finds_the_same_people_and_the_new_sandbox(told):
    shown, _, first, folder = told
    assert stat.S_IMODE((folder / "people.json").stat().st_mode) == 0o600
    first.state.save(folder / "sandbox.json")
    with Sandbox(examples=True, state_file=folder / "sandbox.json") as another:
        assert prepare(folder, another, print) == shown
        assert Instance.objects.get().base_url == another.url
    assert Snapshot.objects.count() == 8


def test_a_taken_port_is_said_before_anything_is_done(db, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"PORT={port + 1}"):
            call_command("demo", port=port, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
