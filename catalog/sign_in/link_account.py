"""Link an account that is there already with whoever bears its name in a directory or sign-in service."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.record import record
from catalog.errors import InvalidRequest, NotFound
from catalog.permissions import require_superuser
from catalog.sign_in.choices import Source
from catalog.sign_in.models import Identity
from catalog.sign_in.names import is_ours


def link_account(name: str, *, source: Source, actor: Actor) -> User:
    """The next one whom the source vouches for under this name gets the account, rights and all; its own password ends.

    Within WAITS: afterwards it must be linked again.

    Also where it was linked before: such as after the person's entry was made anew. Raises NotFound, InvalidRequest, NotAllowed.
    """
    account = User.objects.filter(username=name).first()
    if account is None:
        raise NotFound(_("There is no account of this name."))
    require_superuser(actor, event="account.link_refused", target=account)
    if is_ours(name):
        raise InvalidRequest(_("A service account never signs in."), field="name")
    with transaction.atomic():
        waits = {"issuer": "", "subject": None, "created_at": timezone.now()}
        Identity.objects.update_or_create(user=account, source=source, defaults=waits)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        record("account.linked", actor=actor, target=account, reason=f"{source}: the next sign-in by this name")
    return account
