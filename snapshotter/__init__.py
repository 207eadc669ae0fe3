"""Snapshots of workflow definitions, and the acts that make them: publish, capture, sync.

Enters: a publish request or a live definition. Leaves: an immutable snapshot, and DolphinScheduler brought to it with proof.
`versions`, `rollback`, `drift` and `operations` may import it.
"""
