"""Whether DolphinScheduler may be written at all: the project's mode, and a release line that writing is proven for."""

from catalog.choices import Mode
from catalog.clients import may_write
from catalog.deployment import is_ours
from catalog.errors import DeploymentChanged, ProjectOff
from catalog.models import Project
from snapshotter.errors import ProjectRecords, UnprovenFlavour


def require_writing(project: Project, flavour: str = "") -> None:
    """Raise ProjectOff, ProjectRecords or UnprovenFlavour unless we may write. `flavour`: as just detected, else as last seen."""
    if project.mode == Mode.OFF:
        raise ProjectOff(project=project.scope)
    if project.mode == Mode.RECORD:
        raise ProjectRecords(project=project.scope)
    if not is_ours():
        raise DeploymentChanged
    if not may_write(project.instance, flavour):
        raise UnprovenFlavour(flavour=flavour or project.instance.flavour)
