"""What a version is made of, in store: hashes, and the ids of positions and schedule."""

from dataclasses import dataclass

from definitions.canonical import Canonical
from snapshotter import store
from snapshotter.models import Snapshot

UNKNOWN_SCHEDULE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """As the fields of Snapshot; `schedule_hash` "" and `schedule_id` None where nobody knows the schedule yet."""

    scheme: str
    content_hash: str
    label: str
    label_hash: str
    layout_hash: str
    layout_id: int
    schedule_hash: str
    schedule_id: int | None


def stored(canonical: Canonical, schedule_json: bytes | None) -> Pieces:
    """Store what is not there yet; None: the schedule is not known. Call inside a transaction."""
    store.put_content(canonical)
    schedule_hash = store.sha256(schedule_json) if schedule_json is not None else UNKNOWN_SCHEDULE
    ids = store.put_blobs([canonical.layout_json, *([schedule_json] if schedule_json is not None else [])])
    return Pieces(
        scheme=canonical.scheme,
        content_hash=canonical.content_hash,
        label=canonical.document.name,
        label_hash=canonical.label_hash,
        layout_hash=canonical.layout_hash,
        layout_id=ids[canonical.layout_hash],
        schedule_hash=schedule_hash,
        schedule_id=ids.get(schedule_hash),
    )


def held_by(version: Snapshot) -> Pieces:
    """Return those of a version. They are not read here: whoever rebuilds the definition checks them."""
    return Pieces(
        scheme=version.scheme,
        content_hash=version.content_hash,
        label=version.label,
        label_hash=version.label_hash,
        layout_hash=version.layout_hash,
        layout_id=version.layout_id,
        schedule_hash=version.schedule_hash,
        schedule_id=version.schedule_id,
    )
