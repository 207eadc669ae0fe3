"""Comparisons whose secrets are digests: a value looks as the same place does in the masked document."""

from dataclasses import replace
from typing import Any

from definitions.changes import Change, Comparison
from definitions.secrets import Digest, mask, mask_field


def masked(comparison: Comparison, *, digest: Digest) -> Comparison:
    """Return the comparison with secret values as digests; that they changed stays visible. Masking twice changes nothing more."""
    return Comparison(tuple(_masked(change, digest) for change in comparison.changes))


def _masked(change: Change, digest: Digest) -> Change:
    return replace(
        change,
        name=mask(change.name, digest=digest),
        field=mask(change.field, digest=digest),
        path=tuple(mask(step, digest=digest) for step in change.path),
        before=_value(change, change.before, digest),
        after=_value(change, change.after, digest),
    )


def _value(change: Change, value: Any, digest: Digest) -> Any:
    if change.path == ("value",):
        # Its neighbour "prop", which says whether it is a secret, is not in this change. DolphinScheduler has no such field.
        return mask_field(("secret",), value, digest=digest)
    return mask_field(change.path, value, digest=digest)
