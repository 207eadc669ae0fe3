"""Why somebody can't sign in though the password may be right. Neither counts as a failed attempt.

ServiceError (catalog)
├── SignInRefused             known there, and not let in here (403)
└── DirectoryUnavailable      nobody could be asked, or the answer could not be verified (503)

Not Django's PermissionDenied: `authenticate` would take it for a wrong password, and django-axes would count it.
"""

from django.utils.translation import gettext_lazy as _

from catalog.errors import ServiceError


class SignInRefused(ServiceError):
    code = "sign_in_refused"
    status = 403
    message = _("You may not sign in here. Ask an administrator of Snapshotter.")


class DirectoryUnavailable(ServiceError):
    code = "directory_unavailable"
    status = 503
    permanent = False
    message = _(
        "The directory does not answer, so your password could not be checked: nothing is wrong with it. "
        "Try again in a while; accounts of Snapshotter's own still sign in."
    )
