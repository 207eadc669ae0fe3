"""Forms of drift's pages. Without JavaScript."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.moments import in_utc
from drift.rules.paths import LONGEST

_LONG: Final = 2_000
_HOURS: Final = [
    ("1", _("one hour")),
    ("24", _("one day")),
    ("168", _("one week")),
    ("720", _("30 days")),
    ("2160", _("90 days")),
]


class SaidForm(forms.Form):
    """`seen` is what the reader looked at, the item's `found`."""

    reason = forms.CharField(required=False, max_length=_LONG)
    seen = forms.CharField(required=False, max_length=64)


class AssignForm(forms.Form):
    to = forms.CharField(required=False, max_length=150)


class MuteForm(forms.Form):
    hours = forms.ChoiceField(label=_("For"), choices=_HOURS, initial="24")
    reason = forms.CharField(label=_("Reason"), max_length=_LONG)

    def until(self) -> datetime:
        """Return the moment; a little before the bound, so that the longest choice fits."""
        return timezone.now() + timedelta(hours=int(self.cleaned_data["hours"])) - timedelta(seconds=1)


class IgnoreForm(forms.Form):
    """`scope` workflow or project; `until` a day, empty: until somebody ends it."""

    path = forms.CharField(label=_("Field"), max_length=LONGEST)
    scope = forms.ChoiceField(
        label=_("Where"), choices=[("workflow", _("this workflow")), ("project", _("all of the project"))]
    )
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=_LONG)

    def clean_until(self) -> Any:
        """Return the beginning of the day in the reader's zone, None for none."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        begins = timezone.make_aware(datetime(day.year, day.month, day.day))
        if in_utc(begins) is None:
            raise forms.ValidationError(_("This day can't be."))
        return begins
