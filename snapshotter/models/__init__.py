"""Tables of snapshots, their content, and the syncs that publish them."""

from snapshotter.models.alias import FormerCode, TaskAlias
from snapshotter.models.content import DefinitionBlob, DefinitionContent
from snapshotter.models.fire import MissedFire
from snapshotter.models.gates import ContentQuarantine, FreezeWindow
from snapshotter.models.idempotency import IdempotencyKey
from snapshotter.models.lineage import ContentLineage, LineageBody, LineageDamaged, LineageTable
from snapshotter.models.reference import ContentReference
from snapshotter.models.snapshot import Snapshot
from snapshotter.models.state import WorkflowState
from snapshotter.models.sync import Sync, SyncStep
from snapshotter.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ContentLineage",
    "ContentQuarantine",
    "ContentReference",
    "DefinitionBlob",
    "DefinitionContent",
    "FormerCode",
    "FreezeWindow",
    "IdempotencyKey",
    "LineageBody",
    "LineageDamaged",
    "LineageTable",
    "MissedFire",
    "Snapshot",
    "Sync",
    "SyncStep",
    "TaskAlias",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkflowState",
]
