"""Whose database this is. A clone of the production database, started elsewhere, must not write DolphinScheduler.

The first migrate writes the deployment's id into the database; a process of another id finds that it does not match, and every project
falls back to record until a person adopts the database.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.db import connection

from catalog.choices import Mode
from catalog.models import Deployment, Project

ROW = 1
RESTORED = "restored "  # an id that begins so was written after a backup was loaded, and is nobody's


def own_identity() -> str:
    """Return the id of the settings; without one, a digest of where the database is (never of who signs in there)."""
    given: str = settings.SNAPSHOTTER["DEPLOYMENT_ID"]
    if given:
        return given
    place = [str(connection.settings_dict[part]) for part in ("ENGINE", "HOST", "PORT", "NAME")]
    return "at-" + hashlib.sha256("\n".join(place).encode()).hexdigest()[:32]


def is_ours() -> bool:
    """Whether the database belongs to this deployment. One small query; a missing row belongs to nobody."""
    return Deployment.objects.filter(pk=ROW, identity=own_identity()).exists()


def mode_of(project: Project) -> Mode:
    """Return the mode that counts: a project that publishes only records while the database is not ours."""
    mode = Mode(project.mode)
    return Mode.RECORD if mode == Mode.PUBLISH and not is_ours() else mode


def note_first(**_: Any) -> None:
    """Write the id into a fresh database, after migrate. One that is there stays."""
    if Deployment._meta.db_table not in connection.introspection.table_names():
        return  # only some apps were migrated
    Deployment.objects.get_or_create(pk=ROW, defaults={"identity": own_identity(), "adopted_by": "first migrate"})
