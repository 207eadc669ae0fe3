"""Forms of instances and projects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.choices import Mode
from catalog.models import Instance
from catalog.secrets_at_rest import encrypt
from catalog.service_accounts import MAX_DAYS, ROLES


class InstanceForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """The token goes in and never comes out."""

    token = forms.CharField(
        label=_("Token"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "An access token of a DolphinScheduler user. Kept encrypted, never shown; leave empty to keep the present one."
        ),
    )

    base_url = forms.URLField(
        label=Instance._meta.get_field("base_url").verbose_name,
        max_length=255,
        assume_scheme="https",
        help_text=Instance._meta.get_field("base_url").help_text,
    )

    class Meta:
        model = Instance
        fields = ["name", "base_url", "accepts_unproven", "enabled"]

    def clean_base_url(self) -> str:
        return str(self.cleaned_data["base_url"]).rstrip("/")

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not token and not self.instance.token_encrypted:
            raise forms.ValidationError(_("A token is needed."))
        if not token.isascii():
            raise forms.ValidationError(_("A token has plain letters and digits only."))
        return token

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data["token"]:
            self.instance.token_encrypted = encrypt(self.cleaned_data["token"])
            self.instance.paused_because = ""
        return super().save(commit)


class GovernForm(forms.Form):
    code = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    name = forms.CharField(max_length=100)
    mode = forms.ChoiceField(choices=Mode.choices)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=61, help_text=_("Small letters, digits and '-'; the account is svc-NAME.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role, role) for role in ROLES], initial="publish")
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=MAX_DAYS, initial=90)
