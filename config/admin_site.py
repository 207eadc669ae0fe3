"""The admin site: Django's, with our name on it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SnapshotterAdminSite(admin.AdminSite):
    site_title = _("Snapshotter")
    site_header = _("Snapshotter")
    index_title = _("Overview")
    site_url = None  # the admin is the site
