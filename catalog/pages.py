"""What every page of ours shares: signed-in staff only, errors as messages, the admin's frame around it."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.errors import NotAllowed, NotFound, ServiceError
from catalog.right_names import NAMES
from catalog.say import say
from definitions.errors import DefinitionError
from dolphin.errors import DolphinError

View = Callable[..., HttpResponse]


class Refused(PermissionDenied):
    """A refusal of ours; its text says what is missing, and is for the reader."""


def page(view: View) -> View:
    """Make a view a page: the admin's sign-in, and our errors as 403, 404, or a message on the page one came from."""

    @functools.wraps(view)
    def translated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise Refused(_refusal(error)) from error
        except (ServiceError, DefinitionError, DolphinError) as error:
            return _back(request, error)

    wrapped: View = admin.site.admin_view(translated)
    return wrapped


def show(request: HttpRequest, template: str, title: Any, **context: Any) -> HttpResponse:
    """Render a template inside the admin's frame."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})


def actor_of(request: HttpRequest) -> Actor:
    """Return the signed-in person; `page` lets nobody else in."""
    return request.user  # type: ignore[return-value]


def _refusal(error: NotAllowed) -> str:
    """Name the permission and where, so that one knows what to ask for."""
    right = NAMES.get(error.extra.get("permission", ""))
    if right is None:
        return say(str(error))
    text = _("You may not do this here. It needs the permission in %(project)s to: %(right)s.")
    said = text % {"project": error.extra.get("project", ""), "right": right}
    return said + " " + _("The project's page “Who may do what” says whom to ask.")


def _back(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say what went wrong where the person came from. A page that is itself in trouble is shown as an error page."""
    came_from = request.headers.get("Referer", "")
    here = request.build_absolute_uri()
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if request.method == "POST" and safe and came_from != here:
        messages.error(request, say(str(error)))
        return HttpResponseRedirect(came_from)
    status = getattr(error, "status", 502 if isinstance(error, DolphinError) else 400)
    code = str(getattr(error, "code", ""))
    response = show(request, "catalog/problem.html", _("This can't be done"), problem=str(error), code=code)
    response.status_code = status
    return response
