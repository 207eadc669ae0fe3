"""Instances, projects and workflows under governance."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.addresses import check_address
from catalog.choices import Mode
from catalog.managers import ProjectQuerySet, WorkflowQuerySet
from catalog.sign_in.models import Identity  # noqa: F401  Django looks for tables here


class Instance(models.Model):
    """One DolphinScheduler installation."""

    name = models.SlugField(_("name"), max_length=40, unique=True, db_comment="short name, first part of workflow keys")
    base_url = models.CharField(
        _("address"),
        max_length=255,
        unique=True,
        validators=[check_address],
        help_text=_("Up to and including /dolphinscheduler, such as https://ds.example.com:12345/dolphinscheduler"),
        db_comment="HTTP API root",
    )
    token_encrypted = models.TextField(
        _("token"), blank=True, default="", editable=False, db_comment="access token, Fernet"
    )
    flavour = models.CharField(
        _("API flavour"), max_length=8, blank=True, default="", editable=False, db_comment="detected API flavour"
    )
    version_seen = models.CharField(
        _("version seen"),
        max_length=40,
        blank=True,
        default="",
        editable=False,
        db_comment="product version, where DolphinScheduler tells it",
    )
    accepts_unproven = models.BooleanField(
        _("publish to an unproven flavour"),
        default=False,
        help_text=_(
            "Writing is proven for DolphinScheduler 2.0.5 and 3.1. For others an operator takes the risk by ticking this."
        ),
        db_comment="operator accepted writing to an unproven flavour",
    )
    enabled = models.BooleanField(_("enabled"), default=True, db_comment="off: no call is made")
    paused_because = models.TextField(
        _("paused because"),
        blank=True,
        default="",
        editable=False,
        db_comment="why calls are paused, such as a refused token",
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False, db_comment="last connection test")

    class Meta:
        db_table = "dolphin_instance"
        db_table_comment = "DolphinScheduler installations"
        verbose_name = _("instance")
        verbose_name_plural = _("instances")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.enabled and not self.paused_because


class Project(models.Model):
    """A DolphinScheduler project under governance. Permissions hang here."""

    instance = models.ForeignKey(
        Instance,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("instance"),
        db_comment="its installation",
    )
    # Unique over all instances: one DolphinScheduler under two addresses would mean two locks for one workflow.
    code = models.BigIntegerField(
        _("code"), unique=True, validators=[MinValueValidator(1)], db_comment="DolphinScheduler's project code"
    )
    name = models.CharField(_("name"), max_length=100, db_comment="DolphinScheduler's project name when last seen")
    mode = models.CharField(
        _("mode"), max_length=8, choices=Mode.choices, default=Mode.OFF, db_comment="off, record or publish"
    )

    temporary_patterns = models.CharField(
        _("temporary workflows"),
        max_length=500,
        blank=True,
        default="*_copy_*, *_import_*",
        help_text=_(
            "Names of copies and tests that are kept out of governance, as patterns with * and ?, separated by commas."
        ),
        db_comment="name patterns of workflows that are kept out, comma separated",
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        db_table = "dolphin_project"
        db_table_comment = "Projects under governance; object permissions hang here"
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["instance__name", "name"]
        permissions = [
            ("publish_project", _("Can publish and capture in the project")),
            ("manage_project", _("Can manage the project: mode and roles")),
            ("override_freeze_project", _("Can publish in the project during a freeze window")),
            ("request_rollback_project", _("Can ask for rollbacks in the project")),
            ("approve_rollback_project", _("Can approve and reject rollbacks in the project")),
            ("execute_rollback_project", _("Can execute approved rollbacks in the project")),
            ("break_glass_project", _("Can roll back in the project without approval, reviewed afterwards")),
            ("manage_policy_project", _("Can set the project's rules of approval")),
            ("quarantine_project", _("Can put contents in quarantine in the project and let them out")),
            ("view_secrets_project", _("Can see secret values in the project's versions")),
            ("triage_drift_project", _("Can take over, mute and ignore drift in the project")),
            ("put_back_project", _("Can put the published version back in the project")),
        ]

    def __str__(self) -> str:
        return f"{self.instance.name}/{self.name}"

    @property
    def scope(self) -> str:
        """The project as text, for the trail."""
        return str(self)


class Workflow(models.Model):
    """A governed workflow. Its key never changes; name and DolphinScheduler code may."""

    key = models.CharField(
        _("key"),
        max_length=190,
        unique=True,
        db_column="workflow_key",
        db_comment="stable name, survives rename and re-creation",
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="workflows", verbose_name=_("project"), db_comment="its project"
    )
    workflow_code = models.BigIntegerField(
        _("DolphinScheduler code"),
        null=True,
        blank=True,
        unique=True,
        db_comment="code in DolphinScheduler, null until it exists there",
    )
    name = models.CharField(_("name"), max_length=200, db_comment="name in DolphinScheduler when last seen")
    created_at = models.DateTimeField(_("governed since"), auto_now_add=True, db_comment="first seen by us")
    deleted_in_dolphin_at = models.DateTimeField(
        _("deleted in DolphinScheduler"), null=True, blank=True, db_comment="when it was found missing"
    )

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        db_table = "dolphin_workflow"
        db_table_comment = "Workflows under governance"
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Deployment(models.Model):
    """Which deployment this database belongs to: one row, written by the first migrate. A clone of the database keeps it."""

    identity = models.CharField(
        _("identity"), max_length=64, db_comment="deployment id that may write DolphinScheduler"
    )
    adopted_at = models.DateTimeField(_("adopted at"), auto_now=True, db_comment="when the id was taken")
    adopted_by = models.CharField(_("adopted by"), max_length=190, db_comment="who confirmed it")

    class Meta:
        db_table = "deployment"
        db_table_comment = "The deployment this database belongs to; one row"
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")

    def __str__(self) -> str:
        return self.identity


class TokenUse(models.Model):
    """When a token was last used, to the minute, and from where."""

    token = models.OneToOneField(
        "knox.AuthToken",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="use",
        db_comment="the token; its row goes with it",
    )
    used_at = models.DateTimeField(_("last used"), db_comment="when a call came with it, to the minute")
    address = models.GenericIPAddressField(_("address"), null=True, db_comment="from which address")

    class Meta:
        db_table = "service_token_use"
        db_table_comment = "When each token of a service account was last used"

    def __str__(self) -> str:
        return str(self.token_id)
