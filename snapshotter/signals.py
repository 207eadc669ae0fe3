"""What apps above may listen to, from their `AppConfig.ready`: nothing here knows who they are."""

from typing import Final

from django.dispatch import Signal

# Sent with `sync` inside the transaction that ends it, its state already terminal. A receiver that raises keeps it from ending.
sync_ended: Final = Signal()
