"""What drift refuses.

ServiceError (catalog)
└── Conflict
    ├── ItemClosed            the item does not stand any more
    ├── NotMuted              there is nothing to wake
    └── NotAdoptable          nothing comparable is in DolphinScheduler; says what
"""

from django.utils.translation import gettext_lazy as _

from catalog.errors import Conflict


class ItemClosed(Conflict):
    code = "drift_closed"
    message = _("This drift is closed already. Look at the workflow again.")


class NotMuted(Conflict):
    code = "drift_not_muted"
    message = _("This drift is not muted.")


class NotAdoptable(Conflict):
    code = "not_adoptable"
    message = _("There is nothing to adopt: the workflow is missing in DolphinScheduler, or corrupt there.")
