"""The verbs of drift, for the table."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.permissions import MANAGE_POLICY, PUBLISH, PUT_BACK, TRIAGE_DRIFT, VIEW
from drift.acknowledge import acknowledge
from drift.adopt import adopt
from drift.assign import assign
from drift.check import check
from drift.models import DriftItem, IgnoreRule
from drift.mute import mute
from drift.put_back import Order, put_back
from drift.rules.end import end_rule
from drift.rules.ignore import Field, ignore
from drift.unmute import unmute
from rollback.cancel import cancel
from rollback.choices import Act
from rollback.execute import execute
from tests.drift.items import again, make_item
from tests.security.rollback_verbs import _FORM, _ask, _made
from tests.security.world import Verb, World

_WHY = {"reason": "why"}
_T, _B = (TRIAGE_DRIFT,), (PUT_BACK,)


def _item(w: World, **values: Any) -> DriftItem:
    DriftItem.objects.all().delete()  # one stands at a time, and some callers undo nothing
    return make_item(w.workflow(), published=w.snapshot(), **values)


def _muted(w: World) -> DriftItem:
    return _item(w, state="muted", muted_until=_later())


def _later() -> Any:
    return timezone.now() + timedelta(hours=1)


def _rule(w: World, **place: Any) -> IgnoreRule:
    row = IgnoreRule.objects.create(project=w.project, path="name", reason="why", created_by_name="somebody", **place)
    return IgnoreRule.objects.select_related("project__instance", "workflow").get(pk=row.pk)


def _at(act: str, body: Any = None, make: Any = _item) -> Any:
    return lambda w: (f"drift/{make(w).pk}/{act}", body() if callable(body) else body or {})


def _page(act: str, make: Any = _item, **data: Any) -> Any:
    return lambda w: (f"/drift/{make(w).pk}/{act}/", data)


def _back(w: World) -> Any:
    return _made(w, act=Act.PUT_BACK)


_FIELD = {"path": "name", "reason": "why"}
DRIFT = [
    Verb(
        *("check now", (VIEW,), "drift.check_refused"),
        lambda w, who: check(w.workflow(), actor=who),
        lambda w: ("workflows/orders/check", None),
        lambda w: ("/workflows/orders/check/", {}),
    ),
    Verb(
        *("acknowledge drift", _T, "drift.acknowledge_refused"),
        lambda w, who: acknowledge(_item(w), actor=who),
        _at("acknowledge"),
        _page("acknowledge"),
    ),
    Verb(
        *("assign drift", _T, "drift.assign_refused"),
        lambda w, who: assign(_item(w), name="", actor=who),
        _at("assign", {"to": None}),
        _page("assign"),
    ),
    Verb(
        *("mute drift", _T, "drift.mute_refused"),
        lambda w, who: mute(_item(w), until=_later(), reason="why", actor=who),
        _at("mute", lambda: {**_WHY, "until": _later().isoformat()}),
        _page("mute", hours="1", **_WHY),
    ),
    Verb(
        *("unmute drift", _T, "drift.unmute_refused"),
        lambda w, who: unmute(_muted(w), actor=who),
        _at("unmute", make=_muted),
        _page("unmute", make=_muted),
    ),
    Verb(
        *("adopt drift", (PUBLISH,), "drift.adopt_refused"),
        lambda w, who: adopt(_item(w), actor=who, reason="why"),
        _at("adopt", _WHY),
        _page("adopt", **_WHY),
    ),
    Verb(
        *("put drift back", _B, "rollback.request_refused"),
        lambda w, who: put_back(again(_item(w)), Order(reason="why"), actor=who),
        _at("put-back", _WHY),
    ),
    Verb(
        *("ask to put back", _B, "rollback.request_refused"),
        lambda w, who: _ask(w, who, act=Act.PUT_BACK),
        lambda w: ("workflows/orders/rollbacks", {"version": 1, "act": "put_back", **_WHY}),
        lambda w: ("/workflows/orders/rollback/?version=1&act=put_back", {**_FORM, "step": "do"}),
    ),
    Verb(
        *("execute a put-back", _B, "rollback.execute_refused"),
        lambda w, who: execute(_back(w), actor=who),
        lambda w: (f"rollbacks/{_back(w).pk}/execute", {}),
        lambda w: (f"/rollbacks/{_back(w).pk}/execute/", {}),
    ),
    Verb(
        *("cancel a put-back", _B, "rollback.cancel_refused"),
        lambda w, who: cancel(_back(w), actor=who),
        lambda w: (f"rollbacks/{_back(w).pk}/cancel", {}),
        lambda w: (f"/rollbacks/{_back(w).pk}/cancel/", {}),
    ),
    Verb(
        *("ignore a field", _T, "ignore_rule.refused"),
        lambda w, who: ignore(w.project, Field(path="name", reason="why", workflow=w.workflow()), actor=who),
        _at("ignore", _FIELD),
        _page("ignore", scope="workflow", **_FIELD),
    ),
    Verb(
        *("ignore a field everywhere", (MANAGE_POLICY,), "ignore_rule.refused"),
        lambda w, who: ignore(w.project, Field(path="name", reason="why"), actor=who),
        lambda w: ("ignore-rules", {**_FIELD, "project": w.project.code}),
        _page("ignore", scope="project", **_FIELD),
    ),
    Verb(
        *("end a rule", _T, "ignore_rule.refused"),
        lambda w, who: end_rule(_rule(w, workflow=w.workflow()), actor=who),
        lambda w: (f"ignore-rules/{_rule(w, workflow=w.workflow()).pk}/end", None),
        lambda w: (f"/ignored-fields/{_rule(w, workflow=w.workflow()).pk}/end/", {}),
    ),
    Verb(
        *("end a project's rule", (MANAGE_POLICY,), "ignore_rule.refused"),
        lambda w, who: end_rule(_rule(w), actor=who),
        lambda w: (f"ignore-rules/{_rule(w).pk}/end", None),
        lambda w: (f"/ignored-fields/{_rule(w).pk}/end/", {}),
    ),
]
