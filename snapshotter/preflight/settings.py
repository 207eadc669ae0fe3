"""The workflow itself: the right to write, its name, its tenant."""

from collections.abc import Iterator
from typing import Final

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.surroundings import Surroundings
from snapshotter.preflight.parts import Change, Problem

_NO_RIGHT: Final = frozenset({30001, 30002, 30003})


def settings_problems(change: Change, client: DolphinClient, around: Surroundings) -> Iterator[Problem]:
    if change.is_renamed:
        yield from _name(change, client, around)
    if client.flavour.has_workflow_tenant and "tenantCode" in change.settings:
        yield from _tenant(str(change.settings["tenantCode"]), around)
    if client.flavour.has_schedule_tenant and change.schedule is not None:
        yield from _tenant(str(change.schedule.get("tenantCode", "default")), around)


def _name(change: Change, client: DolphinClient, around: Surroundings) -> Iterator[Problem]:
    """The list of names is refused where the project is: for a new workflow this is the first call that tells."""
    try:
        code = client.find_by_name(around.project, change.wanted.name)
    except DolphinRejected as error:
        if error.dolphin_code not in _NO_RIGHT:
            raise
        yield Problem("no_write_permission")
        return
    if code is not None and code != change.code:
        problem = "name_taken" if change.aliases.origin_workflow is None or change.code is not None else "made_by_hand"
        yield Problem(problem, {"code": code, "name": change.wanted.name})


def _tenant(tenant: str, around: Surroundings) -> Iterator[Problem]:
    if tenant in ("default", ""):
        return
    if around.tenants is None:
        yield Problem("not_checked", {"list": "tenant"}, is_blocking=False)
    elif tenant not in around.tenants:
        yield Problem("tenant_missing", {"name": tenant}) if around.is_admin else _unseen(tenant)


def _unseen(tenant: str) -> Problem:
    return Problem("tenant_unseen", {"name": tenant}, is_blocking=False)
