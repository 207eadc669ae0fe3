"""People and things the tests share."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.utils import translation
from guardian.shortcuts import assign_perm

from catalog.choices import Mode
from catalog.models import Instance, Project
from catalog.permissions import MANAGE, PUBLISH, PUT_BACK, QUARANTINE, VIEW
from catalog.secrets_at_rest import encrypt
from dolphin.sandbox import Sandbox
from tests.definitions.documents import c1

hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # nothing timed goes into tests
hypothesis.settings.load_profile("untimed")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in the tests' thread


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that an earlier test asked for in Chinese leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def fire_guard(settings: Any) -> None:
    """Wait for near fires, as outside the tests."""
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "FIRE_GUARD": 60.0}


@pytest.fixture
def dolphin() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def instance(db: None, dolphin: Sandbox) -> Instance:
    return Instance.objects.create(
        name="sandbox", base_url=dolphin.url, token_encrypted=encrypt(dolphin.token), flavour="3.1"
    )


@pytest.fixture
def project(instance: Instance, dolphin: Sandbox) -> Project:
    return Project.objects.create(instance=instance, code=dolphin.project, name="warehouse", mode=Mode.PUBLISH)


def _person(name: str, project: Project | None, *permissions: str) -> User:
    user = User.objects.create_user(name, password="right password", is_staff=True)
    for permission in permissions:
        assign_perm(permission, user, project)
    return user


@pytest.fixture
def viewer(project: Project) -> User:
    return _person("viewer", project, VIEW)


@pytest.fixture
def publisher(project: Project) -> User:
    return _person("publisher", project, VIEW, PUBLISH, PUT_BACK)


@pytest.fixture
def manager(project: Project) -> User:
    return _person("manager", project, VIEW, PUBLISH, MANAGE, QUARANTINE)


@pytest.fixture
def outsider(db: None) -> User:
    return _person("outsider", None)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="right password")


@pytest.fixture
def make_definition(dolphin: Sandbox) -> Callable[..., dict[str, Any]]:
    """Return a maker of c1 bodies with three shell tasks; scripts may differ from call to call, codes stay."""
    codes = [dolphin.state.next_code() for _ in range(3)]

    def make(*scripts: str, **more: Any) -> dict[str, Any]:
        texts = dict(
            zip(codes, [*scripts, "echo b", "echo c"][:3] if scripts else ["echo a", "echo b", "echo c"], strict=True)
        )
        return c1(texts, **more)

    return make
