"""Forms of the pages of a rollback of many. Without JavaScript."""

from typing import Any, Final

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.moments import in_utc
from catalog.models import Project
from rollback.choices import Category
from rollback.choices_of import Choices
from rollback.many.criteria import LONGEST_TEXT, MOST_WORKFLOWS, Criteria, criteria_of
from rollback.submit import LONGEST_REASON
from snapshotter.choices import ScheduleChoice

_LOCAL: Final = "%Y-%m-%dT%H:%M"
_SCHEDULES: Final = [
    (ScheduleChoice.KEEP.value, _("keep the present one")),
    (ScheduleChoice.FROM_DEFINITION.value, _("as in the version")),
    (ScheduleChoice.OFF.value, _("off")),
]


class MomentField(forms.DateTimeField):
    """A moment in the reader's zone, or in ISO 8601 with its offset."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
        except OverflowError:  # beyond the calendar in some zone
            found, value = None, "?"
        if found is None:
            if value not in self.empty_values:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return None
        moment = in_utc(found if found.tzinfo else from_current_timezone(found))
        if moment is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class CriteriaForm(forms.Form):
    """What is looked for. `projects` are those the reader may see."""

    publisher = forms.CharField(
        label=_("Published by"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"list": "publishers", "autocomplete": "off"}),
    )
    since = MomentField(label=_("From"), required=False)
    until = MomentField(label=_("Until"), required=False)
    text = forms.CharField(label=_("Message, person, reference or task"), required=False, max_length=LONGEST_TEXT)
    project = forms.TypedChoiceField(label=_("Project"), required=False, coerce=int, empty_value=None)
    schedule = forms.ChoiceField(label=_("Schedule"), choices=_SCHEDULES, required=False)

    def __init__(self, *args: Any, projects: list[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._projects = {row.pk: row for row in projects}
        options: list[tuple[Any, Any]] = [("", _("All projects")), *((row.pk, str(row)) for row in projects)]
        self.fields["project"].choices = options  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def zone(self) -> str:
        """The zone in which moments without an offset are read."""
        return timezone.get_current_timezone_name()

    def criteria(self) -> Criteria:
        """Return what a valid form asks for. Raises InvalidRequest."""
        given = self.cleaned_data
        return criteria_of(
            publisher=given["publisher"],
            since=given["since"],
            until=given["until"],
            text=given["text"],
            project=self._projects.get(given["project"]),
        )

    def choices(self) -> Choices:
        return Choices(schedule=ScheduleChoice(self.cleaned_data["schedule"] or ScheduleChoice.KEEP))


class AskForm(forms.Form):
    """Why, which ones, and the number of them typed. `key` makes one batch of a form that is sent twice."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3, "class": "words"})
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.BAD_PUBLISH)
    ticket = forms.CharField(label=_("Incident or ticket"), required=False, max_length=190)
    wait_for_runs = forms.BooleanField(label=_("Wait until running instances have ended"), required=False)
    override_freeze = forms.CharField(
        label=_("Roll back in a freeze, because"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Needs the right to override freezes; it is noted in the audit trail."),
    )
    confirm = forms.IntegerField(label=_("Number of workflows"), min_value=1, max_value=MOST_WORKFLOWS)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_override_freeze(self) -> str:
        return str(self.cleaned_data["override_freeze"]).strip()


def picks_of(values: list[str]) -> dict[str, tuple[int, int]]:
    """Return {workflow key: (target version, published version) as they were seen} of the ticked boxes; what is none is passed over."""
    found: dict[str, tuple[int, int]] = {}
    for value in values[:MOST_WORKFLOWS]:
        key, _tilde, rest = value.partition("~~")
        target, _tilde, published = rest.partition("~")
        if key and target.isdecimal() and published.isdecimal() and len(rest) < 24:
            found[key] = (int(target), int(published))
    return found


def seen_of(value: str) -> dict[int, str]:
    """Return {request: bound hash} of what the page showed as `ID:HASH ID:HASH`; what is none is passed over."""
    found: dict[int, str] = {}
    for pair in value.split()[:MOST_WORKFLOWS]:
        number, _colon, bound_hash = pair.partition(":")
        if number.isdecimal() and len(number) < 19 and bound_hash:
            found[int(number)] = bound_hash
    return found
