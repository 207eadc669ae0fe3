"""Alerts: where people are told (channels), of what (rules), and what was told (deliveries, the outbox and its log)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Project
from operations.alerts.choices import Carries, ChannelKind, Kind, Language, Severity, State
from operations.alerts.managers import AlertDeliveryQuerySet, ChannelQuerySet, RuleQuerySet


class AlertChannel(models.Model):
    """A robot, mail addresses or a webhook. Where it sends never changes; another one is another row."""

    name = models.CharField(_("name"), max_length=60, db_comment="what people call it")
    kind = models.CharField(
        _("kind"), max_length=10, choices=ChannelKind.choices, db_comment="dingtalk, feishu, wecom, mail or webhook"
    )
    address_encrypted = models.TextField(
        db_comment="JSON, Fernet: address and signing secret, or mail addresses; the address of a robot is a secret too"
    )
    shown = models.CharField(
        _("address"), max_length=255, db_comment="the part that is no secret: host, or mail addresses"
    )
    failures = models.PositiveIntegerField(_("failures"), default=0, db_comment="sendings in a row that were not taken")
    due_at = models.DateTimeField(null=True, db_comment="nothing is sent to it before then; null: at once")
    created_by_name = models.CharField(_("made by"), max_length=190, db_comment="who added it, name at the time")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was added")
    ended_at = models.DateTimeField(_("ended at"), null=True, db_comment="when it was ended; null while it is in use")

    objects = ChannelQuerySet.as_manager()

    class Meta:
        db_table = "alert_channel"
        db_table_comment = "Where alerts are sent to; ended, never deleted"
        verbose_name = _("alert channel")
        verbose_name_plural = _("alert channels")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class AlertRule(models.Model):
    """Which alerts go to which channel, in which language, and when they wait."""

    name = models.CharField(_("name"), max_length=100, db_comment="what people call it")
    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="alert_rules",
        verbose_name=_("project"),
        db_comment="whose events; null: of all, and those that belong to none",
    )
    channel = models.ForeignKey(
        AlertChannel,
        on_delete=models.PROTECT,
        related_name="rules",
        verbose_name=_("channel"),
        db_comment="where they go",
    )
    kinds = models.JSONField(_("kinds"), default=list, db_comment="codes of alerts; empty: all")
    least = models.CharField(
        _("least severity"),
        max_length=6,
        choices=Severity.choices,
        default=Severity.LOW,
        db_comment="nothing that matters less is told",
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH, db_comment="of its messages"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", db_comment="of times in messages and of the quiet hours"
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, db_comment="in its time zone; null: never")
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True, db_comment="may be over midnight")
    high_passes = models.BooleanField(
        _("high severity passes"), default=True, db_comment="what is grave is told in the quiet hours too"
    )
    enabled = models.BooleanField(_("on"), default=True, db_comment="whether it counts at present")
    created_by_name = models.CharField(_("made by"), max_length=190, db_comment="who added it, name at the time")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was added")
    ended_at = models.DateTimeField(_("ended at"), null=True, db_comment="when it was ended; null while it stands")

    objects = RuleQuerySet.as_manager()

    class Meta:
        db_table = "alert_rule"
        db_table_comment = "Which alerts go to which channel; ended, never deleted"
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "id"], name="alert_rule_project")]

    def __str__(self) -> str:
        return self.name


class AlertDelivery(models.Model):
    """One message to one channel, or an event that another message tells with others."""

    channel = models.ForeignKey(AlertChannel, on_delete=models.PROTECT, related_name="deliveries", db_comment="to whom")
    rule = models.ForeignKey(
        AlertRule,
        null=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_comment="by which rule; null: a test",
    )
    entry = models.BigIntegerField(
        _("entry"), null=True, db_comment="the entry of the trail it tells; null: it tells others' or is a test"
    )
    carries = models.CharField(
        _("what"),
        max_length=6,
        blank=True,
        choices=Carries.choices,
        default=Carries.ONE,
        db_comment="'': one event; again: the same several times; digest: of quiet hours; test",
    )
    told_by = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.CASCADE,
        related_name="folded",
        db_comment="the message that tells this event with others",
    )
    events = models.PositiveIntegerField(_("events"), default=1, db_comment="how many events it tells")
    kind = models.CharField(
        _("kind"), max_length=24, blank=True, default="", choices=Kind.choices, db_comment="of alert; '' in a digest"
    )
    severity = models.CharField(
        _("severity"), max_length=6, choices=Severity.choices, db_comment="high, medium or low; of several the highest"
    )
    target = models.CharField(_("target"), max_length=255, blank=True, default="", db_comment="what it is about")
    alike = models.CharField(max_length=190, blank=True, default="", db_comment="kind and object: what is told once")
    alike_until = models.DateTimeField(null=True, db_comment="what is alike until then goes into one more message")
    delivery_id = models.UUIDField(_("delivery"), unique=True, db_comment="the receiver tells repetitions by it")
    message = models.JSONField(default=dict, db_comment="as composed before the first sending, and sent each time")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.PENDING,
        db_comment="pending, folded, delivered or given_up",
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0, db_comment="sendings so far; fences")
    begun_at = models.DateTimeField(null=True, db_comment="first sending; given up a day after it")
    due_at = models.DateTimeField(_("due at"), db_comment="next sending; while one runs, when it counts as lost")
    http_status = models.PositiveSmallIntegerField(_("answer"), null=True, db_comment="of the latest sending")
    error = models.CharField(
        _("error"), max_length=255, blank=True, default="", db_comment="why the latest sending was not taken"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_comment="when it was put here")
    delivered_at = models.DateTimeField(_("delivered at"), null=True, db_comment="when it was taken")

    objects = AlertDeliveryQuerySet.as_manager()

    class Meta:
        db_table = "alert_delivery"
        db_table_comment = "Outbox and log of alerts: once per event and rule"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-id"]
        # Tests and messages that tell others' events have null, which is like no other: this binds events alone.
        constraints = [models.UniqueConstraint(fields=["rule", "entry"], name="alert_delivery_once")]
        indexes = [
            models.Index(fields=["channel", "state", "due_at"], name="alert_channel_due"),
            models.Index(fields=["rule", "alike", "id"], name="alert_alike"),
            models.Index(fields=["rule", "id"], name="alert_rule_newest"),
            models.Index(fields=["state", "id"], name="alert_state_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.carries or self.kind} {self.delivery_id}"


class AlertCursor(models.Model):
    """How far along the sealed trail alerts were made, one row: it moves with what was made, or not at all."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, db_comment="always 1")
    sequence = models.BigIntegerField(default=0, db_comment="of the last seal that was looked at")

    class Meta:
        db_table = "alert_cursor"
        db_table_comment = "How far along the trail alerts were made, one row"

    def __str__(self) -> str:
        return str(self.sequence)


class AlertNotice(models.Model):
    """Something that was found and noted on the trail once, such as a lock that is stuck."""

    key = models.CharField(max_length=100, unique=True, db_comment="what was found, with its id")
    created_at = models.DateTimeField(auto_now_add=True, db_comment="when")

    class Meta:
        db_table = "alert_notice"
        db_table_comment = "What was found by looking and noted on the trail once"

    def __str__(self) -> str:
        return self.key
