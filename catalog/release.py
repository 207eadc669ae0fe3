"""Whether this release and the database fit: the migrations that are applied, beside those that this release knows.

While a release is rolled out, processes of the old one run beside those of the new. Who does not fit takes nothing on: it would not know
what the other has written. Asked after a row's id is known and before the row is claimed: a row of the other release is younger than its
migrations, so whoever could meet one has seen them by then.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from catalog.errors import ReleaseMismatch


@dataclass(frozen=True, slots=True)
class Fit:
    """Migrations as `app.name`. `missing`: known here, not applied; `unknown`: applied by a newer release, not known here."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.unknown)

    def __str__(self) -> str:
        if self.unknown:
            return f"the database is of a newer release ({len(self.unknown)} migrations)"
        return f"the database is of an older release ({len(self.missing)} migrations)" if self.missing else "fits"


def fit() -> Fit:
    """Compare. One small query; raises DatabaseError where the database does not answer."""
    former, known, ours = _known()
    applied = _applied()
    missing = {one for one in former.keys() - applied if not former[one] or former[one] - applied}
    unknown = {one for one in applied - known if one.partition(".")[0] in ours}
    return Fit(tuple(sorted(missing)), tuple(sorted(unknown)))


def fits() -> bool:
    """Whether this process may take something on."""
    return fit().is_right


def require_fit() -> None:
    """Raise ReleaseMismatch unless this process may take something on: for commands."""
    found = fit()
    if not found.is_right:
        raise ReleaseMismatch(missing=list(found.missing), unknown=list(found.unknown))


@cache
def _known() -> tuple[dict[str, frozenset[str]], frozenset[str], frozenset[str]]:
    """Return ({migration of any app: those it was squashed from}, all of both, our own apps). They are files: once a process."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = loader.disk_migrations
    former = {_name(key): frozenset(map(_name, one.replaces)) for key, one in found.items()}
    # A package that squashes its migrations leaves rows behind that no file knows: only ours are believed to be of another release.
    ours = {one.label for one in apps.get_app_configs() if Path(one.path).resolve().parent == settings.BASE_DIR}
    return former, frozenset(former).union(*former.values()), frozenset(ours)


def _applied() -> set[str]:
    try:
        return set(map(_name, MigrationRecorder.Migration.objects.values_list("app", "name")))
    except DatabaseError:
        if MigrationRecorder(connection).has_table():
            raise
        return set()  # nothing was ever migrated


def _name(key: tuple[str, str]) -> str:
    return f"{key[0]}.{key[1]}"
