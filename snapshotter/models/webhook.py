"""Outgoing webhooks: where a project's ends are told, and the outbox of what is to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project
from snapshotter.choices import DeliveryState
from snapshotter.managers import DeliveryQuerySet, EndpointQuerySet
from snapshotter.models.sync import Sync


class WebhookEndpoint(models.Model):
    """An address that is told how a project's syncs end. Its address never changes; another one is another row."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("project"), db_comment="its project"
    )
    url = models.CharField(_("address"), max_length=500, db_comment="http or https, without credentials")
    secret_encrypted = models.TextField(db_comment="signing secret, Fernet; shown once when it is made")
    approved_at = models.DateTimeField(
        _("approved at"), null=True, db_comment="when a superuser approved the address; null: not yet"
    )
    approved_by_name = models.CharField(
        _("approved by"), max_length=190, blank=True, default="", db_comment="who approved it, name at the time"
    )
    created_by_name = models.CharField(_("made by"), max_length=190, db_comment="who added it, name at the time")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was added")
    ended_at = models.DateTimeField(_("ended at"), null=True, db_comment="when it was ended; null while it is in use")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        db_table = "webhook_endpoint"
        db_table_comment = "Addresses that are told how syncs end; ended, never deleted"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One message to one address: written with the end it tells of, sent until it is taken or given up."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries", db_comment="to whom"
    )
    sync = models.ForeignKey(
        Sync, null=True, on_delete=models.CASCADE, related_name="+", db_comment="whose end it tells; null for a test"
    )
    delivery_id = models.UUIDField(_("delivery"), unique=True, db_comment="the receiver tells repetitions by it")
    event = models.CharField(_("event"), max_length=64, db_comment="such as publish.succeeded, or ping")
    body = models.TextField(db_comment="JSON, byte for byte as it is signed and sent")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=DeliveryState.choices,
        default=DeliveryState.PENDING,
        db_comment="pending, delivered or given_up",
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_comment="sendings so far; fences")
    due_at = models.DateTimeField(_("due at"), db_comment="next sending; while one runs, when it counts as lost")
    http_status = models.PositiveSmallIntegerField(_("answer"), null=True, db_comment="of the latest sending")
    error = models.CharField(
        _("error"), max_length=255, blank=True, default="", db_comment="why the latest sending was not taken"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it happened")
    delivered_at = models.DateTimeField(_("delivered at"), null=True, db_comment="when it was taken")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "webhook_delivery"
        db_table_comment = "Outbox and log of webhook messages"
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="webhook_state_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.delivery_id}"
