"""The sign-in form: Django's, which also says why somebody is not let in though no password was wrong."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from catalog.sign_in.errors import DirectoryUnavailable, SignInRefused


class SignInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (DirectoryUnavailable, SignInRefused) as error:
            raise ValidationError(str(error), code=error.code) from error
