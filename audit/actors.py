"""Who acts: a signed-in user, a service account (a user too), or the service itself."""

from typing import Final

from django.contrib.auth.models import User


class System:
    """The service acting on its own, such as the sweep. Passes every permission check, so it is never built from input."""

    username: Final = "system"
    pk: Final = None

    def __str__(self) -> str:
        return self.username


SYSTEM: Final = System()
Actor = User | System


def user_of(actor: Actor) -> User | None:
    """Return the row a foreign key can name, None for the service itself."""
    return actor if isinstance(actor, User) else None
