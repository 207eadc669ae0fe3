"""Who an account is elsewhere."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.sign_in.choices import Source


class Identity(models.Model):
    """An account's other side: what a directory or sign-in service never changes of a person, so that a name alone is never enough."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("account"),
        db_comment="whose account it is",
    )
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, db_comment="ldap or oidc")
    issuer = models.CharField(
        _("issuer"), max_length=255, blank=True, default="", db_comment="which OIDC service; empty for LDAP"
    )
    subject = models.CharField(  # noqa: DJ001  unique, and null while nobody has come
        _("subject"),
        max_length=255,
        null=True,
        db_comment="what never changes of the person there; null: linked, taken at the next sign-in by name within 7 days",
    )
    gave_groups = models.JSONField(
        _("gave groups"), default=list, db_comment="names of our groups that came from there and go with it"
    )
    gave_superuser = models.BooleanField(
        _("made a superuser"), default=False, db_comment="the superuser flag came from there and goes with it"
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True, db_comment="first sign-in, or when it was linked")
    seen_at = models.DateTimeField(_("last sign-in"), null=True, db_comment="last sign-in this way")

    class Meta:
        db_table = "sign_in_identity"
        db_table_comment = "Who an account is in a directory or sign-in service"
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(fields=["source", "issuer", "subject"], name="sign_in_identity_once"),
            models.UniqueConstraint(fields=["user", "source"], name="sign_in_identity_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} by {self.source}"
