"""Add a webhook: an address that a project's ends are told to, with a secret of its own."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from catalog.models import Project
from catalog.permissions import MANAGE, require
from catalog.secrets_at_rest import encrypt
from snapshotter.models import WebhookEndpoint
from snapshotter.webhooks.address import check_address, is_listed
from snapshotter.webhooks.signing import new_secret


def add_webhook(project: Project, *, url: str, actor: Actor) -> tuple[WebhookEndpoint, str]:
    """Return the new endpoint and its secret, which can't be shown again.

    Nothing is sent before a superuser approves the address, unless the settings list its host. Raises InvalidRequest, NotAllowed.
    """
    require(actor, MANAGE, project, event="webhook.refused")
    check_address(url)
    secret = new_secret()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            project=project, url=url, secret_encrypted=encrypt(secret), created_by_name=str(actor)
        )
        detail = {"listed": is_listed(url)}
        record("webhook.added", actor=actor, target=endpoint, scope=project.scope, detail=detail)
    return endpoint, secret
