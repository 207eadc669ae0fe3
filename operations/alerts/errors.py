"""What alerts refuse.

ServiceError (catalog)
└── Conflict
    ├── ChannelEnded          nothing is sent to the channel any more
    └── AlertWaiting          the message is still on its way, so it can't be sent again
"""

from django.utils.translation import gettext_lazy as _

from catalog.errors import Conflict


class ChannelEnded(Conflict):
    code = "channel_ended"
    message = _("This channel was ended. Choose another one, or add it again.")


class AlertWaiting(Conflict):
    code = "alert_waiting"
    message = _("This message is still on its way, or another message tells it.")
