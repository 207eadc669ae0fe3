"""Registration of instances and projects. Workflows have pages of their own."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from guardian.admin import GuardedModelAdmin
from knox.models import AuthToken

from catalog.forms import InstanceForm
from catalog.models import Instance, Project
from catalog.permissions import MANAGE, VIEW, may

admin.site.unregister(AuthToken)  # tokens are made on a project's service-account page, shown once


@admin.register(Instance)
class InstanceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
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
        "paused_because",
    ]
    readonly_fields = ["flavour", "version_seen", "checked_at", "paused_because"]
    list_display = ["name", "base_url", "flavour", "enabled", "paused_because", "checked_at"]
    change_form_template = "catalog/instance.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Instance | None = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Project)
class ProjectAdmin(GuardedModelAdmin):
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

    def obj_perms_manage_view(self, request: HttpRequest, object_pk: str) -> HttpResponse:
        self._require_manage(request, object_pk)
        answer: HttpResponse = super().obj_perms_manage_view(request, object_pk)  # type: ignore[no-untyped-call]
        return answer

    def obj_perms_manage_user_view(self, request: HttpRequest, object_pk: str, user_id: str) -> HttpResponse:
        self._require_manage(request, object_pk)
        answer: HttpResponse = super().obj_perms_manage_user_view(request, object_pk, user_id)  # type: ignore[no-untyped-call]
        return answer

    def obj_perms_manage_group_view(self, request: HttpRequest, object_pk: str, group_id: str) -> HttpResponse:
        self._require_manage(request, object_pk)
        answer: HttpResponse = super().obj_perms_manage_group_view(request, object_pk, group_id)  # type: ignore[no-untyped-call]
        return answer

    def _require_manage(self, request: HttpRequest, object_pk: str) -> None:
        """guardian's own pages ask for the right on the model only."""
        project = get_object_or_404(self.get_queryset(request), pk=unquote(object_pk))
        if not may(request.user, MANAGE, project):  # type: ignore[arg-type]
            raise PermissionDenied

    def has_delete_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return False  # its snapshots would lose their project; mode off is the way
