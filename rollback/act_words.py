"""What a request does, in the words of its title and its buttons."""

from django.utils.translation import gettext as _

from catalog.models import Workflow
from rollback.choices import Act
from snapshotter.models import Snapshot


def title_of(act: Act | str, workflow: Workflow, target: Snapshot) -> str:
    """Return "Roll back orders to v3", or "Restore orders as v3" where it is made anew in DolphinScheduler, "Put orders back to v3"."""
    names = {"name": workflow.name, "version": target.version}
    if act == Act.RESTORE:
        return _("Restore %(name)s as v%(version)s") % names
    if act == Act.PUT_BACK:
        return _("Put %(name)s back to v%(version)s") % names
    return _("Roll back %(name)s to v%(version)s") % names
