"""From an instance's row to a client that may call it."""

from django.conf import settings
from django.utils import timezone

from audit.actors import SYSTEM
from audit.context import current
from audit.models import Outcome
from audit.record import record
from catalog.errors import InstancePaused
from catalog.models import Instance
from catalog.secrets_at_rest import decrypt
from dolphin.client import DolphinClient
from dolphin.flavours import FLAVOURS
from dolphin.transport import Observer


def client_for(instance: Instance, *, observer: Observer | None = None) -> DolphinClient:
    """Return a client of an enabled instance; use it as a context manager. Raises InstancePaused, TokenUnreadable."""
    if not instance.is_usable:
        raise InstancePaused(instance=instance.name, because=instance.paused_because or "disabled")
    return open_client(instance, observer=observer)


def open_client(instance: Instance, *, observer: Observer | None = None, detect: bool = False) -> DolphinClient:
    """Return a client whether or not calls are paused: for testing the connection. `detect` forgets the flavour known before."""
    own = settings.SNAPSHOTTER
    return DolphinClient(
        instance.base_url,
        decrypt(instance.token_encrypted),
        flavour=None if detect else FLAVOURS.get(instance.flavour),
        connect_timeout=own["CONNECT_TIMEOUT"],
        read_timeout=own["READ_TIMEOUT"],
        verify=own["CA_BUNDLE"] or True,
        max_concurrent=own["MAX_CALLS_PER_INSTANCE"],
        observer=observer,
        request_id=current().request_id,
    )


def may_write(instance: Instance, flavour: str = "") -> bool:
    """Whether publishing to the instance is proven for its flavour, or its operator took the risk. An unknown flavour is judged later."""
    found = FLAVOURS.get(flavour or instance.flavour)
    return found is None or found.proven or instance.accepts_unproven


def pause(instance: Instance, because: str) -> None:
    """Stop calling an instance until its connection is tested again. Pausing twice notes it once."""
    paused = Instance.objects.filter(pk=instance.pk, paused_because="").update(
        paused_because=because, checked_at=timezone.now()
    )
    if paused:
        record("instance.paused", actor=SYSTEM, target=instance, outcome=Outcome.FAILED, reason=because)
