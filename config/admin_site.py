"""The admin site: Django's, with our name on it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.deployment import is_ours


class SnapshotterAdminSite(admin.AdminSite):
    site_title = _("Snapshotter")
    site_header = _("Snapshotter")
    index_title = _("Overview")
    site_url = None  # the admin is the site

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Every page says when nothing will be written because the database is a copy's. Strangers at the sign-in page are not told."""
        return {
            **super().each_context(request),
            "deployment_changed": request.user.is_authenticated and not is_ours(),
        }
