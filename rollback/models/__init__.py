"""Tables of rollback: the policy of a project, requests and their approvals, and rollbacks of many at once."""

from rollback.models.batch import RollbackBatch
from rollback.models.item import BatchItem
from rollback.models.policy import RollbackPolicy
from rollback.models.request import RollbackApproval, RollbackRequest

__all__ = ["BatchItem", "RollbackApproval", "RollbackBatch", "RollbackPolicy", "RollbackRequest"]
