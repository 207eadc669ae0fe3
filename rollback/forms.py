"""Forms of rollback's pages. Without JavaScript."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from rollback.choices import Category, Verdict
from rollback.choices_of import Choices
from rollback.models import RollbackPolicy
from rollback.set_policy import FIELDS
from rollback.submit import LONGEST_REASON
from snapshotter.choices import Online, ScheduleChoice

CHOICES: Final = ("online", "schedule", "schedule_state", "with_name", "with_layout")
_STATES: Final = [
    (Online.KEEP, _("as it was left")),
    (Online.ON, _("online")),
    (Online.OFF, _("offline")),
]
_ON_OFF: Final = [(Online.KEEP, _("as it was left")), (Online.ON, _("on")), (Online.OFF, _("off"))]


def _radio(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False, **more)


def _either(label: Any, no: Any, yes: Any) -> forms.ChoiceField:
    return _radio(label, [("no", no), ("yes", yes)])


class RollbackForm(forms.Form):
    """What is chosen and why. A choice that is not given is the default one."""

    online = _radio(_("Afterwards the workflow is"), _STATES)
    schedule = _radio(_("Schedule"), ScheduleChoice.choices)
    schedule_state = _radio(_("and the schedule is"), _ON_OFF)
    with_name = _either(_("Name"), _("keep the present one"), _("this version's"))
    with_layout = _either(_("Positions of the boxes"), _("keep the present ones"), _("this version's"))
    wait_for_runs = forms.BooleanField(
        label=_("Wait until running instances have ended"),
        required=False,
        help_text=_("Else they go on and finish on the version they run."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.BAD_PUBLISH)
    ticket = forms.CharField(label=_("Incident or ticket"), required=False, max_length=190)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It becomes the new version's message and stands in the audit trail."),
        error_messages={"required": _("A rollback needs a reason.")},
    )
    override_freeze = forms.CharField(
        label=_("Roll back in the freeze, because"),
        required=False,
        max_length=2_000,
        help_text=_("Needs the right to override freezes; it is noted in the audit trail."),
    )

    def choices(self) -> Choices:
        """Return what is chosen, the default for what can't be read."""
        return chosen_by({name: self[name].value() for name in CHOICES})

    def acknowledged(self) -> tuple[str, ...]:
        """Return the codes of the findings that are agreed to."""
        given = self.data.getlist("acknowledged") if hasattr(self.data, "getlist") else self.initial.get("agreed", ())
        return tuple(str(code)[:64] for code in given[:100])

    def unjudged(self) -> "RollbackForm":
        """Return the same as it was filled in, without a word about what is missing."""
        values = {name: self[name].value() for name in self.fields}
        return RollbackForm(initial={**values, "agreed": self.acknowledged()})


def chosen_by(given: Mapping[str, Any]) -> Choices:
    """Return the choices that an address or a form gives by name; what it doesn't know is as if it were not there."""
    return Choices(
        online=_one_of(Online, given.get("online")),
        schedule=_one_of(ScheduleChoice, given.get("schedule")),
        schedule_state=_one_of(Online, given.get("schedule_state")),
        with_name=given.get("with_name") == "yes",
        with_layout=given.get("with_layout") != "no",
    )


def initial_of(choices: Choices) -> dict[str, str]:
    """Return the form's values of choices."""
    return {
        "online": choices.online,
        "schedule": choices.schedule,
        "schedule_state": choices.schedule_state,
        "with_name": "yes" if choices.with_name else "no",
        "with_layout": "yes" if choices.with_layout else "no",
    }


def _one_of(kind: Any, value: Any) -> Any:
    return kind(value) if value in kind.values else kind.KEEP


class CommentForm(forms.Form):
    """A few words; `seen` is what they are about, the request's bound hash."""

    comment = forms.CharField(required=False, max_length=2_000)
    seen = forms.CharField(required=False, max_length=64)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(choices=[(row.value, row.label) for row in (Verdict.RIGHT, Verdict.WRONG)])
    text = forms.CharField(max_length=2_000)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """The rules of approval of a project."""

    approver_groups = forms.MultipleChoiceField(
        label=_("Groups whose members may approve"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody who has the right to approve."),
    )

    class Meta:
        model = RollbackPolicy
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Group.objects.order_by("name").values_list("name", "name")
        self.fields["approver_groups"].choices = list(names)  # type: ignore[attr-defined]  # a ChoiceField
