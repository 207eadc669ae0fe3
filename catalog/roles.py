"""The pages for roles on one project: guardian's, asking for the right on the project, and leaving an audit row."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from guardian.admin import GuardedModelAdmin
from guardian.shortcuts import get_group_perms, get_user_perms

from audit.record import record
from catalog.errors import NotAllowed
from catalog.models import Project
from catalog.permissions import MANAGE, require
from catalog.role_forms import GroupRolesForm, UserRolesForm, choices


class RolesAdmin(GuardedModelAdmin):
    """guardian's own pages ask for the right on the model only, and tell nobody."""

    obj_perms_manage_template = "catalog/roles.html"

    def obj_perms_manage_view(self, request: HttpRequest, object_pk: str) -> HttpResponse:
        self._managed(request, object_pk)
        answer: HttpResponse = super().obj_perms_manage_view(request, object_pk)  # type: ignore[no-untyped-call]
        return answer

    def obj_perms_manage_user_view(self, request: HttpRequest, object_pk: str, user_id: str) -> HttpResponse:
        project, user = self._managed(request, object_pk), get_object_or_404(User, pk=user_id)
        with transaction.atomic():
            before = sorted(get_user_perms(user, project))
            answer: HttpResponse = super().obj_perms_manage_user_view(request, object_pk, user_id)  # type: ignore[no-untyped-call]
            _note(request, project, f"user {user}", before, sorted(get_user_perms(user, project)))
        return answer

    def obj_perms_manage_group_view(self, request: HttpRequest, object_pk: str, group_id: str) -> HttpResponse:
        project, group = self._managed(request, object_pk), get_object_or_404(Group, pk=group_id)
        with transaction.atomic():
            before = sorted(map(str, get_group_perms(group, project)))
            answer: HttpResponse = super().obj_perms_manage_group_view(request, object_pk, group_id)  # type: ignore[no-untyped-call]
            _note(request, project, f"group {group}", before, sorted(map(str, get_group_perms(group, project))))
        return answer

    def get_obj_perms_base_context(self, request: HttpRequest, obj: Project) -> dict[str, Any]:
        context: dict[str, Any] = super().get_obj_perms_base_context(request, obj)  # type: ignore[no-untyped-call]
        return context | {"model_perms": [{"codename": codename, "name": name} for codename, name in choices()]}

    def get_obj_perms_manage_user_form(self, request: HttpRequest) -> type[UserRolesForm]:
        return UserRolesForm

    def get_obj_perms_manage_group_form(self, request: HttpRequest) -> type[GroupRolesForm]:
        return GroupRolesForm

    def _managed(self, request: HttpRequest, object_pk: str) -> Project:
        project: Project = get_object_or_404(self.get_queryset(request), pk=unquote(object_pk))  # type: ignore[no-untyped-call]
        try:
            require(request.user, MANAGE, project, event="project.refused")  # type: ignore[arg-type]
        except NotAllowed as error:
            raise PermissionDenied from error
        return project


def _note(request: HttpRequest, project: Project, who: str, before: list[Any], after: list[Any]) -> None:
    if before != after:
        changes = {f"roles of {who}": (", ".join(before), ", ".join(after))}
        actor: Any = request.user
        record("project.roles_changed", actor=actor, target=project, scope=project.scope, changes=changes)
