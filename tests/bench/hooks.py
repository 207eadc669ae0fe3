"""Goals 9 and 10: accepting a call, beside a plain view that inserts one row."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import include, path
from guardian.shortcuts import assign_perm
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.generics import CreateAPIView

from catalog.choices import Mode
from catalog.models import Instance, Project, Workflow
from catalog.permissions import PUBLISH, VIEW
from catalog.secrets_at_rest import encrypt
from config.urls import urlpatterns as own
from snapshotter.models import IdempotencyKey, WorkflowState
from tests.bench.timing import Result, side_by_side
from tests.definitions.documents import c1

ROUNDS = 300
_numbers = count(1)


class _Row(serializers.ModelSerializer[IdempotencyKey]):
    class Meta:
        model = IdempotencyKey
        fields = ["project", "key_hash", "request_hash"]


class PlainView(CreateAPIView[IdempotencyKey]):
    """What the goal is measured against: the same sign-in, one row."""

    serializer_class = _Row
    queryset = IdempotencyKey.objects.all()


urlpatterns = [path("plain", PlainView.as_view()), path("", include(own))]


class _Caller:
    def __init__(self) -> None:
        instance = Instance.objects.create(
            name="hook", base_url="http://127.0.0.1:9/ds", token_encrypted=encrypt("x"), flavour="3.1"
        )
        self.project = Project.objects.create(instance=instance, code=77, name="hook", mode=Mode.PUBLISH)
        user = User.objects.create_user("hook")
        for permission in (VIEW, PUBLISH):
            assign_perm(permission, user, self.project)
        token = AuthToken.objects.create(user, timedelta(days=1))[1]
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, address: str, body: Any, **headers: str) -> None:
        answer = self.client.post(address, json.dumps(body), content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201, 202), answer.content

    def plain(self) -> None:
        number = next(_numbers)
        self.post("/plain", {"project": self.project.pk, "key_hash": f"{number:064}", "request_hash": "0" * 64})

    def workflow(self, name: str) -> Workflow:
        workflow = Workflow.objects.create(key=name, project=self.project, workflow_code=next(_numbers), name=name)
        WorkflowState.objects.create(workflow=workflow)
        return workflow

    def capture(self, workflow: Workflow) -> None:
        self.post(f"/api/v1/workflows/{workflow.key}/capture", {"message": "bench"})


def results() -> Iterator[Result]:
    with override_settings(ROOT_URLCONF="tests.bench.hooks", ALLOWED_HOSTS=["testserver"]):
        caller = _Caller()
        yield _accept(caller)
        yield from _publish(caller)
        yield _independent(caller)


def _accept(caller: _Caller) -> Result:
    waiting = iter([caller.workflow(f"accept-{number}") for number in range(ROUNDS)])
    ours, anchor = side_by_side(lambda: caller.capture(next(waiting)), caller.plain, rounds=ROUNDS)
    return Result(
        "9",
        "accept a capture, beside a view that inserts one row",
        1000 / ours,
        1000 / anchor,
        0.6,
        "/s",
        at_least=True,
    )


def _publish(caller: _Caller) -> Iterator[Result]:
    bodies = [{"project": 77, "definition": c1({1: f"echo {number}"}, name=f"p{number}")} for number in range(ROUNDS)]
    numbers, again = iter(range(ROUNDS)), iter(range(ROUNDS))

    def publish(order: Iterator[int]) -> None:
        number = next(order)
        caller.post(f"/api/v1/workflows/p{number}/publish", bodies[number], **{"Idempotency-Key": f"key {number}"})

    ours, anchor = side_by_side(lambda: publish(numbers), caller.plain, rounds=ROUNDS)
    yield Result(
        "9b", "accept a first publish with an idempotency key", 1000 / ours, 1000 / anchor, 0.6, "/s", at_least=True
    )
    replay, _ = side_by_side(lambda: publish(again), caller.plain, rounds=ROUNDS)
    yield Result("9c", "a replay, beside its first", replay, ours, 1.0)


def _independent(caller: _Caller) -> Result:
    """The hook never sees the definition, so all there is to differ is the noise."""
    small = iter([caller.workflow(f"small-{number}") for number in range(ROUNDS)])
    large = iter([caller.workflow(f"large-{number}") for number in range(ROUNDS)])
    ours, anchor = side_by_side(lambda: caller.capture(next(large)), lambda: caller.capture(next(small)), rounds=ROUNDS)
    return Result("10", "hook of 1,000 tasks, beside one of 10", ours, anchor, 1.1)
