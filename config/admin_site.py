"""The admin site: Django's, with our name on it and a start page that says how things stand."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class SnapshotterAdminSite(admin.AdminSite):
    site_title = _("Snapshotter")
    site_header = _("Snapshotter")
    index_title = _("Overview")
    site_url = None  # the admin is the site

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Every page says when nothing will be written because the database is a copy's. Strangers at the sign-in page are not told."""
        from catalog.deployment import is_ours  # this module is loaded before the models of any app

        return {
            **super().each_context(request),
            "deployment_changed": request.user.is_authenticated and not is_ours(),
        }

    @property
    def login_form(self) -> Any:  # type: ignore[override]  # Django only reads it
        """Django's form, and ours on top: forms of people need the models."""
        from catalog.sign_in.form import SignInForm  # this module is loaded before the models of any app

        return SignInForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from catalog.sign_in.views import uses_oidc  # this module is loaded before the models of any app

        more = {"service": settings.SNAPSHOTTER["OIDC_LABEL"] if uses_oidc() else "", **(extra_context or {})}
        return super().login(request, more)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from catalog.sign_in.sign_out import elsewhere  # this module is loaded before the models of any app

        address = elsewhere(request)
        more = {"elsewhere": address, "service": settings.SNAPSHOTTER["OIDC_LABEL"], **(extra_context or {})}
        return super().logout(request, more)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from catalog.pages import actor_of  # this module is loaded before the models of any app
        from versions.overview import figures, halted, latest_versions
        from versions.since import PRESETS
        from versions.slots import figures_of, start_panels_of

        actor = actor_of(request)
        more = {
            "figures": figures(actor),
            "tasks": figures_of(actor),
            "panels": start_panels_of(actor),
            "latest": latest_versions(actor),
            "halted": halted(actor),
            "presets": PRESETS.items(),
            **(extra_context or {}),
        }
        return super().index(request, more)
