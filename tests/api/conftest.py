from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from knox.models import AuthToken


@pytest.fixture
def api(client: Client, publisher: User, viewer: User, outsider: User) -> Callable[..., Any]:
    """Call the API as a named person by a service token."""
    tokens: dict[str, str] = {}

    def call(method: str, path: str, *, as_: str = "publisher", body: Any = None, **headers: str) -> Any:
        if as_ and as_ not in tokens:
            user = User.objects.filter(username=as_).first()
            tokens[as_] = AuthToken.objects.create(user, timedelta(days=1))[1] if user else "wrong"
        if as_:
            headers["Authorization"] = f"Bearer {tokens[as_]}"
        kind = headers.pop("content_type", "application/json")
        return getattr(client, method)(f"/api/v1/{path}", data=body, content_type=kind, headers=headers)

    return call


@pytest.fixture
def good_body(project: Any, make_definition: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return {"project": project.code, "definition": make_definition(), "message": "why"}
