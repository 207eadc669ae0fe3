"""What drift refuses.

ServiceError (catalog)
└── Conflict
    └── ItemClosed            the item does not stand any more
"""

from django.utils.translation import gettext_lazy as _

from catalog.errors import Conflict


class ItemClosed(Conflict):
    code = "drift_closed"
    message = _("This drift is closed already. Look at the workflow again.")
