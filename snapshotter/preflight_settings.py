"""The workflow itself: the right to write, its name, its tenant."""

from collections.abc import Iterator
from typing import Final

from dolphin.client import DolphinClient
from dolphin.errors import DolphinRejected
from dolphin.surroundings import Surroundings
from snapshotter.preflight_parts import Change, Problem

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
        text = "The token's user may not write this project in DolphinScheduler. Grant it, or give another token."
        yield Problem("no_write_permission", text)
        return
    if code is not None and code != change.code:
        text = (
            f"Another workflow of the project ({code}) has the name {change.wanted.name[:200]!r}; "
            "case and trailing blanks do not tell names apart. Choose another name."
        )
        yield Problem("name_taken", text, "name")


def _tenant(tenant: str, around: Surroundings) -> Iterator[Problem]:
    if tenant in ("default", ""):
        return
    if around.tenants is None:
        yield Problem(
            "not_checked", "DolphinScheduler does not show its tenants to the token's user.", is_blocking=False
        )
    elif tenant not in around.tenants:
        text = f"DolphinScheduler has no tenant {tenant[:200]!r}. Create it, or name another one."
        yield Problem("tenant_missing", text, "tenantCode", is_blocking=around.is_admin)
