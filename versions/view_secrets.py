"""View secrets: the real values of a version, for one pair of eyes, once, and never without a row in the trail."""

from dataclasses import dataclass, field

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest
from catalog.permissions import VIEW_SECRETS, require
from definitions.document import Document
from definitions.secrets import find, mask_text
from snapshotter.masking import digest, masked_value
from snapshotter.models import Snapshot
from snapshotter.store import document_of

_PATHS_KEPT = 500  # in the trail; the number of all is kept too


@dataclass(frozen=True, slots=True)
class Secret:
    """`task` is the name of its task, masked, "" outside any; `path` names the place; `value` stays out of logs."""

    task: str
    path: str
    value: str = field(repr=False)


def view_secrets(snapshot: Snapshot, *, reason: str, actor: Actor) -> list[Secret]:
    """Return all secrets of the version, in its own order. The look is an audit row: who, why, which paths; no value. Raises NotAllowed."""
    project = snapshot.project
    require(actor, VIEW_SECRETS, project, event="secrets.refused")
    reason = mask_text(reason).strip()
    if not reason:
        raise InvalidRequest("Seeing secret values needs a reason.", field="reason")
    found = _secrets(document_of(snapshot))
    paths = [mask_text(secret.path) for secret in found]
    record(
        "secrets.viewed",
        actor=actor,
        target=snapshot,
        scope=project.scope,
        reason=reason,
        detail={"version": snapshot.version, "count": len(paths), "paths": paths[:_PATHS_KEPT]},
    )
    return found


def _secrets(document: Document) -> list[Secret]:
    parts = {"settings": document.settings, "schedule": document.schedule}
    found = [Secret("", path, value) for path, value in find(parts, digest=digest)]
    for code, task in document.tasks.items():
        name = masked_value(str(task.get("name", "")))
        found += [Secret(name, f"tasks.{code}.{path}", value) for path, value in find(task, digest=digest)]
    return found
