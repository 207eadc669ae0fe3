"""Forms of the writing pages."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.say import say
from definitions import strict_json
from definitions.errors import DefinitionError
from definitions.secrets import mask_text
from snapshotter.choices import Online, ScheduleChoice
from snapshotter.models import FreezeWindow, Snapshot

_SHOWN: Final = 60  # characters of a message in a choice


class Words(forms.CharField):
    """Why somebody does something: it is sealed, logged and shown as it stands, so that secrets in it are masked here."""

    def clean(self, value: Any) -> str:
        return mask_text(super().clean(value))


class PublishForm(forms.Form):
    """A definition as text or file, and why. Without JavaScript."""

    definition = forms.CharField(
        label=_("Definition"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text=_("c1, DagData or DolphinScheduler's form, as JSON. The published version stands here to be edited."),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("Taken instead of the text above."))
    message = forms.CharField(label=_("Message"), max_length=10_000, help_text=_("What changes, and why."))
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    online = forms.ChoiceField(label=_("Workflow"), choices=Online.choices, initial=Online.KEEP)
    schedule = forms.ChoiceField(label=_("Schedule"), choices=ScheduleChoice.choices, initial=ScheduleChoice.KEEP)
    force_reason = Words(
        label=_("Overwrite changes made in DolphinScheduler, because"),
        required=False,
        max_length=2_000,
        help_text=_(
            "Leave empty to be stopped when somebody has changed it there. What is overwritten is kept as a version."
        ),
    )

    override_freeze = Words(
        label=_("Publish in the freeze, because"),
        required=False,
        max_length=2_000,
        help_text=_("Needs the right to override freezes; it is noted in the audit trail."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        limit = settings.SNAPSHOTTER["MAX_BODY_BYTES"]
        upload = cleaned.get("file")
        if upload and upload.size > limit:  # before it is read: the web server lets any size pass
            raise forms.ValidationError(_("The file is larger than %(limit)s bytes.") % {"limit": limit})
        try:
            cleaned["body"] = strict_json.loads(
                upload.read() if upload else cleaned.get("definition", ""), max_bytes=limit
            )
        except DefinitionError as error:
            raise forms.ValidationError(say(str(error))) from error
        if not isinstance(cleaned["body"], dict):
            raise forms.ValidationError(_("The definition must be one JSON object."))
        return cleaned


class CaptureForm(forms.Form):
    message = forms.CharField(label=_("Message"), required=False, max_length=10_000)


class ReasonForm(forms.Form):
    reason = Words(label=_("Reason"), required=False, max_length=2_000)


class RestoreForm(forms.Form):
    """Which version is made anew, and how. `versions` newest first but for the one that stands first; `frozen` asks for more.

    `published`: the id of the published one, which is marked.
    """

    version = forms.TypedChoiceField(label=_("Version"), coerce=int)
    online = forms.ChoiceField(label=_("Workflow"), choices=Online.choices, initial=Online.KEEP)
    schedule = forms.ChoiceField(
        label=_("Schedule"),
        choices=ScheduleChoice.choices,
        initial=ScheduleChoice.KEEP,
        help_text=_("Keep: the schedule that was published last, on if we left it on."),
    )
    reason = Words(label=_("Reason"), max_length=2_000)
    override_freeze = Words(
        label=_("Restore in the freeze, because"),
        required=False,
        max_length=2_000,
        help_text=_("Needs the right to override freezes; it is noted in the audit trail."),
    )

    def __init__(
        self, *args: Any, versions: list[Snapshot], published: int | None, frozen: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        shown = [(row.version, _named(row, is_published=row.pk == published)) for row in versions]
        self.fields["version"].choices = shown  # type: ignore[attr-defined]  # a ChoiceField
        if not frozen:
            del self.fields["override_freeze"]


def _named(version: Snapshot, *, is_published: bool) -> str:
    """Return a line by which a person knows a version again; an option of a select holds no more than text."""
    when = f"{timezone.localtime(version.created_at):%Y-%m-%d %H:%M}"
    message = Truncator(version.message).chars(_SHOWN)
    mark = gettext("published") if is_published else ""
    return " · ".join(part for part in (f"v{version.version}", mark, when, message) if part)


class RebindForm(forms.Form):
    """What a person has looked at. `project`: the id of ours where it was moved."""

    workflow_code = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    dolphin_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    project = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    reason = Words(max_length=2_000)


class GovernForm(forms.Form):
    """A workflow of DolphinScheduler to be taken under governance."""

    workflow_code = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    name = forms.CharField(max_length=200, strip=False)


class FreezeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A freeze window. `scopes` are (value, name) of what the person may freeze; the verb judges the times."""

    scope = forms.ChoiceField(label=_("Where"))

    class Meta:
        model = FreezeWindow
        fields = [
            *("scope", "reason", "starts_at", "ends_at"),
            *("start_weekday", "start_time", "end_weekday", "end_time", "time_zone"),
        ]
        widgets = {
            "reason": forms.TextInput,
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "start_time": forms.TimeInput(attrs={"type": "time"}),
            "end_time": forms.TimeInput(attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, scopes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]  # a ChoiceField
        for name in self.Meta.fields[2:]:
            self.fields[name].required = False
        self.fields["time_zone"].initial = self.zone

    @property
    def zone(self) -> str:
        """The zone in which the moments of a single freeze are read."""
        return timezone.get_current_timezone_name()

    def once(self) -> list[forms.BoundField]:
        return [self[name] for name in ("starts_at", "ends_at")]

    def weekly(self) -> list[forms.BoundField]:
        return [self[name] for name in ("start_weekday", "start_time", "end_weekday", "end_time", "time_zone")]


class QuarantineForm(forms.Form):
    reason = Words(label=_("Reason"), max_length=2_000)
    whole_project = forms.BooleanField(label=_("in the whole project"), required=False)


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("http or https, without user and password. A superuser approves it before anything is sent."),
    )
