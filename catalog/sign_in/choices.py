from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Who vouches for a person. The value is also the beginning of the source's settings."""

    LDAP = "ldap", _("LDAP directory")
    OIDC = "oidc", _("sign-in service (OIDC)")
