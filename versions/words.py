"""The sentences of versions that are kept in English and shown to a reader, for `say`. A test holds them against the code."""

from typing import Final

from django.utils.translation import gettext_noop as _

SENTENCES: Final = (
    _("A version is a number, latest, published or live."),
    _("This workflow has no such version."),
    _("The workflow is not in DolphinScheduler yet."),
    _("format is one of %(formats)s."),
    _("Unknown parameter %(name)s. Known ones: %(known)s."),
    _("The parameter %(name)s is given twice."),
    _("%(name)s is true or false."),
    _("Seeing secret values needs a reason."),
    # Reasons in the trail.
    _("lacks %(permission)s"),
    _("is no superuser"),
    _("%(count)s findings"),
)
