"""Forms of instances and projects."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.addresses import check_address
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

    class Meta:
        model = Instance
        fields = ["name", "base_url", "accepts_unproven", "enabled"]
        widgets = {"base_url": forms.URLInput(attrs={"class": "vURLField"})}

    def clean_base_url(self) -> str:
        url = str(self.cleaned_data["base_url"]).rstrip("/")
        check_address(url)
        return url

    def clean(self) -> dict[str, Any]:
        """A token goes only to the server it was entered for: another host needs it entered again."""
        cleaned = super().clean() or {}
        before, after = urlsplit(self.instance.base_url), urlsplit(cleaned.get("base_url", ""))
        moved = (before.scheme, before.netloc) != (after.scheme, after.netloc)
        if self.instance.pk and after.netloc and moved and not cleaned.get("token"):
            self.add_error("token", _("Enter the token again: the address names another server."))
        return cleaned

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
