"""What is not shown unless asked for. Page, API, commands and exports all ask here.

What is no content at all (ids, versions, times, order of keys, spellings) never reaches a comparison: canonical form drops it
(`fields.py`). What is left is content that seldom matters: where the boxes stand.
"""

from typing import Final

from definitions.changes import Comparison, Kind

LAYOUT: Final = frozenset({Kind.LAYOUT_CHANGED})


def split(comparison: Comparison, *, with_layout: bool) -> tuple[Comparison, Comparison]:
    """Return what is shown and what is hidden, each in order."""
    hidden = frozenset() if with_layout else LAYOUT
    return (
        Comparison(tuple(change for change in comparison.changes if change.kind not in hidden)),
        Comparison(tuple(change for change in comparison.changes if change.kind in hidden)),
    )
