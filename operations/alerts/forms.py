"""Forms of the alert pages. Without JavaScript."""

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Project
from operations.alerts.choices import ChannelKind, Kind
from operations.alerts.models import AlertChannel, AlertRule
from operations.alerts.rule_values import FIELDS

EVERYWHERE: Final = ""


class ChannelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=ChannelKind.choices)
    address = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Of a robot the whole address its group shows, of a webhook where it listens, of mail the addresses with commas."
            " It is kept encrypted and not shown again."
        ),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Of a DingTalk or Feishu robot that asks for signatures. A webhook's is made here and shown once."),
    )


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """`projects` are those the person may make rules for, None where the rule's own stays; the verb judges the values."""

    project = forms.ChoiceField(label=_("Project"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("What is told"),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everything."),
    )

    class Meta:
        model = AlertRule
        fields = FIELDS
        labels: Final = {
            "high_passes": _("what is grave is told in the quiet hours too"),
            "enabled": _("the rule is on"),
        }
        help_texts: Final = {
            "quiet_to": _("What comes in the quiet hours is told in one message when they end."),
            "time_zone": _("Of the quiet hours and of the times in messages, such as Asia/Shanghai."),
        }
        widgets: Final = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    field_order = ("name", "project", *FIELDS[1:])

    def __init__(
        self, *args: Any, projects: list[Project] | None = None, everywhere: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        channels: Any = self.fields["channel"]
        channels.queryset = AlertChannel.objects.in_use().order_by("name", "id")
        if projects is None:
            del self.fields["project"]
        else:
            first = [(EVERYWHERE, _("all projects, and what belongs to none"))] if everywhere else []
            self.fields["project"].choices = [*first, *((str(row.pk), str(row)) for row in projects)]  # type: ignore[attr-defined]
            self.fields["time_zone"].initial = timezone.get_current_timezone_name()

    def _post_clean(self) -> None:
        """The verb judges and writes; nothing is put on the row here."""

    def values(self) -> dict[str, Any]:
        """Return what the verbs take."""
        return {name: self.cleaned_data[name] for name in FIELDS}
