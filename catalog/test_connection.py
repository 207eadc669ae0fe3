"""Testing an instance's connection: which DolphinScheduler answers, as whom, and what is missing."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.models import Outcome
from audit.record import record
from catalog.clients import open_client
from catalog.errors import ServiceError
from catalog.models import Instance
from catalog.permissions import require_superuser
from dolphin.errors import DolphinError, DolphinUnauthorized


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """`projects` are {"code", "name"} of what the token may see; `problems` say what to do, none: all is well."""

    flavour: str = ""
    version: str = ""
    proven: bool = False
    user: str = ""
    is_admin: bool = False
    projects: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def test_connection(instance: Instance, *, actor: Actor) -> ConnectionReport:
    """Ask the instance who it is; note what was learnt, and end a pause when all is well. Network first, then one update."""
    require_superuser(actor, target=instance, event="instance.refused")
    report = _ask(instance)
    refused = bool(report.problems) and not report.flavour
    Instance.objects.filter(pk=instance.pk).update(
        flavour=report.flavour or instance.flavour,
        version_seen=report.version or instance.version_seen,
        checked_at=timezone.now(),
        paused_because=report.problems[0] if refused else "",
    )
    record(
        "instance.tested",
        actor=actor,
        target=instance,
        outcome=Outcome.FAILED if refused else Outcome.OK,
        reason="; ".join(report.problems),
    )
    return report


test_connection.__test__ = False  # type: ignore[attr-defined]  # a verb, not a test, whatever its name


def _ask(instance: Instance) -> ConnectionReport:
    try:
        instance.full_clean(exclude=["name"])
        with open_client(instance, detect=True) as client:
            found = client.detect()
            user = client.user()
            projects = client.projects()
    except DolphinUnauthorized:
        return ConnectionReport(problems=[_("The token is refused. Make a new one in DolphinScheduler and enter it.")])
    except (DolphinError, ServiceError, ValidationError) as error:
        return ConnectionReport(problems=[str(error)])
    problems = [] if projects else [_("The token's user sees no project. Grant it the projects to govern.")]
    if not found.flavour.proven:
        problems.append(_("Publishing to this version is not proven. Recording works; see the instance's page."))
    return ConnectionReport(
        flavour=found.flavour.name,
        version=found.version,
        proven=found.flavour.proven,
        user=str(user["name"]),
        is_admin=bool(user["is_admin"]),
        projects=projects,
        problems=problems,
    )
