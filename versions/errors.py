"""What reading versions can be refused with, besides what lies below.

ServiceError (catalog)
└── LiveBusy                  too many readers look at one DolphinScheduler at once (503)
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from catalog.errors import ServiceError


class LiveBusy(ServiceError):
    """`retry_after` in seconds: an answer that comes meanwhile is kept for a while, so asking again is cheap."""

    code = "live_busy"
    status = 503
    permanent = False
    message = _(
        "Too many readers look at this DolphinScheduler at once. Nothing is wrong with it; try again in a few seconds."
    )
    retry_after: ClassVar[int] = 5
