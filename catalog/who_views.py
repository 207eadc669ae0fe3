"""The page of who may do what on a project: everybody's own rights, and all people's for those who manage it. GET only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from audit.keyset import counted, listed
from catalog.explain import GROUPS_SHOWN, askable, explain, explain_groups, people
from catalog.models import Project
from catalog.pages import actor_of, page, show
from catalog.permissions import MANAGE, RIGHTS, may
from catalog.right_names import NAMES


@page
def who(request: HttpRequest, pk: int) -> HttpResponse:
    """Why I may, or may not; whom to ask; and who else may."""
    actor = actor_of(request)
    project = get_object_or_404(Project.objects.visible_to(actor).select_related("instance"), pk=pk)
    may_manage, own = may(actor, MANAGE, project), _own(actor, project)
    return show(
        request,
        "catalog/who.html",
        _("Who may do what in %(project)s") % {"project": project},
        project=project,
        own=own,
        lacks=not all(grounds for _name, grounds in own),
        askable=askable(project),
        may_manage=may_manage,
        **(_others(request, project) if may_manage else {}),
    )


def _own(actor: Any, project: Project) -> list[tuple[Any, list[Any]]]:
    (held,) = explain([actor], [project])
    return [(NAMES[right], held.grounds.get(right, [])) for right in RIGHTS]


def _others(request: HttpRequest, project: Project) -> dict[str, Any]:
    choice = request.GET.get("right", "")
    right = choice if choice in RIGHTS else None
    name = request.GET.get("name", "").strip()[:150]
    rows = people(project, right)
    if name:
        rows = rows.filter(username__startswith=name)
    found = listed(request.GET, rows, by=("username",))
    groups = [] if name else explain_groups(project, right)
    return {
        "listed": found,
        "people": [_shown(held, right) for held in explain(list(found), [project])],
        "groups": [_shown(held, right) for held in groups],
        "has_more_groups": len(groups) == GROUPS_SHOWN,
        "inactive": counted(people(project, right, active=False)),
        "rights": [(value, NAMES[value]) for value in RIGHTS],
        "right": right or "",
        "name": name,
    }


def _shown(held: Any, right: str | None) -> dict[str, Any]:
    """With one right asked for, only the grounds of that one are of interest."""
    lines = [
        (ground, [] if ground.superuser else [NAMES[one] for one in rights])
        for ground, rights in held.by_ground()
        if right is None or right in rights
    ]
    return {"held": held, "lines": lines}
