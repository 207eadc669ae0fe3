"""Registration of instances and projects. Workflows have pages of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from audit.changelists import QuickList
from catalog.forms import InstanceForm
from catalog.models import Instance, Project
from catalog.permissions import MANAGE, VIEW, may
from catalog.refusals import RefusalsKept
from catalog.roles import RolesAdmin
from catalog.say import say

admin.site.unregister(AuthToken)  # tokens are made on a project's service-account page, shown once


@admin.register(Instance)
class InstanceAdmin(QuickList, RefusalsKept):
    keyset = ("name",)
    refused = "instance.refused"
    form = InstanceForm
    fields = [
        "name",
        "base_url",
        "token",
        "enabled",
        "accepts_unproven",
        "flavour",
        "version_seen",
        "checked_at",
        "paused",
    ]
    readonly_fields = ["flavour", "version_seen", "checked_at", "paused"]
    list_display = ["name", "base_url", "flavour", "enabled", "paused", "checked_at"]
    change_form_template = "catalog/instance.html"

    @admin.display(description=_("paused because"))
    def paused(self, instance: Instance) -> str:
        return say(instance.paused_because)

    # Whatever rights on the model were handed out: an address and its token are a superuser's to choose.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Instance | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Instance | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Instance | None = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Project)
class ProjectAdmin(QuickList, RefusalsKept, RolesAdmin):
    keyset = ("instance__name", "name", "pk")
    refused = "project.refused"
    fields = ["instance", "name", "code", "mode", "temporary_patterns"]
    readonly_fields = ["instance", "name", "code"]
    list_display = ["__str__", "code", "mode"]
    list_filter = ["mode"]
    change_form_template = "catalog/project.html"  # type: ignore[misc]  # guardian sets it on the instance

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return Project.objects.visible_to(request.user).select_related("instance")  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return obj is None or may(request.user, VIEW, obj)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return obj is None or may(request.user, MANAGE, obj)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False  # projects come from an instance's page, so that their codes are right

    def has_delete_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return False  # its snapshots would lose their project; mode off is the way
